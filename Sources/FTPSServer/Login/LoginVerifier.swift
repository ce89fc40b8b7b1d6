package import FTP
package import TLS

/// Decides who may log in.
package protocol LoginVerifier: Sendable {
  /// Whether `user`, a name as the client sent it, needs no password, because the trusted certificate that its client
  /// showed is proof enough (RFC 4217 section 12). Must not tell whether a name exists.
  func accepts(user: [UInt8], certificate: Certificate?) async -> Bool

  /// Whether `password` is right for `user`, together with the certificate. Should take the same time for names that do
  /// not exist.
  func accepts(user: [UInt8], password: Secret, certificate: Certificate?) async -> Bool

  /// Whether `user`, who is logged in, may stay so.
  func stillAccepts(user: [UInt8], certificate: Certificate?) async -> Bool
}

/// One user with one password, kept in memory: for the demo and for tests.
package struct SingleLogin: LoginVerifier {
  private let user: Secret
  private let password: Secret

  package init(user: String, password: Secret) {
    self.user = Secret(user)
    self.password = password
  }

  package func accepts(user: [UInt8], certificate: Certificate?) async -> Bool { false }

  package func accepts(user: [UInt8], password: Secret, certificate: Certificate?) async -> Bool {
    // Both are compared, so that the time does not tell which was wrong.
    let sameUser = self.user == Secret(utf8: user)
    let samePassword = self.password == password
    return sameUser && samePassword
  }

  package func stillAccepts(user: [UInt8], certificate: Certificate?) async -> Bool { true }
}
