package import FTP
package import TLS

/// Decides who may log in.
package protocol LoginVerifier: Sendable {
  /// Whether `user`, a name as the client sent it, needs no password, because the trusted certificate that its client
  /// showed is proof enough (RFC 4217 section 12). Must not tell whether a name exists.
  ///
  /// - Returns: what the login rests on; nil where the user is not let in.
  func accepts(user: [UInt8], certificate: Certificate?) async -> LoginProof?

  /// Whether `password` is right for `user`, together with the certificate. Should take the same time for names that do
  /// not exist.
  ///
  /// - Returns: what the login rests on; nil where the user is not let in.
  func accepts(user: [UInt8], password: Secret, certificate: Certificate?) async -> LoginProof?

  /// Whether `user`, who was let in with `proof`, may stay.
  func stillAccepts(user: [UInt8], proof: LoginProof, certificate: Certificate?) async -> Bool
}

/// What somebody was let in with, so that a change of it can end the login.
package struct LoginProof: Hashable, Sendable {
  /// The hash that their password had then; nil where the certificate was enough, or where passwords do not change.
  package let password: PasswordHash?

  package init(password: PasswordHash? = nil) { self.password = password }
}

/// One user with one password, kept in memory: for the demo and for tests.
package struct SingleLogin: LoginVerifier {
  private let user: Secret
  private let password: Secret

  package init(user: String, password: Secret) {
    self.user = Secret(user)
    self.password = password
  }

  package func accepts(user: [UInt8], certificate: Certificate?) async -> LoginProof? { nil }

  package func accepts(user: [UInt8], password: Secret, certificate: Certificate?) async -> LoginProof? {
    // Both are compared, so that the time does not tell which was wrong.
    let sameUser = self.user == Secret(utf8: user)
    let samePassword = self.password == password
    return sameUser && samePassword ? LoginProof() : nil
  }

  package func stillAccepts(user: [UInt8], proof: LoginProof, certificate: Certificate?) async -> Bool { true }
}
