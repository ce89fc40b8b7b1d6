package import TLS

/// What is kept under the name of a client certificate, as far as it can be read without the passphrase.
package struct StoredIdentity: Sendable, Hashable, Identifiable {
  package let name: String
  /// The certificate, then those of its issuers. Never empty.
  package let chain: [Certificate]
  /// Whether the key needs a passphrase.
  package let isEncrypted: Bool
  /// The last request for a signed certificate.
  package let request: CertificateRequest?
  /// The certificate that was replaced by the present one, which was not used yet.
  package let previous: Certificate?

  package var id: String { name }
  package var certificate: Certificate { chain[0] }

  /// Whether nobody but its owner vouches for it.
  package var isSelfSigned: Bool { chain[0].details.isSelfIssued }

  /// Whole days until it expires, rounded down; negative when it has.
  package func daysLeft(at now: Int64) -> Int {
    let left = chain[0].details.notAfter - now
    return Int(left >= 0 ? left / 86400 : (left - 86399) / 86400)
  }

  /// What a person should be reminded of: nil while more than 30 days are left (or a quarter of a shorter life).
  package func reminder(at now: Int64) -> Reminder? {
    let details = chain[0].details
    if now > details.notAfter { return .expired(at: details.notAfter) }
    if now < details.notBefore { return .notYetValid(from: details.notBefore) }
    let left = daysLeft(at: now)
    let life = Int((details.notAfter - details.notBefore) / 86400)
    return left <= min(30, life / 4) ? .expiresSoon(days: left) : nil
  }

  package enum Reminder: Hashable, Sendable, CustomStringConvertible {
    /// Seconds since 1970.
    case expired(at: Int64)
    /// Seconds since 1970.
    case notYetValid(from: Int64)
    case expiresSoon(days: Int)

    package var description: String {
      switch self {
      case .expired(let time): ClientCertificateProblem.expired(at: time).description
      case .notYetValid(let time): ClientCertificateProblem.notYetValid(from: time).description
      case .expiresSoon(0): "The certificate expires within a day."
      case .expiresSoon(1): "The certificate expires tomorrow."
      case .expiresSoon(let days): "The certificate expires in \(days) days."
      }
    }
  }
}
