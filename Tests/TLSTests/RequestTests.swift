import SystemPackage
import TestSupport
import Testing

@testable import TLS

/// Certificate requests and the authority that answers them, also against the `openssl` command.
@Suite struct RequestTests {
  static let subject = SubjectFields(
    commonName: "Ada Lovelace", organization: "Müller, Söhne+Co", unit: "Engines", locality: "London",
    state: "Middlesex", country: "gb", email: "ada@example.org")

  @Test("every kind of key makes a request that both sides read", arguments: InteroperationTests.kinds)
  func requests(kind: PrivateKey.Kind, options: [String]) async throws {
    let folder = try TemporaryFolder()
    let key = try PrivateKey.generate(kind)
    let request = try CertificateRequest.make(key: key, subject: Self.subject.distinguishedName)
    #expect(request.hasValidSignature && request.publicKeySHA256 == key.publicKeySHA256)
    #expect(try CertificateRequest.read(Array(request.pem.utf8)) == request)
    #expect(try CertificateRequest.read(request.der) == request)
    let file = try folder.write(request.pem, to: "request.pem").string
    let text = try await Program("openssl", ["req", "-in", file, "-noout", "-verify", "-subject", "-text"])
      .runSuccessfully()
    #expect(text.errorText.contains("verify OK"))
    #expect(text.outputText.contains("subject=C = GB, ST = Middlesex, L = London"))
    #expect(text.outputText.contains("TLS Web Client Authentication"))

    let keyFile = folder.appending("key.pem").string
    let made = try await Program(
      "openssl",
      ["req", "-new", "-noenc", "-keyout", keyFile, "-subj", "/O=Example/CN=grace", "-newkey"]
        + (options[0] == "RSA" ? ["rsa:2048"] : options[0] == "ED25519" ? ["ed25519"] : ["ec"] + options.dropFirst())
    ).runSuccessfully().output
    let theirs = try CertificateRequest.read(made)
    #expect(theirs.subject.description == "O=Example, CN=grace" && theirs.hasValidSignature)
    #expect(try theirs.publicKeySHA256 == PrivateKey.pem(FileTree.read(FilePath(keyFile))).publicKeySHA256)
    #expect(theirs.key == key.description)
  }

