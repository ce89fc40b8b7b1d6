import FTP
import Glibc
import Storage
import SystemPackage
import TLS
import TestSupport
import Testing

@Suite("Client certificates on the disk")
struct IdentityStoreTests {
  let folder: TemporaryFolder
  let home: Home
  let store: IdentityStore

  init() throws {
    folder = try TemporaryFolder("identities")
    home = Home(folder: folder.path)
    store = IdentityStore(home)
  }

  private func file(_ name: String) -> FilePath { folder.appending("identities/" + name) }

  private func selfSigned(_ key: PrivateKey, days: Int = 30) throws -> Certificate {
    try SelfSignedCertificate.make(key: key, commonName: "ada", days: days, purpose: .client)
  }

  @discardableResult
  private func add(_ name: String = "work", passphrase: String? = "grün & geheim", days: Int = 90) throws -> PrivateKey
  {
    let key = try PrivateKey.generate(.ecP256)
    let request = try CertificateRequest.make(key: key, subject: DistinguishedName(commonName: "ada"))
    try store.add(
      name, key: key, chain: [selfSigned(key, days: days)], request: request, passphrase: passphrase.map { Secret($0) })
    return key
  }

  @Test("what is kept comes back, for the owner alone, and only with the passphrase")
  func roundTrip() throws {
    #expect(try store.names().isEmpty && !FileTree.names(in: folder.path).contains("identities"))
    let key = try add()
    #expect(
      try FileTree.names(in: file("work")).map(\.string).sorted() == ["certificate.pem", "key.pem", "request.pem"])
    for name in ["", "work", "work/key.pem", "work/certificate.pem", "work/request.pem"] {
      #expect((permissions(file(name)) ?? 0o777) & 0o077 == 0, "\(name)")
    }
    let stored = try store.find("work")
    #expect(
      stored.isEncrypted && stored.isSelfSigned && stored.previous == nil
        && (89...90).contains(stored.daysLeft(at: store.now)))
    #expect(stored.request?.publicKeySHA256 == key.publicKeySHA256)
    #expect(try store.load("work", passphrase: Secret("grün & geheim")).key.publicKeySHA256 == key.publicKeySHA256)
    #expect(throws: StorageError.passphraseNeeded("work")) { try store.load("work", passphrase: nil) }
    for wrong in ["", "geheim"] {
      #expect(throws: StorageError.wrongPassphrase("work")) { try store.load("work", passphrase: Secret(wrong)) }
    }
    #expect(throws: StorageError.identityTaken("work")) { try add() }
    #expect(throws: StorageError.identityMissing("home")) { try store.find("home") }
    try add("plain", passphrase: nil)
    #expect(try !store.find("plain").isEncrypted)
    _ = try store.load("plain", passphrase: nil)
    #expect(try store.names() == ["plain", "work"])
    try store.remove("work")
    #expect(try store.names() == ["plain"] && FileTree.names(in: file("")).map(\.string) == ["plain"])
    #expect(throws: StorageError.identityMissing("work")) { try store.remove("work") }
  }

  @Test(
    "names that are no sane single component of a path are refused",
    arguments: [
      "", ".", "..", "a/b", "../x", ".hidden", "-x", " x", "x ", "a\0b", "a\nb", "\u{202E}x", "a\u{1B}c", "a*",
    ])
  func names(name: String) throws {
    #expect(IdentityName.problem(with: name) != nil)
    #expect(throws: StorageError.self) { try add(name) }
    #expect(throws: StorageError.self) { try store.find(name) }
    #expect(throws: StorageError.self) { try store.remove(name) }
    #expect(IdentityName.problem(with: String(repeating: "x", count: 65)) != nil)
    #expect(IdentityName.problem(with: "Ada @ Müller_2.0+x") == nil)
  }

  @Test("a key that others can read is refused with what to do, and the folder is closed to them again")
  func permissionsChecked() throws {
    try add()
    #expect(chmod(file("work/key.pem").string, 0o640) == 0)
    #expect(throws: StorageError.openToOthers(file("work/key.pem"), isFolder: false)) {
      try store.load("work", passphrase: Secret("grün & geheim"))
    }
    #expect("\(StorageError.openToOthers(file("work/key.pem"), isFolder: false))".contains("chmod 600"))
    #expect(chmod(file("work/key.pem").string, 0o600) == 0)
    #expect(chmod(file("work").string, 0o755) == 0 && chmod(file("").string, 0o755) == 0)
    _ = try store.load("work", passphrase: Secret("grün & geheim"))
    #expect(permissions(file("work")) == 0o700 && permissions(file("")) == 0o700)
  }

  @Test("a replaced certificate is kept until the new one was used, and can come back until then")
  func replacing() throws {
    let key = try add()
    let first = try store.find("work").certificate
    let (second, third) = (try selfSigned(key), try selfSigned(key))
    let issuer = try selfSigned(.generate(.ecP256))
    try store.replaceCertificate(of: "work", by: [second, issuer])
    #expect(try store.find("work").chain == [second, issuer] && store.find("work").previous == first)
    // One that was never used does not push out the one that was.
    try store.replaceCertificate(of: "work", by: [third])
    #expect(try store.find("work").previous == first)
    try store.wasUsed("work", second)
    #expect(try store.find("work").previous == first)
    try store.restorePrevious(of: "work")
    #expect(try store.find("work").certificate == first && store.find("work").previous == nil)
    #expect(throws: StorageError.noPrevious("work")) { try store.restorePrevious(of: "work") }
    try store.replaceCertificate(of: "work", by: [second])
    try store.wasUsed("work", second)
    #expect(try store.find("work").previous == nil)
    #expect(try !FileTree.names(in: file("work")).map(\.string).contains("previous.pem"))
  }

  @Test("a certificate that is for another key, out of date or not for clients changes nothing")
  func unfit() throws {
    let key = try add()
    let before = try store.find("work")
    func refusal(_ certificate: Certificate, clock: Int64 = 0) -> StorageError? {
      do throws(StorageError) {
        let now = store.now + clock
        try IdentityStore(home, clock: { now }).replaceCertificate(of: "work", by: [certificate])
        return nil
      } catch { return error }
    }
    #expect(refusal(try selfSigned(.generate(.ecP256))) == .identityUnfit("work", .keyMismatch))
    let server = try SelfSignedCertificate.make(key: key, commonName: "ada", days: 3, purpose: .server)
    #expect(
      refusal(server) == .identityUnfit("work", .notForClients(usages: ["TLS Web Server Authentication"])))
    let good = try selfSigned(key, days: 3)
    #expect(refusal(good, clock: 4 * 86400) == .identityUnfit("work", .expired(at: good.details.notAfter)))
    #expect(refusal(good, clock: -86400) == .identityUnfit("work", .notYetValid(from: good.details.notBefore)))
    #expect(try store.find("work") == before)
    // And one that has expired on the disk is not shown, with one sentence, before a passphrase is asked for.
    let late = store.now + 100 * 86400
    #expect(throws: StorageError.identityUnfit("work", .expired(at: before.certificate.details.notAfter))) {
      try IdentityStore(home, clock: { late }).load("work", passphrase: nil)
    }
  }

  @Test("a certificate of another key, and broken files, are said to be what they are")
  func damage() throws {
    try add(passphrase: nil)
    try add("other", passphrase: nil)
    try PrivateFile.write(
      try #require(try PrivateFile.read(file("other/certificate.pem"))), to: file("work/certificate.pem"))
    #expect(throws: StorageError.identityUnfit("work", .keyMismatch)) { try store.load("work", passphrase: nil) }
    try PrivateFile.write(Array("hello".utf8), to: file("work/certificate.pem"))
    #expect(throws: StorageError.identityFile(file("work/certificate.pem"), .malformed("PEM certificate"))) {
      try store.find("work")
    }
    try PrivateFile.write(Array("hello".utf8), to: file("other/key.pem"))
    #expect(throws: StorageError.identityFile(file("other/key.pem"), .malformed("private key"))) {
      try store.load("other", passphrase: nil)
    }
    let list = try store.list()
    #expect(list.map(\.name) == ["other", "work"])
    if case .failure = list[1].result {} else { Issue.record("a broken one is listed as if it were whole") }
  }

  @Test("a new passphrase replaces the old one, and an empty one leaves none")
  func passphrases() throws {
    let key = try add()
    try store.setPassphrase(Secret("new"), of: "work", key: key)
    #expect(throws: StorageError.wrongPassphrase("work")) {
      try store.load("work", passphrase: Secret("grün & geheim"))
    }
    _ = try store.load("work", passphrase: Secret("new"))
    #expect(throws: StorageError.identityUnfit("work", .keyMismatch)) {
      try store.setPassphrase(nil, of: "work", key: .generate(.ecP256))
    }
    try store.setPassphrase(nil, of: "work", key: key)
    #expect(try !store.find("work").isEncrypted)
  }

  @Test("reminders come in the last month, or in the last quarter of a short life")
  func reminders() throws {
    try add(days: 100)
    let stored = try store.find("work")
    func reminder(_ days: Int64) -> String? { stored.reminder(at: store.now + days * 86400 + 43_200)?.description }
    #expect(reminder(0) == nil && reminder(73) == nil)
    #expect(reminder(76) == "The certificate expires in 23 days.")
    #expect(reminder(98) == "The certificate expires tomorrow.")
    #expect(reminder(101)?.hasPrefix("The certificate expired on ") == true)
  }

  @Test("authorities keep a register of what they signed")
  func authorities() throws {
    let authorities = AuthorityStore(home)
    #expect(try authorities.names().isEmpty)
    #expect(throws: StorageError.authorityMissing("main")) { try authorities.certificate(of: "main") }
    let authority = try CertificateAuthority.make(
      key: .generate(.ecP256), subject: SubjectFields(commonName: "Signer"), days: 100)
    try authorities.add("main", authority, passphrase: Secret("x"))
    #expect(throws: StorageError.identityTaken("main")) { try authorities.add("main", authority, passphrase: nil) }
    #expect(throws: StorageError.passphraseNeeded("main")) { try authorities.load("main", passphrase: nil) }
    let loaded = try authorities.load("main", passphrase: Secret("x"))
    let key = try add()
    let request = try CertificateRequest.make(key: key, subject: DistinguishedName(commonName: "ada"))
    let signed = try CertificateAuthority.sign(request, by: loaded, days: 10)
    try authorities.register(signed, by: "main")
    #expect(try AuthorityStore(home).signed(by: "main") == [signed])
    #expect(try authorities.names() == ["main"])
    try store.replaceCertificate(of: "work", by: [signed] + loaded.chain)
    #expect(try !store.find("work").isSelfSigned)
  }

  @Test("servers that do not trust a certificate yet are remembered until they do")
  func awaiting() throws {
    let fixture = try Fixture()
    let uses = fixture.database.identityUses
    let certificate = try selfSigned(.generate(.ecP256))
    #expect(try uses.awaitingSince(exampleServer) == nil)
    try uses.isAwaitingTrust(certificate, at: exampleServer)
    let since = fixture.clock.now
    fixture.clock.advance(100)
    try uses.isAwaitingTrust(certificate, at: exampleServer)
    #expect(try fixture.another().identityUses.awaitingSince(exampleServer) == since)
    #expect(try uses.waiting(certificate).map(\.server) == ["files.example.org:21"])
    try uses.wasAccepted(at: exampleServer)
    #expect(try uses.awaitingSince(exampleServer) == nil && uses.waiting(certificate).isEmpty)
  }
}
