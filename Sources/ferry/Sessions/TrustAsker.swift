import FTPSClient
import Storage

/// Who is asked when neither the cache nor the policy decides about a certificate: a dialog, or a prompt on the terminal.
protocol TrustAsker: Sendable {
  /// `previous` holds what was trusted for the server until now; if it is not empty, the certificate has changed.
  func ask(_ question: TrustQuestion, previous: [TrustedCertificate]) async -> TrustDesk.Answer
}

extension TrustDesk {
  /// A person's answer to the question whether a certificate is to be trusted.
  enum Answer: Sendable, Hashable {
    case reject
    /// For as long as this program runs.
    case once
    /// Kept in the cache, and not asked again.
    case always
  }
}
