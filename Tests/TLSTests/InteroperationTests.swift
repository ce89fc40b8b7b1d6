import SystemPackage
import TLS
import TestSupport
import Testing

/// Keys and certificates against the `openssl` command.
@Suite struct InteroperationTests {
  static let kinds: [(PrivateKey.Kind, [String])] = [
    (.ecP256, ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]), (.ecP384, ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    (.ed25519, ["ED25519"]), (.rsa(bits: 2048), ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
  ]

  @Test("the command reads our keys, plain and encrypted, and we read its keys", arguments: kinds)
  func keys(kind: PrivateKey.Kind, options: [String]) async throws {
    let key = try PrivateKey.generate(kind)
    let plain = try key.pem()
    let encrypted = try withPassphrase("grün & geheim") { try key.pem(passphrase: $0) }
    #expect(String(decoding: plain, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    #expect(String(decoding: encrypted, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
    let read = ["pkey", "-pubout", "-outform", "DER"]
    for (pem, passphrase) in [(plain, ""), (encrypted, "grün & geheim")] {
      let result = try await Program("openssl", read + ["-passin", "pass:" + passphrase], input: pem).runSuccessfully()
      #expect(Fingerprint(of: result.output) == key.publicKeySHA256)
    }

    let made = try await Program("openssl", ["genpkey", "-algorithm"] + options).runSuccessfully().output
    let theirs = try PrivateKey.pem(made)
    let publicKey = try await Program("openssl", read, input: made).runSuccessfully().output
    #expect(Fingerprint(of: publicKey) == theirs.publicKeySHA256)
  }

  @Test(
    "encrypted keys of the command, in old and new forms",
    arguments: [
      ["pkcs8", "-topk8", "-v2", "aes-256-cbc"], ["pkcs8", "-topk8", "-scrypt"], ["ec", "-aes128"],
    ])
  func encryptedKeys(command: [String]) async throws {
    let key = try PrivateKey.generate(.ecP256)
    let pem = try await Program("openssl", command + ["-passout", "pass:secret"], input: try key.pem())
      .runSuccessfully().output
    #expect(
      try withPassphrase("secret") { try PrivateKey.pem(pem, passphrase: $0) }.publicKeySHA256 == key.publicKeySHA256)
    #expect(throws: TLSError.passphraseNeeded) { try PrivateKey.pem(pem) }
    #expect(throws: TLSError.wrongPassphrase) {
      try withPassphrase("Secret") { try PrivateKey.pem(pem, passphrase: $0) }
    }
    #expect(throws: TLSError.wrongPassphrase) { try withPassphrase("") { try PrivateKey.pem(pem, passphrase: $0) } }
  }

  @Test(
    "what is no key is refused",
    arguments: ["", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
  func noKey(text: String) {
    #expect(throws: TLSError.malformed("private key")) { try PrivateKey.pem(Array(text.utf8)) }
    #expect(throws: TLSError.malformed("private key")) {
      try withPassphrase("secret") { try PrivateKey.pem(Array(text.utf8), passphrase: $0) }
    }
  }

  @Test("a key goes through its own PEM form", arguments: [nil, "", "x", String(repeating: "long ", count: 100)])
  func roundTrip(passphrase: String?) throws {
    let key = try PrivateKey.generate(.ecP256)
    let back =
      if let passphrase {
        try withPassphrase(passphrase) { try PrivateKey.pem(try key.pem(passphrase: $0), passphrase: $0) }
      } else {
        try PrivateKey.pem(try key.pem())
      }
    #expect(back.publicKeySHA256 == key.publicKeySHA256)
  }

  @Test("the command finds in our certificate what we put there, and verifies it")
  func ourCertificate() async throws {
    let folder = try TemporaryFolder()
    let certificate = try Sample.identity().chain[0]
    let file = try folder.write(certificate.pem, to: "certificate.pem").string
    let print = ["x509", "-noout", "-in", file]
    func ask(_ options: String...) async throws -> String {
      try await Program("openssl", print + options).runSuccessfully().outputText
    }
    #expect(
      try await ask("-fingerprint", "-sha256") == "sha256 Fingerprint=\(certificate.sha256.description.dropFirst(7))\n")
    #expect(try await ask("-fingerprint", "-sha1") == "sha1 Fingerprint=\(certificate.sha1)\n")
    #expect(try await ask("-serial") == "serial=\(certificate.details.serial.replacing(":", with: ""))\n")
    #expect(try await ask("-subject") == "subject=CN = files.example.org\n")
    #expect(try await ask("-ext", "subjectAltName").contains("DNS:files.example.org, IP Address:127.0.0.1\n"))
    let verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "files.example.org"]
    #expect(try await Program("openssl", verify + ["-CAfile", file, file]).run().succeeded)
    #expect(ChainCheck.problems(of: [certificate], host: "127.0.0.1", at: now(), roots: .files([file])).isEmpty)
  }

  @Test("we find in the command's certificate what it put there")
  func theirCertificate() async throws {
    let folder = try TemporaryFolder()
    let made = try await Program(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", folder.appending("key").string, "-days", "10",
        "-subj", "/C=DE/O=Müller, Söhne\\+Co/CN=ftp.example.org", "-utf8", "-sha384", "-set_serial", "0x1234",
        "-addext", "subjectAltName=DNS:ftp.example.org,IP:192.0.2.7,email:a@example.org,DNS:*.ftp.example.org",
      ]
    ).runSuccessfully().output
    let details = try #require(try Certificate.pem(made).first).details
    #expect(details.subject.attributes.map(\.type) == ["C", "O", "CN"])
    #expect(details.subject.attributes.map(\.value) == ["DE", "Müller, Söhne+Co", "ftp.example.org"])
    #expect(details.subject.description == "C=DE, O=Müller\\, Söhne\\+Co, CN=ftp.example.org")
    #expect(details.names == ["ftp.example.org", "192.0.2.7", "*.ftp.example.org"])
    #expect(details.serial == "12:34")
    #expect(details.key == "RSA 2048" && details.signatureAlgorithm == "sha384WithRSAEncryption")
    #expect(details.isAuthority && details.isSelfIssued)
    #expect(details.notAfter - details.notBefore == 10 * 86400)
  }
}

func withPassphrase<R>(_ text: String, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
  try Array(text.utf8).withUnsafeBytes { try body($0) }
}
