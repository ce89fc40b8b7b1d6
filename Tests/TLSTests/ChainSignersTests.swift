import Testing

@testable import TLS

@Suite struct ChainSignersTests {
  static let host = "files.example.org"
  static let root = try! Authority(name: "Example Root")
  static let middle = try! Authority(name: "Example Issuing", by: root)

  @Test("who signed whom is read from the signatures, in whatever order the certificates come")
  func links() throws {
    let leaf = try Self.middle.issue(Self.host)
    let (middle, root) = (Self.middle.certificate, Self.root.certificate)
    #expect(ChainCheck.links(of: [leaf, middle, root]) == [.signedBy(1), .signedBy(2), .signedByItself])
    #expect(ChainCheck.links(of: [leaf, root, middle]) == [.signedBy(2), .signedByItself, .signedBy(1)])
    #expect(ChainCheck.links(of: [leaf, root]) == [.issuerMissing, .signedByItself])
    #expect(ChainCheck.signers(of: [leaf, root, middle]) == [middle, root])
    #expect(ChainCheck.signers(of: [leaf, root]) == [])
    #expect(ChainCheck.links(of: []) == [])
  }

  @Test("one that bears the issuer's name but has another key has signed nothing")
  func impostor() throws {
    let leaf = try Self.middle.issue(Self.host)
    let impostor = try Authority(name: "Example Issuing", by: Self.root)
    #expect(ChainCheck.links(of: [leaf, impostor.certificate]) == [.forged, .issuerMissing])
    #expect(ChainCheck.provenIssuer(of: [leaf, impostor.certificate], host: Self.host, at: now()) == nil)
  }

  @Test("an issuer can be trusted where it signed, and names, dates and uses are right")
  func provenIssuer() throws {
    let middle = Self.middle.certificate
    let leaf = try Self.middle.issue(Self.host)
    #expect(ChainCheck.provenIssuer(of: [leaf, middle], host: Self.host, at: now()) == middle)
    #expect(ChainCheck.provenIssuer(of: [leaf, middle, Self.root.certificate], host: Self.host, at: now()) == middle)
    let direct = try Self.root.issue(Self.host)
    #expect(
      ChainCheck.provenIssuer(of: [direct, Self.root.certificate], host: Self.host, at: now()) == Self.root.certificate)

    #expect(ChainCheck.provenIssuer(of: [leaf, middle], host: "ftp.example.org", at: now()) == nil)
    #expect(ChainCheck.provenIssuer(of: [leaf, middle], host: Self.host, at: now() + 7200) == nil)
    #expect(ChainCheck.provenIssuer(of: [leaf], host: Self.host, at: now()) == nil)
    #expect(ChainCheck.provenIssuer(of: [], host: Self.host, at: now()) == nil)
    let client = try Self.middle.issue(Self.host) { $0.extendedKeyUsage = "clientAuth" }
    #expect(ChainCheck.provenIssuer(of: [client, middle], host: Self.host, at: now()) == nil)
    let weak = try Self.middle.issue(Self.host) { $0.digest = "SHA1" }
    #expect(ChainCheck.provenIssuer(of: [weak, middle], host: Self.host, at: now()) == nil)
  }

  @Test("who vouches for itself has no issuer to trust")
  func selfSigned() throws {
    let chain = try Sample.identity().chain
    #expect(ChainCheck.links(of: chain) == [.signedByItself])
    #expect(ChainCheck.provenIssuer(of: chain, host: Self.host, at: now()) == nil)
    #expect(ChainCheck.provenIssuer(of: chain + chain, host: Self.host, at: now()) == nil)
    #expect(!ChainCheck.isProven(chain, by: chain[0], host: Self.host, at: now()))
  }

  @Test("one that may not sign is no issuer to trust")
  func noAuthority() throws {
    let key = try PrivateKey.generate(.ecP256)
    let ordinary = try Identity(chain: [try Self.root.issue("ordinary.example.org", key: key)], key: key)
    let leaf = try CertificateTemplate.leaf(Self.host).signed(for: .generate(.ecP256), by: ordinary)
    #expect(ChainCheck.links(of: [leaf, ordinary.chain[0]]) == [.signedBy(1), .issuerMissing])
    #expect(ChainCheck.provenIssuer(of: [leaf, ordinary.chain[0]], host: Self.host, at: now()) == nil)
  }

  @Test("an issuer that is trusted for a host is enough for it, and its own signature is not looked at")
  func anchor() throws {
    let old = try Authority(name: "Signed long ago", by: Self.root) { $0.digest = "SHA1" }
    let leaf = try old.issue(Self.host)
    #expect(ChainCheck.isProven([leaf, old.certificate], by: old.certificate, host: Self.host, at: now()))
    #expect(
      ChainCheck.problems(
        of: [leaf, old.certificate], host: Self.host, at: now(), roots: .certificates([Self.root.certificate]))
        == [.weakSignature("ecdsa-with-SHA1")])
  }
}
