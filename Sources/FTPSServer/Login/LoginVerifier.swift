package import FTP

/// Decides who may log in.
package protocol LoginVerifier: Sendable {
  /// Whether `password` is right for `user`, a name as the client sent it. Should take the same time for names that do
  /// not exist.
  func accepts(user: [UInt8], password: Secret) async -> Bool
}

/// One user with one password, kept in memory: for the demo and for tests.
package struct SingleLogin: LoginVerifier {
  private let user: Secret
  private let password: Secret

  package init(user: String, password: Secret) {
    self.user = Secret(user)
    self.password = password
  }

  package func accepts(user: [UInt8], password: Secret) async -> Bool {
    // Both are compared, so that the time does not tell which was wrong.
    let sameUser = self.user == Secret(utf8: user)
    let samePassword = self.password == password
    return sameUser && samePassword
  }
}
