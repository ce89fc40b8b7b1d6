internal import COpenSSL

/// Lists of certificates that their issuers have taken back (CRLs, RFC 5280 section 5), as somebody has fetched them:
/// nothing is ever fetched from an issuer, as that would tell it who connects to whom.
package struct RevocationLists: Hashable, Sendable {
  /// Each in DER.
  private let lists: [[UInt8]]

  /// No list: nothing is known to be revoked.
  package init() { lists = [] }

  /// Longer files are not read.
  package static let sizeLimit = 32 << 20

  package var isEmpty: Bool { lists.isEmpty }

  /// Reads a file of one list in DER, or of any number in PEM.
  ///
  /// - Throws: `TLSError.malformed` where there is none, or one of them cannot be read; `.tooLarge`.
  package init(reading bytes: [UInt8]) throws(TLSError) {
    if bytes.count > Self.sizeLimit { throw .tooLarge(what: "file", limit: "32 MiB") }
    let found = PEM.looksLikePEM(bytes) ? try PEM.blocks(bytes).filter { $0.label == "X509 CRL" }.map(\.der) : [bytes]
    for list in found {
      guard let whole = Self.decode(list) else { throw .malformed("list of revoked certificates") }
      X509_CRL_free(whole)
    }
    if found.isEmpty { throw .malformed("list of revoked certificates") }
    lists = found
  }

  /// Has a verification look at the lists, for the certificate and for its issuers. One that no list is for is not found
  /// fault with. The caller frees what is returned after the context, which only borrows it.
  func apply(to context: OpaquePointer) -> OpaquePointer? {
    guard !lists.isEmpty else { return nil }
    guard let stack = ferry_crls_new() else { preconditionFailure("out of memory") }
    // The stack keeps the reference that decoding gives.
    for list in lists { ferry_crls_push(stack, Self.decode(list)) }
    X509_STORE_CTX_set0_crls(context, stack)
    X509_VERIFY_PARAM_set_flags(
      X509_STORE_CTX_get0_param(context), UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
    return stack
  }

  private static func decode(_ der: [UInt8]) -> OpaquePointer? {
    decodeWhole(der, { d2i_X509_CRL(nil, $0, $1) }, free: X509_CRL_free)
  }
}
