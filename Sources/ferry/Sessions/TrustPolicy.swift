import Storage

/// What happens to a certificate that nothing has vouched for (`--trust`).
enum TrustPolicy: String, Sendable, CaseIterable {
  /// A person decides.
  case ask
  /// A server's first certificate is accepted for this run of the program; a changed one never is.
  case once
  /// A server's first certificate is accepted and remembered; a changed one never is.
  case new
  /// The same, but its key is remembered, so that a renewal with the same key is no change.
  case newKey = "new-key"
  /// The same, but its issuer is remembered for this server, where the chain proves who that is.
  case newIssuer = "new-issuer"
  /// Only what is trusted already.
  case known

  /// What it answers about a server's first certificate; nil where it does not decide.
  var answer: TrustDesk.Answer? {
    switch self {
    case .ask, .known: nil
    case .once: .once
    case .new: .always(.certificate)
    case .newKey: .always(.key)
    case .newIssuer: .always(.issuer)
    }
  }
}
