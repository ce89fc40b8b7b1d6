/// What happens to a certificate that nothing has vouched for (`--trust`).
enum TrustPolicy: String, Sendable, CaseIterable {
  /// A person decides.
  case ask
  /// A server's first certificate is accepted and remembered; a changed one never is.
  case new
  /// Only what is trusted already.
  case known
}
