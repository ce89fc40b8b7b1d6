import FTP

/// A server wants a password that nobody has given yet, or refused the one it got.
struct PasswordQuestion: Hashable, Sendable {
  /// Named again in the answer.
  let id: Int
  var server: ServerAddress
  /// What the server said about the last one; nil at the first time.
  var refusal: String?
}
