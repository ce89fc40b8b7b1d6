package import FTP
package import TLS

/// Decides whether a server's certificate is trusted, while the handshake that showed it is paused.
///
/// Asked for the control connection only; a data connection has to resume its session or show the same certificate
/// (RFC 4217 section 10.2). No credential is sent before the answer.
package protocol TrustAuthority: Sendable {
  /// The decision about one certificate; it may take as long as a person needs.
  func judge(_ question: TrustQuestion) async -> TrustDecision

  /// Whether what was accepted once is accepted still, without asking anybody: trust may have been taken back since, in
  /// this program or in another. Asked before a session that is open already serves again, and while it does.
  ///
  /// - Throws: where it cannot be told now, as the disk or the database fails: that is no withdrawal.
  func stands(_ question: TrustQuestion) async throws -> Bool
}

/// What is known about a server's certificate when its trust has to be decided.
package struct TrustQuestion: Sendable, Hashable {
  /// Where the certificate was shown.
  package var server: ServerAddress
  /// The chain as the server sent it, its own certificate first. Never empty.
  package var chain: [Certificate]
  /// Why the chain does not vouch for the server by itself; empty if it does.
  package var problems: [CertificateProblem]
  /// For example "TLS 1.3".
  package var tlsVersion: String
  /// OpenSSL's name of the cipher suite.
  package var cipher: String

  package init(
    server: ServerAddress, chain: [Certificate], problems: [CertificateProblem], tlsVersion: String, cipher: String
  ) {
    self.server = server
    self.chain = chain
    self.problems = problems
    self.tlsVersion = tlsVersion
    self.cipher = cipher
  }
}

/// The answer to a ``TrustQuestion``.
package enum TrustDecision: Sendable, Hashable {
  case accept
  /// Refused, with the reason as a sentence for people.
  case reject(String)
}
