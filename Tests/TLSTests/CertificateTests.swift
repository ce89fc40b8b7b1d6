import Testing

@testable import TLS

@Suite struct CertificateTests {
  @Test("what a certificate says")
  func details() throws {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(
      key: key, commonName: "Ada, the first", names: ["files.example.org", "127.0.0.1", "::1", "a\0b"], days: 30,
      purpose: .server)
    let details = certificate.details
    #expect(details.subject.commonName == "Ada, the first")
    #expect(details.subject.description == "CN=Ada\\, the first")
    #expect(details.issuer == details.subject && details.isSelfIssued && !details.isAuthority)
    #expect(details.version == 3)
    #expect(details.names == ["files.example.org", "127.0.0.1", "::1", "a\0b"])
    #expect(details.notAfter - details.notBefore == 30 * 86400 + 3600)
    #expect(abs(details.notBefore + 3600 - now()) < 60)
    #expect(details.key == "ECDSA P-256" && details.keyBits == 256)
    #expect(details.signatureAlgorithm == "ecdsa-with-SHA256")
    #expect(details.keyUsages == ["digital signature"])
    #expect(details.extendedKeyUsages == ["TLS Web Server Authentication"])
    #expect(details.serial.count == 16 * 3 - 1)
    #expect(certificate.publicKeySHA256 == key.publicKeySHA256)
    #expect(key.matches(certificate))
    #expect(try !PrivateKey.generate(.ecP256).matches(certificate))
  }

  @Test(
    "every kind of key makes a certificate",
    arguments: [
      (PrivateKey.Kind.ecP256, "ECDSA P-256", 256), (.ecP384, "ECDSA P-384", 384), (.ed25519, "Ed25519", 256),
      (.rsa(bits: 2048), "RSA 2048", 2048), (.rsa(bits: 3072), "RSA 3072", 3072),
    ])
  func kinds(kind: PrivateKey.Kind, name: String, bits: Int) throws {
    let identity = try Sample.identity(kind, purpose: .client)
    let details = identity.chain[0].details
    #expect(details.key == name && details.keyBits == bits)
    #expect(details.extendedKeyUsages == ["TLS Web Client Authentication"])
    // And such a certificate serves in both versions.
    for version in [TLSVersion.tls12, .tls13] {
      let link = try Sample.link(version, server: try .server(identity: identity))
      try link.shakeHands()
      #expect(link.client.peerChain == identity.chain)
    }
  }

  @Test("keys of a forbidden size, names that are too long")
  func refusals() throws {
    #expect(throws: TLSError.self) { try PrivateKey.generate(.rsa(bits: 1024)) }
    #expect(throws: TLSError.self) { try PrivateKey.generate(.rsa(bits: 1 << 20)) }
    let key = try PrivateKey.generate(.ecP256)
    #expect(throws: TLSError.self) {
      try SelfSignedCertificate.make(
        key: key, commonName: String(repeating: "x", count: 65), days: 1, purpose: .client)
    }
  }

  @Test("a chain and a key that do not belong together are no identity")
  func mismatch() throws {
    let certificate = try Sample.identity().chain
    #expect(throws: TLSError.keyMismatch) { try Identity(chain: certificate, key: .generate(.ecP256)) }
    #expect(throws: TLSError.malformed("certificate chain")) { try Identity(chain: [], key: .generate(.ecP256)) }
  }

  @Test("PEM and DER come back unchanged, with text and other blocks around them")
  func encodings() throws {
    let (first, second) = (try Sample.identity().chain[0], try Sample.identity().chain[0])
    #expect(try Certificate(der: first.der) == first)
    let key = String(decoding: try PrivateKey.generate(.ed25519).pem(), as: UTF8.self)
    let text = "subject=CN\n" + first.pem + key + "more text\n" + second.pem
    #expect(try Certificate.pem(text.utf8) == [first, second])
    #expect(try Certificate.pem(text.replacing("\n", with: "\r\n").utf8) == [first, second])
  }

  @Test(
    "what is no certificate is refused",
    arguments: [
      "", "hello", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n",
    ])
  func badPEM(text: String) {
    #expect(throws: TLSError.self) { try Certificate.pem(text.utf8) }
    #expect(throws: TLSError.malformed("certificate")) { try Certificate(der: Array(text.utf8)) }
  }

  @Test("bytes after the certificate, and a certificate that is cut, are refused")
  func badDER() throws {
    let der = try Sample.identity().chain[0].der
    #expect(throws: TLSError.malformed("certificate")) { try Certificate(der: der + [0]) }
    #expect(throws: TLSError.malformed("certificate")) { try Certificate(der: der.dropLast()) }
  }

  @Test("damaged certificates are read or refused, but never more than that", arguments: 0..<8)
  func mutation(seed: UInt64) throws {
    var random = Seeded(seed)
    let der = try Authority(name: "Mutation").issue("files.example.org").der
    var readable = 0
    for _ in 0..<300 {
      var changed = der
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        changed[Int.random(in: 0..<der.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let certificate = try? Certificate(der: changed) else { continue }
      readable += 1
      #expect(!certificate.details.key.isEmpty)
      #expect(!ChainCheck.problems(of: [certificate], host: "files.example.org", at: now(), roots: .none).isEmpty)
    }
    #expect(readable > 0)
  }

  @Test(
    "a fingerprint is read in the forms that people write",
    arguments: [
      "SHA256:%", "sha256:%", "SHA-256: %", "%", " % ",
    ])
  func fingerprint(form: String) throws {
    let fingerprint = Fingerprint(of: Array("abc".utf8))
    let hex = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
    let pairs = stride(from: 0, to: 64, by: 2).map { String(Array(hex)[$0...$0 + 1]) }
    #expect(fingerprint.description == "SHA256:" + pairs.joined(separator: ":"))
    for text in [hex, hex.lowercased(), pairs.joined(separator: ":"), pairs.joined(separator: " ")] {
      #expect(Fingerprint(form.replacing("%", with: text)) == fingerprint)
    }
  }

  @Test(
    "what is no fingerprint",
    arguments: [
      "", "SHA256:", "ba7816", "MD5:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
      "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015ADFF",
      "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015A",
      "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AG",
      "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD:",
      "BA::7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    ])
  func noFingerprint(text: String) {
    #expect(Fingerprint(text) == nil)
  }
}
