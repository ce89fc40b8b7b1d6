/// An issuer's list of revoked certificates that is not valid at the moment: nothing proves then that a certificate of that
/// issuer was not taken back.
package struct OutdatedRevocationList: Hashable, Sendable, CustomStringConvertible {
  /// The issuer's name for sentences, which is foreign text.
  let issuer: String
  /// When it ran out, in seconds since 1970; nil for a list that is not valid yet.
  let end: Int64?

  /// One sentence for people, without control characters.
  package var description: String {
    let list = "The list of revoked certificates of \(printable(issuer))"
    guard let end else { return "\(list) is not valid yet." }
    return "\(list) ran out on \(CertificateProblem.date(end))."
  }
}
