import COpenSSL
import Testing

@testable import TLS

/// Lists of certificates that their issuers have taken back (threat C08).
@Suite struct RevocationTests {
  static let host = "files.example.org"
  static let root = try! Authority(name: "Example Root")
  static let middle = try! Authority(name: "Example Issuing", by: root)

  /// A list of `issuer`'s, in DER, of certificates with these serial numbers; days are counted from now.
  private func list(
    of issuer: Authority, _ revoked: [Certificate], signedBy signer: Authority? = nil, days: ClosedRange<Int32> = -1...7
  ) throws -> [UInt8] {
    guard let crl = X509_CRL_new() else { preconditionFailure("out of memory") }
    defer { X509_CRL_free(crl) }
    X509_CRL_set_version(crl, 1)
    issuer.certificate.withX509 { _ = X509_CRL_set_issuer_name(crl, X509_get_subject_name($0)) }
    let (from, until) = (X509_time_adj_ex(nil, days.lowerBound, 0, nil), X509_time_adj_ex(nil, days.upperBound, 0, nil))
    X509_CRL_set1_lastUpdate(crl, from)
    X509_CRL_set1_nextUpdate(crl, until)
    for certificate in revoked {
      let entry = X509_REVOKED_new()
      certificate.withX509 { _ = X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber($0)) }
      X509_REVOKED_set_revocationDate(entry, from)
      X509_CRL_add0_revoked(crl, entry)
    }
    ASN1_STRING_free(from)
    ASN1_STRING_free(until)
    X509_CRL_sort(crl)
    #expect(X509_CRL_sign(crl, (signer ?? issuer).identity.key.pkey, EVP_sha256()) > 0)
    return encode(crl) { i2d_X509_CRL($0, $1) }
  }

  private func problems(_ chain: [Certificate], _ list: [UInt8]) throws -> [CertificateProblem] {
    ChainCheck.problems(
      of: chain, host: Self.host, at: now(), roots: .certificates([Self.root.certificate]),
      revoked: try RevocationLists(reading: list))
  }

  @Test("one that its issuer has taken back is revoked, and others of that issuer are not")
  func revoked() throws {
    let (bad, good) = (try Self.root.issue(Self.host), try Self.root.issue(Self.host))
    let list = try list(of: Self.root, [bad])
    #expect(try problems([bad], list) == [.revoked])
    #expect(try problems([good], list) == [])
  }

  @Test("an issuer that was taken back takes with it what it has signed")
  func issuer() throws {
    let chain = [try Self.middle.issue(Self.host), Self.middle.certificate]
    #expect(try problems(chain, list(of: Self.root, [Self.middle.certificate])) == [.revoked])
    // A list of the issuer's own is enough to check its certificates, and nothing more is asked for.
    #expect(try problems(chain, list(of: Self.middle, [])) == [])
    #expect(try problems(chain, list(of: Self.middle, [chain[0]])) == [.revoked])
  }

  @Test("a list of another issuer says nothing, and neither does an authority that nobody trusts")
  func others() throws {
    let leaf = try Self.root.issue(Self.host)
    let other = try Authority(name: "Another Root")
    #expect(try problems([leaf], list(of: other, [leaf])) == [])
    let own = try CertificateTemplate.leaf(Self.host).signed(for: .generate(.ecP256))
    #expect(try problems([own], list(of: Self.root, [own])) == [.selfSigned])
  }

  @Test("a list that is out of date, too early, or forged is a problem of its own")
  func unusable() throws {
    let leaf = try Self.root.issue(Self.host)
    let problem = CertificateProblem.unusableRevocationList(issuer: "Example Root")
    #expect(try problems([leaf], list(of: Self.root, [], days: -9 ... -2)) == [problem])
    #expect(try problems([leaf], list(of: Self.root, [], days: 2...9)) == [problem])
    #expect(try problems([leaf], list(of: Self.root, [], signedBy: Self.middle)) == [problem])
    #expect(problem.needsEyes && CertificateProblem.revoked.needsEyes)
  }

  @Test("files hold one list in DER or several in PEM; others are refused in a sentence")
  func files() throws {
    let der = try list(of: Self.root, [])
    let both = try pem(der) + pem(list(of: Self.middle, []))
    #expect(try !RevocationLists(reading: der).isEmpty)
    #expect(try RevocationLists(reading: Array(both.utf8)) != RevocationLists(reading: der))
    for broken in [[], Array("no list".utf8), Array(der.dropLast()), Array(Self.root.certificate.pem.utf8)] {
      #expect(throws: TLSError.self) { try RevocationLists(reading: broken) }
    }
    #expect(throws: TLSError.tooLarge(what: "file", limit: "32 MiB")) {
      try RevocationLists(reading: Array(repeating: 0x30, count: RevocationLists.sizeLimit + 1))
    }
  }

  private func pem(_ der: [UInt8]) throws -> String {
    let list = decodeWhole(der, { d2i_X509_CRL(nil, $0, $1) }, free: X509_CRL_free)
    defer { X509_CRL_free(list) }
    return MemoryFile.text { PEM_write_bio_X509_CRL($0, list) }
  }
}
