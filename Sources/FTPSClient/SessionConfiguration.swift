package import FTP
package import TLS

/// All that is needed to open a session with one server as one user.
///
/// A value, so that a pool can open further sessions from it at any time.
package struct SessionConfiguration: Sendable {
  /// The server, its port, how TLS starts there, and the user.
  package var server: ServerAddress
  /// The password. `nil` sends an empty one where the server asks and there is no user (anonymous servers accept any);
  /// with a user, opening ends with ``FTPSError/passwordNeeded`` there.
  package var password: Secret?
  /// The client certificate with its key, shown when the server asks for one (RFC 4217 section 11.2).
  package var identity: ClientIdentity?
  /// Is told what the server makes of it.
  package var identityObserver: (any IdentityObserver)?
  /// Who decides about certificates that nothing has vouched for yet.
  package var trust: any TrustAuthority
  /// The certificates that vouch for others: the system's, unless a test or `--ca-file` says otherwise.
  package var roots: TrustRoots
  /// What those have taken back.
  package var revoked = RevocationLists()
  /// How long each kind of wait may take.
  package var timeouts: Timeouts
  /// Where commands and replies are written, with secrets masked and foreign bytes escaped.
  package var transcript: (any Transcript)?
  /// What is known of the server's ways; shared by all sessions that are opened from this value and its copies.
  package var habits = ServerHabits()
  /// Where what happens is kept as values, for the diagram.
  package var book: SessionBook?
  /// Who limits the speed of file transfers, if anybody.
  package var pacer: (any Pacer)?
  /// Whether the server connects to this machine for data (EPRT, PORT), instead of the other way round.
  package var isActive: Bool

  package init(
    server: ServerAddress, password: Secret? = nil, identity: ClientIdentity? = nil, trust: any TrustAuthority,
    roots: TrustRoots = .system, timeouts: Timeouts = Timeouts(), transcript: (any Transcript)? = nil,
    book: SessionBook? = nil, pacer: (any Pacer)? = nil, isActive: Bool = false
  ) {
    self.server = server
    self.password = password
    self.identity = identity
    self.trust = trust
    self.roots = roots
    self.timeouts = timeouts
    self.transcript = transcript
    self.book = book
    self.pacer = pacer
    self.isActive = isActive
  }
}
