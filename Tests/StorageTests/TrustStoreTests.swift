import FTP
import Storage
import TLS
import TestSupport
import Testing

/// What is trusted, and for whom: one host, port and mode (threat C01).
@Suite("The trust store")
struct TrustStoreTests {
  let fixture: Fixture
  let trust: TrustStore
  let certificate: Certificate
  let other: Certificate

  init() throws {
    fixture = try Fixture()
    trust = fixture.database.trust
    certificate = try selfSigned("files.example.org")
    other = try selfSigned("files.example.org")
  }

  private func verdict(
    _ chain: [Certificate], host: String = "files.example.org", port: Int = 21, mode: TLSMode = .explicit
  ) throws -> TrustVerdict {
    try trust.verdict(host: host, port: port, mode: mode, chain: chain)
  }

  @discardableResult
  private func remember(
    _ certificate: Certificate, host: String = "files.example.org", kind: TrustedCertificate.Kind = .certificate,
    note: String = ""
  ) throws -> TrustedCertificate {
    try trust.remember(host: host, port: 21, mode: .explicit, chain: [certificate], kind: kind, note: note)
  }

  @Test("nothing is trusted at first")
  func unknown() throws {
    #expect(try verdict([certificate]) == .unknown)
    #expect(try verdict([]) == .unknown)
    #expect(try trust.list().isEmpty)
  }

  @Test("a certificate is accepted by itself or by its key, for its host, port and mode, until that is taken back")
  func accepted() throws {
    func accepts(_ leaf: Certificate, port: Int = 21, mode: TLSMode = .explicit) throws -> Bool {
      try trust.accepts(leaf, host: "Files.Example.ORG.", port: port, mode: mode)
    }
    #expect(try !accepts(certificate))
    let kept = try remember(certificate)
    #expect(try accepts(certificate))
    #expect(try !accepts(other))
    #expect(try !accepts(certificate, port: 990))
    #expect(try !accepts(certificate, mode: .implicit))
    try remember(other, kind: .key)
    #expect(try accepts(other))
    try fixture.another().trust.remove(kept.id)
    #expect(try !accepts(certificate))
    #expect(try accepts(other))
  }

