package import FTP
package import TLS
package import TLSChannel

/// What a server tells whoever runs it. Foreign bytes in texts are escaped, passwords masked.
package struct ServerEvent: Sendable {
  /// Counts the control connections since the start, from 1.
  package let connection: Int
  package let kind: Kind

  package enum Kind: Sendable {
    /// A client has connected; its address, with the port.
    case connected(String)
    /// The control connection is encrypted.
    case encrypted(TLSFacts)
    case command(String)
    case reply(String)
    case loggedIn(user: String)
    /// What was decided about the certificate that a client showed.
    case certificateJudged(Certificate, ClientVerdict)
    /// A certificate is required, and the client showed none.
    case certificateMissing
    /// The client was logged in, and may not be any more.
    case trustWithdrawn
    case loginFailed(user: String)
    /// A data connection is encrypted.
    case dataEncrypted(TLSFacts)
    /// Somebody else than the client came to the port of a data connection.
    case foreignDataConnection(String)
    /// A transfer is complete: bytes that were sent to the client, or received.
    case sent(RemotePath, bytes: Int64)
    case received(RemotePath, bytes: Int64)
    /// A name was made, removed or renamed, by this command and its path; with the new one of a renaming.
    case changed(String, RemotePath, RemotePath?)
    /// Something failed, for this reason.
    case problem(String)
    case disconnected
  }
}
