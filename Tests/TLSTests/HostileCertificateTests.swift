import COpenSSL
import Testing

@testable import TLS

/// Certificates that somebody made to deceive or to break (threats C03, C05 and C06).
@Suite struct HostileCertificateTests {
  static let host = "files.example.org"
  static let root = try! Authority(name: "Example Root")

  private func problems(_ chain: [Certificate], host: String? = Self.host) -> [CertificateProblem] {
    ChainCheck.problems(of: chain, host: host, at: now(), roots: .certificates([Self.root.certificate]))
  }

  @Test(
    "names with characters that do not show are marked, and never match",
    arguments: ["files.example.org\0.evil.example", "files\u{1B}[2J.example.org", "files. \u{202E}gro.elpmaxe", "a\nb"])
  func hiddenCharacters(name: String) throws {
    let leaf = try Self.root.issue("plain") { $0.names = [name] }
    #expect(leaf.details.names == [name])
    #expect(problems([leaf]) == [.nameMismatch(host: Self.host, names: [name]), .misleadingName])
    let subject = try Self.root.issue(Self.host) { $0.subject = DistinguishedName(commonName: "a\u{202E}b") }
    #expect(problems([subject]) == [.misleadingName])
  }

  @Test("the first form of certificates is marked")
  func versionOne() throws {
    let leaf = try Self.root.issue(Self.host).altered(signedBy: Self.root.identity.key) {
      X509_set_version($0, Int(X509_VERSION_1))
    }
    #expect(problems([leaf], host: nil).contains(.outdatedForm))
  }

  @Test("an authority's own certificate on a server, unless it vouches for itself")
  func authority() throws {
    let leaf = try Authority(name: Self.host, by: Self.root) {
      $0.names = [Self.host]
      $0.keyUsage = nil
    }
    #expect(problems([leaf.certificate]) == [.authorityOnServer])
    // `openssl req -x509` makes such ones, and whoever trusts it trusts nothing but it.
    let own = try Authority(name: Self.host) {
      $0.names = [Self.host]
      $0.keyUsage = nil
    }
    #expect(problems([own.certificate]) == [.selfSigned])
  }

  @Test("a condition that nobody knows")
  func unknownCondition() throws {
    let leaf = try Self.root.issue(Self.host).altered(signedBy: Self.root.identity.key, addUnknownCondition)
    #expect(problems([leaf]) == [.unknownCondition])
  }

  @Test("an issuer that may vouch for other names only")
  func nameConstraints() throws {
    let plain = try Authority(name: "Only example.com", by: Self.root)
    let certificate = plain.certificate.altered(signedBy: Self.root.identity.key) {
      addExtension($0, NID_name_constraints, "critical,permitted;DNS:example.com")
    }
    #expect(problems([try plain.issue(Self.host), certificate]) == [.forbiddenName])
    #expect(problems([try plain.issue("a.example.com"), certificate], host: "a.example.com").isEmpty)
  }

  @Test("issuers that vouch for each other in a circle")
  func circle() throws {
    let (a, b) = (try Authority(name: "A"), try Authority(name: "B"))
    func sign(_ one: Authority, by other: Authority) throws -> Certificate {
      try CertificateTemplate(
        commonName: one.certificate.details.subject.commonName ?? "", notBefore: now() - 60, notAfter: now() + 86400,
        basicConstraints: "critical,CA:TRUE", keyUsage: "critical,keyCertSign"
      ).signed(for: one.identity.key, by: other.identity)
    }
    let chain = [try a.issue(Self.host), try sign(a, by: b), try sign(b, by: a)]
    #expect(problems(chain) == [.loopingChain])
  }

  @Test("a date that is none")
  func brokenDate() throws {
    let leaf = try Self.root.issue(Self.host).altered(signedBy: Self.root.identity.key) { x509 in
      // The form is checked when it is set through the interface of dates, not through that of strings.
      ASN1_STRING_set(X509_getm_notAfter(x509), "9999999999zz", -1)
    }
    #expect(problems([leaf]).contains(.unreadableDate))
    #expect(leaf.details.notAfter == 0)
  }

  @Test("sixty thousand bytes of names are read, and told in a short sentence")
  func manyNames() throws {
    let names = (0..<3000).map { "host\($0).of.a.very.large.farm.example" }
    let leaf = try Self.root.issue("plain") { $0.names = names }
    #expect(leaf.details.names == names)
    let found = problems([leaf])
    #expect(found == [.nameMismatch(host: Self.host, names: names)])
    #expect(found[0].description.count < 300)
  }

  @Test("a hundred certificates come to the question", arguments: [TLSVersion.tls12, .tls13])
  func hundred(version: TLSVersion) throws {
    var (chain, authority) = ([Certificate](), Self.root)
    for _ in 0..<100 {
      authority = try Authority(name: "All the same", by: authority)
      chain.insert(authority.certificate, at: 0)
    }
    let key = try PrivateKey.generate(.ecP256)
    let identity = try Identity(chain: [try authority.issue(Self.host, key: key)] + chain, key: key)
    let link = try Sample.link(version, server: .server(identity: identity))
    link.accepts = nil
    try link.shakeHands()
    #expect(link.questions > 0)
    #expect(link.client.peerChain.count == 101)
    #expect(problems(link.client.peerChain).contains(.chainTooLong))
    #expect(ChainCheck.links(of: link.client.peerChain).count == 101)
  }

  @Test("every sentence about a certificate that does not come to the question is one")
  func sentences() {
    for error in [TLSError.oversizedCertificates, .unreadableCertificate] {
      #expect(!error.description.isEmpty && !error.description.contains("("))
    }
  }
}
