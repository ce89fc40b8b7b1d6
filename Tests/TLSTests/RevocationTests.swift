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
    of issuer: Authority, _ revoked: [Certificate], signedBy signer: Authority? = nil,
    days: ClosedRange<Int32> = -1...7,
    namesKey: Bool = false
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
    if namesKey {
      issuer.certificate.withX509 { x509 in
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, x509, nil, nil, crl, 0)
        let key = X509V3_EXT_conf_nid(nil, &context, NID_authority_key_identifier, "keyid:always")
        #expect(X509_CRL_add_ext(crl, key, -1) == 1)
        X509_EXTENSION_free(key)
      }
    }
    #expect(X509_CRL_sign(crl, (signer ?? issuer).identity.key.pkey, EVP_sha256()) > 0)
    return encode(crl) { i2d_X509_CRL($0, $1) }
  }

  private func problems(
    _ chain: [Certificate], _ list: [UInt8], roots: TrustRoots = .certificates([root.certificate])
  ) throws -> [CertificateProblem] {
    ChainCheck.problems(
      of: chain, host: Self.host, at: now(), roots: roots, revoked: try RevocationLists(reading: list))
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

  @Test("one that was taken back is revoked also where its issuer is nowhere to be found", arguments: [true, false])
  func issuerMissing(namesKey: Bool) throws {
    let (bad, good) = (try Self.root.issue(Self.host), try Self.root.issue(Self.host))
    let unknown = CertificateProblem.unknownIssuer("Example Root")
    let current = try list(of: Self.root, [bad], namesKey: namesKey)
    #expect(try problems([bad], current, roots: .none) == [.revoked, unknown])
    #expect(try problems([good], current, roots: .none) == [unknown])
    // The chain ends below what was taken back.
    let chain = [try Self.middle.issue(Self.host), Self.middle.certificate]
    let ofMiddle = try list(of: Self.root, [Self.middle.certificate], namesKey: namesKey)
    #expect(try problems(chain, ofMiddle, roots: .none).contains(.revoked))
    #expect(try problems(chain, ofMiddle, roots: .certificates([Self.middle.certificate])) == [.revoked])
    // What does not belong to the chain may have been taken back.
    #expect(try problems([good, Self.middle.certificate], ofMiddle) == [])

    let old = try list(of: Self.root, [bad], days: -9 ... -2, namesKey: namesKey)
    let unusable = CertificateProblem.unusableRevocationList(issuer: "Example Root")
    #expect(try problems([bad], old, roots: .none) == [.revoked, unknown, unusable])
    #expect(try problems([good], old, roots: .none) == [unknown, unusable])
    // An old list beside a current one is no loss.
    let both = try RevocationLists(reading: Array((pem(old) + pem(current)).utf8))
    #expect(
      ChainCheck.problems(of: [good], host: Self.host, at: now(), roots: .none, revoked: both) == [unknown])
  }

  @Test("an issuer with another key has other numbers")
  func otherKey() throws {
    let namesake = try Authority(name: "Example Root")
    let leaf = try Self.root.issue(Self.host)
    #expect(try problems([leaf], list(of: namesake, [leaf], namesKey: true)) == [])
    #expect(try problems([leaf], list(of: namesake, [leaf], namesKey: true), roots: .none).contains(.revoked) == false)
    // A list that does not say whose key signed it refuses what is in it, whoever has signed it.
    #expect(try problems([leaf], list(of: namesake, [leaf], namesKey: false)).first == .revoked)
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

  @Test("a list that is not valid is named, unless there is another one of the same issuer")
  func outdated() throws {
    let now = now()
    let (old, early) = (try list(of: Self.root, [], days: -9 ... -2), try list(of: Self.root, [], days: 2...9))
    let sentence = try #require(RevocationLists(reading: old).outdated(at: now).first).description
    #expect(sentence.hasPrefix("The list of revoked certificates of Example Root ran out on 20"))
    #expect(
      try RevocationLists(reading: early).outdated(at: now).map(\.description)
        == ["The list of revoked certificates of Example Root is not valid yet."])
    let current = try list(of: Self.root, [])
    #expect(try RevocationLists(reading: current).outdated(at: now).isEmpty)
    #expect(try RevocationLists(reading: current).outdated(at: now + 8 * 86_400).count == 1)
    let others = try pem(current) + pem(list(of: Self.middle, [], days: -9 ... -2))
    #expect(
      try RevocationLists(reading: Array((others + pem(old)).utf8)).outdated(at: now).map(\.issuer) == [
        "Example Issuing"
      ])
  }

  @Test("files hold one list in DER or several in PEM; others are refused in a sentence")
  func files() throws {
    let der = try list(of: Self.root, [])
    let both = try pem(der) + pem(list(of: Self.middle, []))
    #expect(try !RevocationLists(reading: der).isEmpty)
    #expect(try RevocationLists(reading: der).count == 1)
    #expect(try RevocationLists(reading: Array(both.utf8)).count == 2)
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
