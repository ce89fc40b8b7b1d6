import Testing

@testable import TLS

@Suite struct ChainCheckTests {
  static let root = try! Authority(name: "Example Root")
  static let middle = try! Authority(name: "Example Issuing", by: root)
  static let host = "files.example.org"

  private func problems(
    _ chain: [Certificate], host: String? = Self.host, at time: Int64 = now(),
    roots: TrustRoots = .certificates([Self.root.certificate]), purpose: ChainCheck.Purpose = .server
  ) -> [CertificateProblem] {
    ChainCheck.problems(of: chain, host: host, at: time, roots: roots, purpose: purpose)
  }

  @Test("a chain that leads to a trusted issuer has no problem, with or without the root in it")
  func fine() throws {
    let leaf = try Self.middle.issue(Self.host)
    #expect(problems([leaf, Self.middle.certificate]).isEmpty)
    #expect(problems([leaf, Self.middle.certificate, Self.root.certificate]).isEmpty)
    // The issuer in between may be trusted by itself, and so may the certificate.
    #expect(problems([leaf], roots: .certificates([Self.middle.certificate])).isEmpty)
    #expect(problems([leaf], roots: .certificates([leaf])).isEmpty)
  }

  @Test("a self-signed certificate")
  func selfSigned() throws {
    let chain = try Sample.identity().chain
    #expect(problems(chain) == [.selfSigned])
    #expect(problems(chain, roots: .none) == [.selfSigned])
    #expect(problems(chain, roots: .system) == [.selfSigned])
    #expect(problems(chain, roots: .certificates(chain)) == [])
  }

  @Test("an issuer that nobody trusts")
  func unknownIssuer() throws {
    let other = TrustRoots.certificates([try Authority(name: "Another Root").certificate])
    let leaf = try Self.middle.issue(Self.host)
    let chain = [leaf, Self.middle.certificate]
    #expect(problems(chain, roots: other) == [.unknownIssuer("Example Root")])
    #expect(problems(chain + [Self.root.certificate], roots: other) == [.unknownIssuer("Example Root")])
    #expect(problems([try Self.root.issue(Self.host)], roots: .none) == [.unknownIssuer("Example Root")])
  }

  @Test("an authority of the same name with another key is not the trusted one")
  func impostor() throws {
    let impostor = try Authority(name: "Example Root")
    let found = problems([try impostor.issue(Self.host), impostor.certificate])
    #expect(!found.isEmpty)
    #expect(!found.contains(.selfSigned))
  }

  @Test("the certificate in between is left out")
  func incomplete() throws {
    let chain = [try Self.middle.issue(Self.host), Self.root.certificate]
    #expect(problems(chain) == [.incompleteChain(issuer: "Example Issuing")])
    let fetched = try Self.middle.issue(Self.host) { $0.issuersAddress = "http://example.org/issuing.der" }
    #expect(problems([fetched]) == [.incompleteChain(issuer: "Example Issuing")])
  }

