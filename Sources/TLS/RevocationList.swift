internal import COpenSSL
internal import Glibc

/// One list of certificates that their issuer has taken back (a CRL, RFC 5280 section 5): read once, and looked into by
/// every verification.
final class RevocationList: Sendable {
  /// Only the order of its entries is ever changed, by OpenSSL and under a lock; hence safe from every thread.
  private nonisolated(unsafe) let crl: OpaquePointer
  /// Which of its issuer's keys has signed it, where it says so.
  private let keyIdentifier: [UInt8]?

  /// Reads one list in DER with nothing after it; nil where there is none.
  init?(der: [UInt8]) {
    guard let crl = decodeWhole(der, { d2i_X509_CRL(nil, $0, $1) }, free: X509_CRL_free) else { return nil }
    self.crl = crl
    keyIdentifier = Self.keyIdentifier(of: crl)
  }

  deinit { X509_CRL_free(crl) }

  private static func keyIdentifier(of crl: OpaquePointer) -> [UInt8]? {
    guard let value = X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, nil, nil) else { return nil }
    let identifier = value.assumingMemoryBound(to: AUTHORITY_KEYID.self)
    defer { AUTHORITY_KEYID_free(identifier) }
    return bytes(identifier.pointee.keyid)
  }

  private static func bytes(_ text: UnsafePointer<ASN1_OCTET_STRING>?) -> [UInt8]? {
    guard let text, let start = ASN1_STRING_get0_data(text) else { return nil }
    return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(text))))
  }

  /// A further reference to it, which whoever asks has to free.
  func retained() -> OpaquePointer {
    X509_CRL_up_ref(crl)
    return crl
  }

  /// Whether it is of the issuer of a certificate: by the name, and by the key where it is said which one that is.
  ///
  /// - Parameter issuer: the issuer's certificate, where it is at hand.
  func isOfIssuer(of x509: OpaquePointer, _ issuer: OpaquePointer?) -> Bool {
    isNamedAsIssuer(of: x509) && !isOfOtherKey(than: x509, issuer)
  }

  /// Whether a certificate is in it, by issuer and serial number. Nobody's signature is looked at.
  ///
  /// - Parameter issuer: the issuer's certificate, where it is at hand.
  func holds(_ x509: OpaquePointer, _ issuer: OpaquePointer?) -> Bool {
    var entry: OpaquePointer?
    // 2 is "taken off the list", which only additions to another list say (RFC 5280 section 5.3.1).
    guard X509_CRL_get0_by_cert(crl, &entry, x509) == 1 else { return false }
    // An entry may be for another issuer than the list's (section 5.3.3), whose keys the list does not name.
    return !isNamedAsIssuer(of: x509) || !isOfOtherKey(than: x509, issuer)
  }

  private func isNamedAsIssuer(of x509: OpaquePointer) -> Bool {
    X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(x509)) == 0
  }

  /// An issuer that has a new key may have a list for each of its keys, and the same number under both.
  private func isOfOtherKey(than x509: OpaquePointer, _ issuer: OpaquePointer?) -> Bool {
    let signer =
      Self.bytes(X509_get0_authority_key_id(x509)) ?? issuer.flatMap { Self.bytes(X509_get0_subject_key_id($0)) }
    guard let keyIdentifier, let signer else { return false }
    return keyIdentifier != signer
  }

  /// Whether both are lists of one issuer's key, as far as they say that.
  func isOfSameIssuer(as other: RevocationList) -> Bool {
    X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_CRL_get_issuer(other.crl)) == 0
      && (keyIdentifier == other.keyIdentifier || keyIdentifier == nil || other.keyIdentifier == nil)
  }

  /// What is wrong with it if it is not valid at a time, in seconds since 1970.
  func fault(at now: Int64) -> OutdatedRevocationList? {
    if isInDate(at: now) { return nil }
    let end = X509_CRL_get0_nextUpdate(crl).map { seconds($0) }
    return OutdatedRevocationList(
      issuer: DistinguishedName(X509_CRL_get_issuer(crl)).shortName, end: end.flatMap { $0 <= now ? $0 : nil })
  }

  /// Whether it is valid at a time, in seconds since 1970.
  func isInDate(at now: Int64) -> Bool {
    var now = time_t(now)
    guard X509_cmp_time(X509_CRL_get0_lastUpdate(crl), &now) < 0 else { return false }
    guard let until = X509_CRL_get0_nextUpdate(crl) else { return true }
    return X509_cmp_time(until, &now) > 0
  }
}
