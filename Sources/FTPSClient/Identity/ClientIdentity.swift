package import FTP
package import TLS

/// A client certificate with its key, under the name by which its owner knows it. Made once and shared by all sessions
/// that show it.
package final class ClientIdentity: Sendable {
  package let name: String
  package let identity: Identity
  /// Holds nothing of any session; both kinds of connections of a session use it.
  let context: TLSContext

  package var certificate: Certificate { identity.chain[0] }

  /// Throws `TLSError.refused` where OpenSSL does not take the certificate, e.g. for a key that is too weak.
  package init(name: String, _ identity: Identity) throws(TLSError) {
    self.name = name
    self.identity = identity
    context = try TLSContext.client(identity: identity)
  }
}

/// Who keeps client certificates: is told what servers make of them.
package protocol IdentityObserver: Sendable {
  /// Whether this one is still what is kept under its name: it may have been replaced or removed since, in this program
  /// or in another. Asked before a session that is open already serves again, and while it does.
  ///
  /// - Throws: where it cannot be told now, as the disk fails: that is no withdrawal.
  func stands(_ identity: ClientIdentity) async throws -> Bool
  /// A server asked for a certificate, saw this one, and opened a session.
  func accepted(_ identity: ClientIdentity, by server: ServerAddress) async
  /// A server saw this one, and does not trust it (yet).
  func refused(_ identity: ClientIdentity, by server: ServerAddress) async
}