  @Test("out of date, too early, and an issuer that is out of date")
  func dates() throws {
    let leaf = try Self.middle.issue(Self.host) { ($0.notBefore, $0.notAfter) = (now() - 100, now() + 100) }
    let chain = [leaf, Self.middle.certificate]
    #expect(problems(chain, at: now() + 101) == [.expired(at: leaf.details.notAfter)])
    #expect(problems(chain, at: now() - 101) == [.notYetValid(from: leaf.details.notBefore)])
    let old = try Authority(name: "Old Issuing", by: Self.root) { $0.notAfter = now() - 10 }
    #expect(
      problems([try old.issue(Self.host), old.certificate])
        == [.issuerExpired("Old Issuing", at: old.certificate.details.notAfter)])
  }

  @Test("an issuer whose time has not come")
  func futureIssuer() throws {
    let future = try Authority(name: "Future Issuing", by: Self.root) { $0.notBefore = now() + 1000 }
    #expect(
      problems([try future.issue(Self.host), future.certificate])
        == [.issuerNotYetValid("Future Issuing", from: future.certificate.details.notBefore)])
  }

  @Test("another host")
  func name() throws {
    let leaf = try Self.middle.issue(Self.host) { $0.names = ["files.example.org", "192.0.2.1"] }
    #expect(
      problems([leaf, Self.middle.certificate], host: "ftp.example.org")
        == [.nameMismatch(host: "ftp.example.org", names: ["files.example.org", "192.0.2.1"])])
    #expect(problems([leaf, Self.middle.certificate], host: nil).isEmpty)
  }

  @Test("weak keys and signatures, of the certificate and of issuers, but not the root's own signature")
  func weakness() async throws {
    let weak = try await WeakServer.rsaKey(bits: 1024)
    let leaf = try Self.middle.issue(Self.host, key: weak)
    #expect(problems([leaf, Self.middle.certificate]) == [.weakKey("RSA 1024")])
    let sha1 = try Self.middle.issue(Self.host) { $0.digest = "SHA1" }
    #expect(problems([sha1, Self.middle.certificate]) == [.weakSignature("ecdsa-with-SHA1")])
    let root = try Authority(name: "Old Root") { $0.digest = "SHA1" }
    #expect(problems([try root.issue(Self.host)], roots: .certificates([root.certificate])).isEmpty)
  }

  @Test("a certificate for clients on a server, and the other way round")
  func purpose() throws {
    let server = [try Self.middle.issue(Self.host), Self.middle.certificate]
    let client = [
      try Self.middle.issue("ada") { $0.extendedKeyUsage = "clientAuth" }, Self.middle.certificate,
    ]
    #expect(problems(server, host: nil, purpose: .client) == [.wrongPurpose])
    #expect(problems(client, host: nil) == [.wrongPurpose])
    #expect(problems(client, host: nil, purpose: .client).isEmpty)
  }

  @Test("a certificate that may not sign has signed, and a changed one")
  func forgery() throws {
    let key = try PrivateKey.generate(.ecP256)
    let noAuthority = try Identity(chain: [try Self.middle.issue("ordinary.example.org", key: key)], key: key)
    let leaf = try CertificateTemplate.leaf(Self.host).signed(for: .generate(.ecP256), by: noAuthority)
    let found = problems([leaf, noAuthority.chain[0], Self.middle.certificate])
    #expect(found.contains(.notAnAuthority("ordinary.example.org")), "\(found)")

    var der = try Self.middle.issue(Self.host).der
    der[der.count - 5] ^= 1
    #expect(
      problems([try Certificate(der: der), Self.middle.certificate]) == [.badSignature(Self.host)])
    var own = try Sample.identity().chain[0].der
    own[own.count - 5] ^= 1
    #expect(problems([try Certificate(der: own)]) == [.badSignature(Self.host), .selfSigned])
  }

  @Test("several problems are all told, the most important first")
  func several() throws {
    let leaf = try CertificateTemplate.leaf("other.example.org", notAfter: now() - 5, digest: "SHA1")
      .signed(for: .generate(.ecP256))
    #expect(
      problems([leaf], roots: .none) == [
        .nameMismatch(host: Self.host, names: ["other.example.org"]), .selfSigned,
        .expired(at: leaf.details.notAfter), .weakSignature("ecdsa-with-SHA1"),
      ])
  }

  @Test("no certificate at all, and roots that cannot be read")
  func nothing() throws {
    #expect(!problems([]).isEmpty)
    let chain = [try Self.middle.issue(Self.host), Self.middle.certificate]
    let found = problems(chain, roots: .files(["/nonexistent/roots.pem"]))
    #expect(found.contains(.unknownIssuer("Example Root")))
    #expect(found.contains(.other("the trusted issuers in /nonexistent/roots.pem cannot be read")))
  }

  @Test("a hundred certificates are looked at in no time")
  func bomb() throws {
    var authority = Self.root
    var chain: [Certificate] = []
    for _ in 0..<100 {
      authority = try Authority(name: "All the same", by: authority)
      chain.insert(authority.certificate, at: 0)
    }
    let leaf = try authority.issue(Self.host)
    let clock = ContinuousClock()
    let took = clock.measure { #expect(!problems([leaf] + chain).isEmpty) }
    #expect(took < .seconds(2))
  }

  @Test(
    "every problem is one sentence without foreign control characters",
    arguments: [
      CertificateProblem.selfSigned, .badSignature("a\u{1B}]0;x\u{7}"), .revoked, .misleadingName, .loopingChain,
      .chainTooLong, .notAnAuthority("a\rb"), .unusableRevocationList(issuer: "a\u{9B}b"), .forbiddenName,
      .issuerNotYetValid("\u{200F}x", from: 0), .unreadableDate,
      .authorityOnServer, .outdatedForm, .unknownCondition,
      .nameMismatch(host: "h", names: [String(repeating: "x", count: 100_000)]), .unknownIssuer("a\u{1B}[2Jb"),
      .incompleteChain(issuer: "x\u{202E}y"),
      .expired(at: 0), .notYetValid(from: 1_800_000_000), .issuerExpired("a\nb", at: 0), .wrongPurpose,
      .nameMismatch(host: "h", names: ["a\0b", "c", "d", "e", "f"]), .nameMismatch(host: "h", names: []),
      .weakKey("RSA 1024"), .weakSignature("md5"), .other("\u{9B}x"), .expired(at: .max),
    ])
  func sentence(problem: CertificateProblem) {
    let text = problem.description
    #expect(text.last == "." || text.last == "?")
    #expect(text.count < 300)
    #expect(text.unicodeScalars.allSatisfy { !["\u{1B}", "\u{202E}", "\n", "\0", "\u{9B}"].contains($0) })
  }

  @Test("the date of a problem is readable")
  func date() {
    #expect(
      CertificateProblem.expired(at: 1_795_249_800).description == "The certificate expired on 2026-11-21 08:30 UTC.")
  }
}