  @Test("what is remembered is trusted, also by a copy that has been running, and after a restart")
  func remembered() throws {
    let running = fixture.another()
    #expect(
      try running.trust.verdict(host: "files.example.org", port: 21, mode: .explicit, chain: [certificate]) == .unknown)
    let kept = try trust.remember(
      host: "files.example.org", port: 21, mode: .explicit, chain: [certificate, other], note: "told by phone")
    #expect(kept.certificate == certificate && kept.issuers == [other] && kept.pin == certificate.sha256)
    #expect(kept.note == "told by phone" && kept.firstSeen == fixture.clock.now && kept.lastUsed == nil)
    #expect(try verdict([certificate]) == .trusted(kept))
    #expect(
      try running.trust.verdict(host: "files.example.org", port: 21, mode: .explicit, chain: [certificate])
        == .trusted(kept))
    fixture.database.close()
    running.close()
    #expect(try verdict([certificate]) == .trusted(kept))
  }

  @Test(
    "trust is for one host, one port and one mode",
    arguments: [
      ("files.example.org", 990, TLSMode.explicit), ("files.example.org", 21, .implicit),
      ("files.example.com", 21, .explicit), ("example.org", 21, .explicit), ("a.files.example.org", 21, .explicit),
      ("files.example.org", 21, .plaintext),
    ])
  func scope(host: String, port: Int, mode: TLSMode) throws {
    try remember(certificate)
    #expect(try verdict([certificate], host: host, port: port, mode: mode) == .unknown)
  }

  @Test(
    "one host is one host however it is written",
    arguments: [
      ("files.example.org", "FILES.Example.ORG."), ("[::1]", "::1"), ("bücher.example", "xn--bcher-kva.example"),
      ("FE80::1", "fe80::1"), ("Bücher.example.", "BÜCHER.example"),
    ])
  func spelling(one: String, same: String) throws {
    let kept = try remember(certificate, host: one)
    #expect(try verdict([certificate], host: same) == .trusted(kept))
    #expect(try verdict([certificate], host: kept.host) == .trusted(kept))
  }

  @Test("what can be no host is refused", arguments: ["", "a b", "a..b", "a\0b"])
  func invalidHost(host: String) throws {
    #expect(throws: StorageError.invalidHost(host)) { try remember(certificate, host: host) }
    #expect(throws: StorageError.invalidHost(host)) { try verdict([certificate], host: host) }
  }

  @Test("another certificate is a change, not an unknown one, and tells the old ones")
  func changed() throws {
    let kept = try remember(certificate)
    #expect(try verdict([other]) == .changed(previous: [kept]))
    #expect(try verdict([]) == .changed(previous: [kept]))
    // Only the leaf counts: the trusted one further up in the chain says nothing.
    #expect(try verdict([other, certificate]) == .changed(previous: [kept]))
  }

  @Test("several certificates of one host are trusted beside each other")
  func several() throws {
    let first = try remember(certificate)
    let second = try remember(other)
    #expect(try verdict([certificate]) == .trusted(first))
    #expect(try verdict([other]) == .trusted(second))
    let third = try selfSigned("x")
    #expect(try verdict([third]) == .changed(previous: [first, second]))
    #expect(try trust.list(host: "FILES.example.org", port: 21, mode: .explicit) == [first, second])
  }

  @Test("remembered again, it keeps its first date and its note")
  func again() throws {
    let first = try remember(certificate, note: "mine")
    fixture.clock.advance(100)
    let second = try remember(certificate)
    #expect(second.id == first.id && second.firstSeen == first.firstSeen && second.note == "mine")
    #expect(second.lastSeen == first.lastSeen + 100)
    #expect(try trust.list() == [second])
  }

  @Test("an accepted change replaces what was shown as old, and nothing that another copy accepted meanwhile")
  func replace() throws {
    let old = try remember(certificate)
    let meanwhile = try selfSigned("meanwhile")
    try fixture.another().trust.remember(host: "files.example.org", port: 21, mode: .explicit, chain: [meanwhile])
    let new = try trust.replace([old], host: "files.example.org", port: 21, mode: .explicit, chain: [other])
    #expect(try verdict([other]) == .trusted(new))
    #expect(try trust.list().map(\.certificate) == [meanwhile, other])
    guard case .changed = try verdict([certificate]) else {
      Issue.record("the old certificate is still trusted")
      return
    }
  }

  @Test("a replacement by the same certificate loses nothing")
  func replaceBySame() throws {
    let old = try remember(certificate, note: "kept")
    let new = try trust.replace([old], host: "files.example.org", port: 21, mode: .explicit, chain: [certificate])
    #expect(new.id == old.id && new.note == "kept")
  }

  @Test("a trusted key survives a renewal of its certificate, but not another key")
  func key() throws {
    let key = try PrivateKey.generate(.ecP256)
    let kept = try remember(try selfSigned("a", key: key), kind: .key)
    #expect(try verdict([try selfSigned("a", key: key)]) == .trusted(kept))
    #expect(try verdict([certificate]) == .changed(previous: [kept]))
  }

  @Test("a renewal with the trusted key takes the place of the old certificate, and stays proved")
  func renewedKey() throws {
    let key = try PrivateKey.generate(.ecP256)
    let kept = try remember(try selfSigned("a", key: key), kind: .key)
    let renewed = try selfSigned("a", key: key)
    fixture.clock.advance(10)
    try trust.touch(kept, chain: [renewed])
    let now = try #require(try trust.list().first)
    #expect(now.certificate == renewed && now.pin == kept.pin && now.firstSeen == kept.firstSeen)
    #expect(now.lastUsed == fixture.clock.now)
    #expect(try verdict([renewed]) == .trusted(now))
  }

  @Test("a certificate that is not the issuer's, but was kept as such, makes nothing trusted")
  func noIssuer() throws {
    let kept = try trust.remember(
      host: "files.example.org", port: 21, mode: .explicit, chain: [certificate, other], kind: .issuer)
    #expect(kept.pin == other.sha256)
    #expect(try verdict([certificate, other]) == .changed(previous: [kept]))
    // Nor does the issuer's own certificate, shown as the server's.
    #expect(try verdict([other]) == .changed(previous: [kept]))
  }

  @Test("removed, it is unknown again, for all copies")
  func remove() throws {
    let kept = try remember(certificate)
    let running = fixture.another()
    #expect(try running.trust.remove(kept.id))
    #expect(try verdict([certificate]) == .unknown)
    #expect(try !trust.remove(kept.id))
  }

  @Test("the last use is noted, at most once a minute")
  func touch() throws {
    var kept = try remember(certificate)
    fixture.clock.advance(10)
    try trust.touch(kept)
    kept = try #require(try trust.list().first)
    #expect(kept.lastUsed == fixture.clock.now && kept.lastSeen == fixture.clock.now)
    fixture.clock.advance(59)
    try trust.touch(kept)
    #expect(try trust.list() == [kept])
    fixture.clock.advance(1)
    try trust.touch(kept)
    #expect(try trust.list().first?.lastUsed == fixture.clock.now)
  }

  @Test("the note can be changed")
  func note() throws {
    let kept = try remember(certificate)
    #expect(try trust.setNote("Ada's box", of: kept.id))
    #expect(try trust.list().first?.note == "Ada's box")
    #expect(try !trust.setNote("x", of: kept.id + 1))
  }

  @Test("a person finds it by host, by host and port, and by the start of the fingerprint")
  func find() throws {
    let kept = try remember(certificate)
    let six = try trust.remember(host: "::1", port: 2121, mode: .implicit, chain: [other])
    let fingerprint = certificate.sha256.description
    for word in [
      "files.example.org", "Files.Example.org.", "files.example.org:21", fingerprint, fingerprint.lowercased(),
    ]
      + [String(fingerprint.prefix(7 + 8)), String(fingerprint.dropFirst(7).filter { $0 != ":" }.prefix(4))]
    {
      #expect(try trust.find(word) == [kept], "\(word)")
    }
    #expect(try trust.find("[::1]:2121") == [six])
    #expect(try trust.find("::1") == [six])
    for word in ["", "files", "files.example.org:990", "SHA256:", String(fingerprint.dropFirst(7).prefix(2))] {
      #expect(try trust.find(word).isEmpty, "\(word)")
    }
  }

  @Test(
    "a row that does not prove itself is no trust, and its server is no new one, until it is removed",
    arguments: [
      "UPDATE trusted SET pin = zeroblob(32)", "UPDATE trusted SET certificate = x'3000'",
      "UPDATE trusted SET certificate = substr(certificate, 1, length(certificate) - 1)",
      "UPDATE trusted SET kind = 'anything'", "UPDATE trusted SET kind = 'key'", "UPDATE trusted SET chain = x'00'",
      "UPDATE trusted SET pin = x''", "UPDATE trusted SET mode = 'none'",
    ])
  func spoilt(sql: String) throws {
    try remember(certificate)
    fixture.database.close()
    try fixture.run(sql: sql)
    let damage = StorageError.spoiltTrust(host: "files.example.org", port: 21)
    for chain in [[certificate], [other], []] { #expect(throws: damage) { try verdict(chain) } }
    #expect(try verdict([certificate], port: 22) == .unknown)
    #expect(try verdict([certificate], host: "other.example.org") == .unknown)
    #expect(try trust.list().isEmpty)
    #expect(try trust.removeSpoilt("other.example.org") == 0)
    #expect(try trust.removeSpoilt("files.example.org:22") == 0)
    #expect(throws: damage) { try verdict([certificate]) }
    #expect(try trust.removeSpoilt("files.example.org") == 1)
    #expect(try verdict([certificate]) == .unknown)
  }

  @Test("what is whole beside a damaged row is trusted still, and stays when that one is removed")
  func spoiltBeside() throws {
    let kept = try remember(certificate)
    try remember(other)
    fixture.database.close()
    try fixture.run(sql: "UPDATE trusted SET pin = zeroblob(32) WHERE id <> \(kept.id)")
    #expect(try verdict([certificate]) == .trusted(kept))
    #expect(throws: StorageError.spoiltTrust(host: "files.example.org", port: 21)) { try verdict([other]) }
    #expect(try trust.removeSpoilt("files.example.org:21") == 1)
    #expect(try verdict([other]) == .changed(previous: [kept]))
  }
}
