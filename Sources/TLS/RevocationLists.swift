internal import COpenSSL

/// Lists of certificates that their issuers have taken back (CRLs, RFC 5280 section 5), as somebody has fetched them:
/// nothing is ever fetched from an issuer, as that would tell it who connects to whom.
///
/// A certificate that is in a list is refused, whether or not it can be proved that the list is its issuer's: servers often
/// send their own certificate alone, so that nobody's key is there to prove it with; and whoever named the file wants its
/// certificates refused. That holds for lists that are out of date, too.
package struct RevocationLists: Sendable {
  private let lists: [RevocationList]

  /// No list: nothing is known to be revoked.
  package init() { lists = [] }

  /// Longer files are not read.
  package static let sizeLimit = 32 << 20

  package var isEmpty: Bool { lists.isEmpty }

  /// How many there are.
  package var count: Int { lists.count }

  /// Reads a file of one list in DER, or of any number in PEM. Copies share what was read, which takes some 15 times the
  /// bytes of the file.
  ///
  /// - Throws: `TLSError.malformed` where there is none, or one of them cannot be read; `.tooLarge`.
  package init(reading bytes: [UInt8]) throws(TLSError) {
    if bytes.count > Self.sizeLimit { throw .tooLarge(what: "file", limit: "32 MiB") }
    let found = PEM.looksLikePEM(bytes) ? try PEM.blocks(bytes).filter { $0.label == "X509 CRL" }.map(\.der) : [bytes]
    var lists: [RevocationList] = []
    for der in found {
      guard let list = RevocationList(der: der) else { throw .malformed("list of revoked certificates") }
      lists.append(list)
    }
    if lists.isEmpty { throw .malformed("list of revoked certificates") }
    self.lists = lists
  }

  /// Those that are not valid at a time, in seconds since 1970, and beside which there is none of the same issuer that is.
  package func outdated(at now: Int64) -> [OutdatedRevocationList] {
    lists.compactMap { list in
      guard let fault = list.fault(at: now) else { return nil }
      return lists.contains { $0.isOfSameIssuer(as: list) && $0.isInDate(at: now) } ? nil : fault
    }
  }

  /// Has a verification look at the lists, for the certificate and for its issuers. The caller frees what is returned
  /// after the context, which only borrows it.
  func apply(to context: OpaquePointer) -> OpaquePointer? {
    guard !lists.isEmpty else { return nil }
    guard let stack = ferry_crls_new() else { preconditionFailure("out of memory") }
    for list in lists { ferry_crls_push(stack, list.retained()) }
    X509_STORE_CTX_set0_crls(context, stack)
    X509_VERIFY_PARAM_set_flags(
      X509_STORE_CTX_get0_param(context), UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
    return stack
  }

  /// What a verification does not find, as it uses a list only together with its issuer's certificate. A certificate that
  /// no list is for is not found fault with.
  ///
  /// - Parameters:
  ///   - chain: what was built, from the peer's own certificate upwards as far as issuers were found.
  ///   - unlisted: the places of those for which the verification found no list that it can use.
  ///   - now: seconds since 1970.
  func problems(of chain: OpaquePointer?, unlisted: Set<Int32>, at now: Int64) -> [CertificateProblem] {
    var problems: [CertificateProblem] = []
    for place in 0..<ferry_certificates_count(chain) where !lists.isEmpty {
      guard let x509 = ferry_certificates_at(chain, place) else { continue }
      let issuer = ferry_certificates_at(chain, place + 1) ?? (X509_self_signed(x509, 0) == 1 ? x509 : nil)
      if lists.contains(where: { $0.holds(x509, issuer) }) { problems.append(.revoked) }
      guard unlisted.contains(place) else { continue }
      let own = lists.filter { $0.isOfIssuer(of: x509, issuer) }
      // Where the issuer is there, its list would have been used if it could be.
      if !own.isEmpty, issuer != nil || !own.contains(where: { $0.isInDate(at: now) }) {
        problems.append(.unusableRevocationList(issuer: Certificate(copying: x509).details.issuer.shortName))
      }
    }
    return problems
  }
}