  @Test("subjects that cannot be used say why")
  func subjects() throws {
    func reason(_ change: (inout SubjectFields) -> Void) -> String {
      var fields = SubjectFields(commonName: "ada")
      change(&fields)
      do throws(TLSError) {
        return try fields.distinguishedName.description
      } catch { return "\(error)" }
    }
    #expect(reason { _ in } == "CN=ada")
    #expect(reason { $0.country = "de" } == "C=DE, CN=ada")
    #expect(reason { $0.commonName = " " } == "The common name cannot be used: it is empty")
    #expect(
      reason { $0.commonName = String(repeating: "x", count: 65) }
        == "The common name cannot be used: it is longer than 64 characters")
    #expect(reason { $0.country = "D1" } == "The country cannot be used: it is a code of two letters, such as DE")
    #expect(reason { $0.email = "ada" }.contains("name@example.org"))
    for text in ["a\0b", "a\u{1B}[31m", "a\u{202E}b", "a\nb"] {
      #expect(reason { $0.organization = text }.contains("characters in it that cannot be seen"))
    }
  }

  @Test("an authority's answer is what openssl accepts from a client")
  func authority() async throws {
    let folder = try TemporaryFolder()
    let authority = try CertificateAuthority.make(
      key: .generate(.ecP256), subject: SubjectFields(commonName: "Example signer"), days: 100)
    let details = authority.chain[0].details
    #expect(details.isAuthority && details.keyUsages == ["certificate signing", "CRL signing"])
    let key = try PrivateKey.generate(.rsa(bits: 2048))
    let request = try CertificateRequest.make(key: key, subject: Self.subject.distinguishedName)
    let certificate = try CertificateAuthority.sign(request, by: authority, days: 50)
    let signed = certificate.details
    #expect(key.matches(certificate) && signed.subject == request.subject && signed.issuer == details.subject)
    #expect(signed.extendedKeyUsages == ["TLS Web Client Authentication"] && !signed.isAuthority)
    #expect(signed.keyUsages == ["digital signature", "key encipherment"])
    #expect(signed.serial != details.serial && signed.serial.count == 16 * 3 - 1)
    #expect(abs(signed.notAfter - now() - 50 * 86400) < 60)
    let root = try folder.write(authority.chain[0].pem, to: "root.pem").string
    let leaf = try folder.write(certificate.pem, to: "leaf.pem").string
    let verify = ["verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", root, leaf]
    try await Program("openssl", verify).runSuccessfully()
    let text = try await Program(
      "openssl", ["x509", "-in", leaf, "-noout", "-ext", "authorityKeyIdentifier,subjectKeyIdentifier"]
    ).runSuccessfully().outputText
    #expect(text.contains("Authority Key Identifier") && text.contains("Subject Key Identifier"))
    #expect(
      ChainCheck.problems(
        of: [certificate], host: nil, at: now(), roots: .certificates(authority.chain), purpose: .client
      ).isEmpty)
    #expect(ClientCertificateProblem.first(of: certificate, key: key, at: now()) == nil)
  }

  @Test("openssl's request is signed by us, and our request by openssl")
  func bothWays() async throws {
    let folder = try TemporaryFolder()
    let authority = try CertificateAuthority.make(
      key: .generate(.ecP384), subject: SubjectFields(commonName: "Example signer"), days: 30)
    let made = try await Program(
      "openssl",
      ["req", "-new", "-noenc", "-newkey", "ed25519", "-keyout", folder.appending("k").string, "-subj", "/CN=grace"]
    ).runSuccessfully().output
    let answer = try CertificateAuthority.sign(CertificateRequest.read(made), by: authority, days: 3)
    #expect(answer.details.subject.description == "CN=grace")

    let root = try folder.write(authority.chain[0].pem, to: "root.pem").string
    let rootKey = try folder.write(authority.key.pem(), to: "root.key").string
    let key = try PrivateKey.generate(.ecP256)
    let request = try CertificateRequest.make(key: key, subject: SubjectFields(commonName: "ada").distinguishedName)
    let file = try folder.write(request.pem, to: "ada.csr").string
    let signed = try await Program(
      "openssl",
      ["x509", "-req", "-in", file, "-CA", root, "-CAkey", rootKey, "-CAcreateserial", "-days", "5"]
    ).runSuccessfully().output
    let answerFile = try CredentialFile.read(signed + Array(authority.chain[0].pem.utf8))
    let chain = try #require(answerFile.chain(forPublicKey: key.publicKeySHA256))
    #expect(chain.count == 2 && chain[1] == authority.chain[0])
    #expect(ClientCertificateProblem.first(of: chain[0], key: key, at: now()) == nil)
  }

  @Test("requests that no authority should sign")
  func badRequests() throws {
    let authority = try CertificateAuthority.make(
      key: .generate(.ecP256), subject: SubjectFields(commonName: "Example signer"), days: 10)
    func refusal(_ request: CertificateRequest, days: Int = 1, by issuer: Identity? = nil) -> String {
      do throws(TLSError) {
        _ = try CertificateAuthority.sign(request, by: issuer ?? authority, days: days)
        return "signed"
      } catch { return "\(error)" }
    }
    let key = try PrivateKey.generate(.ecP256)
    let good = try CertificateRequest.make(key: key, subject: DistinguishedName(commonName: "ada"))
    // The last bytes are those of the signature.
    var broken = good.der
    broken[broken.count - 3] ^= 0x10
    #expect(refusal(try CertificateRequest(der: broken)).contains("its own signature is wrong"))
    for name in ["a\0b", "a\u{1B}]52;c;x\u{7}", "\u{202E}ada"] {
      let request = try CertificateRequest.make(key: key, subject: DistinguishedName(commonName: name))
      #expect(request.subject.commonName == name)
      #expect(refusal(request).contains("characters in it that cannot be seen"))
    }
    let nobody = try CertificateRequest.make(key: key, subject: DistinguishedName(attributes: []))
    #expect(refusal(nobody).contains("names nobody"))
    #expect(
      refusal(good, days: 11).hasPrefix("The validity cannot be used: the authority's own certificate lasts only "))
    let client = try Sample.identity(commonName: "ada", purpose: .client)
    #expect(refusal(good, by: client).contains("may not sign others"))
  }

  @Test(
    "what is no request is refused",
    arguments: ["", "hello", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "0"])
  func noRequest(text: String) throws {
    #expect(throws: TLSError.malformed("certificate request")) { try CertificateRequest.read(Array(text.utf8)) }
  }

  @Test("damaged requests are read or refused, but never more than that", arguments: 0..<4)
  func mutation(seed: UInt64) throws {
    var random = Seeded(seed)
    let der = try CertificateRequest.make(
      key: .generate(.ecP256), subject: SubjectFields(commonName: "ada").distinguishedName
    ).der
    var readable = 0
    for _ in 0..<300 {
      var changed = der
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        changed[Int.random(in: 0..<der.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
      guard let request = try? CertificateRequest(der: changed) else { continue }
      readable += 1
      #expect(!request.key.isEmpty && (CertificateAuthority.problem(with: request) != nil || request.der == der))
    }
    #expect(readable > 0)
  }
}
