package import FTP
package import TLSChannel

/// What a session has learnt of its server while it was opened.
package struct SessionFacts: Sendable {
  /// The text of the greeting, escaped.
  package var greeting: String
  /// What `FEAT` told (RFC 2389); empty where the server does not know the command.
  package var features: Features
  /// Of the control connection; `nil` for a plaintext session.
  package var tls: TLSFacts?
  /// Whether the server asked for a client certificate in the handshake.
  package var asksForCertificate: Bool
  /// The directory in which the session began.
  package var home: RemotePath
  /// How long one command and its reply took.
  package var roundTrip: Duration
}
