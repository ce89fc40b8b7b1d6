import FTP
import Storage
import Testing

@testable import TLS

/// An issuer that was accepted for one host.
@Suite("A trusted issuer")
struct IssuerTrustTests {
  static let host = "files.example.org"
  let fixture: Fixture
  let trust: TrustStore
  let issuer: Identity

  init() throws {
    fixture = try Fixture()
    trust = fixture.database.trust
    issuer = try Self.authority("Example Issuing", at: fixture.clock.now)
  }

  private static func authority(_ name: String, at now: Int64) throws -> Identity {
    let key = try PrivateKey.generate(.ecP256)
    let template = CertificateTemplate(
      commonName: name, notBefore: now - 86_400, notAfter: now + 86_400 * 1000,
      basicConstraints: "critical,CA:TRUE", keyUsage: "critical,keyCertSign")
    return try Identity(chain: [template.signed(for: key)], key: key)
  }

  private func issue(_ name: String = Self.host, by issuer: Identity? = nil, days: Int64 = 30) throws -> Certificate {
    let now = fixture.clock.now
    return try CertificateTemplate(
      commonName: name, names: [name], notBefore: now - 60, notAfter: now + days * 86_400,
      extendedKeyUsage: "serverAuth"
    ).signed(for: .generate(.ecP256), by: issuer ?? self.issuer)
  }

  private func verdict(_ chain: [Certificate], host: String = Self.host, port: Int = 21) throws -> TrustVerdict {
    try trust.verdict(host: host, port: port, mode: .explicit, chain: chain)
  }

  private func accept(_ leaf: Certificate) throws -> TrustedCertificate {
    try trust.remember(
      host: Self.host, port: 21, mode: .explicit, chain: [leaf, issuer.chain[0]], kind: .issuer)
  }

  @Test("whatever it signed for the host is trusted, with or without its own certificate in the chain")
  func trusted() throws {
    let kept = try accept(issue())
    let renewed = try issue()
    #expect(try verdict([renewed, issuer.chain[0]]) == .trusted(kept))
    #expect(try verdict([renewed]) == .trusted(kept))
  }

  @Test("for this host, port and mode only, and not for what it signed for other hosts")
  func scope() throws {
    let kept = try accept(issue())
    #expect(try verdict([issue("other.example.org")]) == .changed(previous: [kept]))
    #expect(try verdict([issue("other.example.org")], host: "other.example.org") == .unknown)
    #expect(try verdict([issue()], port: 990) == .unknown)
  }

  @Test("neither another issuer of the same name nor a forged signature is trusted")
  func forged() throws {
    let kept = try accept(issue())
    let impostor = try Self.authority("Example Issuing", at: fixture.clock.now)
    #expect(try verdict([issue(by: impostor), impostor.chain[0]]) == .changed(previous: [kept]))
    #expect(try verdict([issue(by: impostor), issuer.chain[0]]) == .changed(previous: [kept]))
    var der = try issue().der
    der[der.count - 5] ^= 1
    #expect(try verdict([Certificate(der: der), issuer.chain[0]]) == .changed(previous: [kept]))
  }

  @Test("what it signed is trusted as long as it is in date")
  func dates() throws {
    let leaf = try issue(days: 2)
    let kept = try accept(leaf)
    #expect(try verdict([leaf]) == .trusted(kept))
    fixture.clock.advance(3 * 86_400)
    #expect(try verdict([leaf]) == .changed(previous: [kept]))
  }

  @Test("a renewal takes the place of the certificate that was shown before, the issuer stays")
  func touch() throws {
    let kept = try accept(issue())
    let renewed = try issue()
    let junk = try Self.authority("Junk", at: fixture.clock.now).chain[0]
    try trust.touch(kept, chain: [renewed, junk, issuer.chain[0]])
    let now = try #require(try trust.list().first)
    #expect(now.certificate == renewed && now.pin == kept.pin)
    #expect(now.issuers == [issuer.chain[0], junk])
    #expect(try verdict([issue()]) == .trusted(now))
  }

  @Test("a row whose issuer was exchanged is no trust, and makes nobody a new server")
  func spoilt() throws {
    let leaf = try issue()
    _ = try accept(leaf)
    fixture.database.close()
    try fixture.run(sql: "UPDATE trusted SET pin = zeroblob(32)")
    #expect(throws: StorageError.self) { try verdict([leaf]) }
  }
}
