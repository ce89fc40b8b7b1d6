import SystemPackage
import TestSupport
import Testing

@testable import TLS

/// Files with certificates and keys, in all forms that people are sent, against the `openssl` command.
@Suite struct CredentialFileTests {
  @Test("PKCS#12 files go both ways, with their chain", arguments: InteroperationTests.kinds)
  func pkcs12(kind: PrivateKey.Kind, options _: [String]) async throws {
    let folder = try TemporaryFolder()
    let authority = try Authority(name: "Signer")
    let key = try PrivateKey.generate(kind)
    let identity = try Identity(
      chain: [authority.issue("ada", key: key) { $0.extendedKeyUsage = "clientAuth" }, authority.certificate], key: key)
    let ours = try withPassphrase("grün & geheim") { try PKCS12.make(identity, name: "ada", passphrase: $0) }
    let file = try folder.write(ours, to: "ours.p12").string
    let pem = try await Program(
      "openssl", ["pkcs12", "-in", file, "-passin", "pass:grün & geheim", "-noenc"]
    ).runSuccessfully().output
    #expect(try PrivateKey.pem(pem).publicKeySHA256 == key.publicKeySHA256)
    #expect(Set(try Certificate.pem(pem)) == Set(identity.chain))

    let source = try folder.write(pem, to: "source.pem").string
    for options in [[], ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]] {
      let theirs = try await Program(
        "openssl", ["pkcs12", "-export", "-in", source, "-passout", "pass:ge heim"] + options
      ).runSuccessfully().output
      let read = try withPassphrase("ge heim") { try CredentialFile.read(theirs, passphrase: $0) }
      #expect(read.key?.publicKeySHA256 == key.publicKeySHA256)
      #expect(read.chain(forPublicKey: key.publicKeySHA256) == identity.chain)
      #expect(throws: TLSError.passphraseNeeded) { try CredentialFile.read(theirs) }
      for wrong in ["", "geheim", "a\u{0}b"] {
        #expect(throws: TLSError.self) { try withPassphrase(wrong) { try CredentialFile.read(theirs, passphrase: $0) } }
      }
      #expect(throws: TLSError.wrongPassphrase) {
        try withPassphrase("x") { try CredentialFile.read(theirs, passphrase: $0) }
      }
    }
  }

  @Test("a PKCS#12 file in the old encryption of Windows says what to do")
  func outdated() async throws {
    let identity = try Sample.identity(purpose: .client)
    let pem = try identity.key.pem() + Array(identity.chain[0].pem.utf8)
    let old = try await Program(
      "openssl", ["pkcs12", "-export", "-legacy", "-passout", "pass:x"], input: pem
    ).runSuccessfully().output
    #expect {
      try withPassphrase("x") { try CredentialFile.read(old, passphrase: $0) }
    } throws: {
      "\($0)".contains("openssl pkcs12 -legacy")
    }
  }

  @Test("certificates, PKCS#7 messages and keys, in PEM and DER")
  func forms() async throws {
    let folder = try TemporaryFolder()
    let authority = try Authority(name: "Signer")
    let key = try PrivateKey.generate(.ecP256)
    let leaf = try authority.issue("ada", key: key)
    let stranger = try Sample.identity().chain[0]
    // In an order that is not that of a chain.
    let pem = stranger.pem + authority.certificate.pem + leaf.pem
    let bundle = try folder.write(pem, to: "bundle.pem").string
    for form in ["PEM", "DER"] {
      let message = try await Program(
        "openssl", ["crl2pkcs7", "-nocrl", "-certfile", bundle, "-outform", form]
      ).runSuccessfully().output
      let read = try CredentialFile.read(message)
      #expect(read.key == nil && Set(read.certificates) == [stranger, authority.certificate, leaf])
      #expect(read.chain(forPublicKey: key.publicKeySHA256) == [leaf, authority.certificate])
      #expect(try read.chain(forPublicKey: PrivateKey.generate(.ecP256).publicKeySHA256) == nil)
    }
    #expect(try CredentialFile.read(leaf.der).certificates == [leaf])
    #expect(try CredentialFile.read(Array(pem.utf8)).certificates.count == 3)
    for kind in InteroperationTests.kinds.map(\.0) {
      let key = try PrivateKey.generate(kind)
      let der = try await Program("openssl", ["pkey", "-outform", "DER"], input: key.pem()).runSuccessfully().output
      #expect(try CredentialFile.read(der).key?.publicKeySHA256 == key.publicKeySHA256)
      let encrypted = try await Program(
        "openssl", ["pkcs8", "-topk8", "-outform", "DER", "-passout", "pass:secret"], input: key.pem()
      ).runSuccessfully().output
      #expect(
        try withPassphrase("secret") { try CredentialFile.read(encrypted, passphrase: $0) }.key?.publicKeySHA256
          == key.publicKeySHA256)
      #expect(throws: TLSError.passphraseNeeded) { try CredentialFile.read(encrypted) }
      #expect(throws: TLSError.wrongPassphrase) {
        try withPassphrase("Secret") { try CredentialFile.read(encrypted, passphrase: $0) }
      }
    }
    let both = try key.pem() + Array(pem.utf8)
    #expect(try CredentialFile.read(both).key?.publicKeySHA256 == key.publicKeySHA256)
  }

  @Test("chains of a hundred, certificates of a megabyte and broken files get one clear error each")
  func hostile() throws {
    let certificate = try Sample.identity().chain[0]
    let hundred = String(repeating: certificate.pem, count: 100)
    #expect(throws: TLSError.tooLarge(what: "number of certificates", limit: "32")) {
      try CredentialFile.read(Array(hundred.utf8))
    }
    let key = try PrivateKey.generate(.ecP256)
    let names = (0..<40_000).map { "host-\($0).example.org" }
    let huge = try SelfSignedCertificate.make(key: key, commonName: "huge", names: names, days: 1, purpose: .client)
    #expect(huge.der.count > 900_000)
    #expect(throws: TLSError.tooLarge(what: "certificate", limit: "64 KiB")) { try CredentialFile.read(huge.der) }
    #expect(throws: TLSError.tooLarge(what: "file", limit: "1 MiB")) { try CredentialFile.read(Array(huge.pem.utf8)) }
    let nothing = TLSError.malformed("certificate or key file")
    for text in ["", "0", "hello", "0000000"] {
      #expect(throws: nothing) { try CredentialFile.read(Array(text.utf8)) }
    }
    #expect(throws: nothing) { try CredentialFile.read(certificate.der.dropLast()) }
    #expect(throws: TLSError.malformed("PEM text")) {
      try CredentialFile.read(Array(certificate.pem.dropLast(40).utf8))
    }
  }

  @Test("damaged PKCS#12 files are refused, but never more than that", arguments: 0..<4)
  func mutation(seed: UInt64) throws {
    var random = Seeded(seed)
    let identity = try Sample.identity(purpose: .client)
    let file = try withPassphrase("x") { try PKCS12.make(identity, name: "ada", passphrase: $0) }
    for _ in 0..<30 {
      var changed = file
      changed[Int.random(in: 0..<200, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      let read = try? withPassphrase("x") { try CredentialFile.read(changed, passphrase: $0) }
      if let key = read?.key { #expect(key.publicKeySHA256 == identity.key.publicKeySHA256) }
    }
  }

  @Test("each reason why a certificate cannot be shown has its sentence")
  func problems() throws {
    let authority = try Authority(name: "Signer")
    let key = try PrivateKey.generate(.ecP256)
    func problem(_ change: (inout CertificateTemplate) -> Void) throws -> String? {
      let leaf = try authority.issue("ada", key: key) {
        $0.extendedKeyUsage = "clientAuth"
        change(&$0)
      }
      return ClientCertificateProblem.first(of: leaf, key: key, at: now())?.description
    }
    #expect(try problem { _ in } == nil)
    #expect(try problem { $0.extendedKeyUsage = nil } == nil)
    #expect(try problem { $0.notAfter = now() - 1 }?.hasPrefix("The certificate expired on ") == true)
    #expect(try problem { $0.notBefore = now() + 60 }?.contains("valid only from") == true)
    #expect(
      try problem { $0.extendedKeyUsage = "serverAuth" }
        == "The certificate is made for other purposes (TLS Web Server Authentication), not for clients.")
    let other = try authority.issue("ada")
    #expect(ClientCertificateProblem.first(of: other, key: key, at: now()) == .keyMismatch)
  }
}
