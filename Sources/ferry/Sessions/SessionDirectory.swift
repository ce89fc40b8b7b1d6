import FTP
import FTPSClient
import NIOCore
import NIOPosix
import TLS
import Transfers

/// The sessions of this process: one pool for each server and user, with the passwords that are known until it ends.
actor SessionDirectory: SessionProvider {
  /// What all sessions have in common.
  struct Terms: Sendable {
    var trust: any TrustAuthority
    var roots = TrustRoots.system
    var revoked = RevocationLists()
    var transcript: (any Transcript)?
    var book: SessionBook?
    /// The client certificate for a server: the one of the name that was chosen for it, if there is one, else what is
    /// usual there. Asked once, and again when it has changed; may ask a person for its passphrase.
    var identity: @Sendable (ServerAddress, _ chosen: String?) async throws -> ClientIdentity? = { _, _ in nil }
    /// Is told what servers make of client certificates.
    var identityObserver: (any IdentityObserver)?
    /// Sessions with one server at the same time, at least 1.
    var limit = 4
    /// Those of them that transfers leave to panes.
    var reserved = 0
    /// Who limits the speed of transfers.
    var pacer: (any Pacer)?
    /// Whether servers make the data connections.
    var isActive = false
    /// Whether a server may exchange files directly with other ones.
    var mayExchange: @Sendable (ServerAddress) -> Bool = { _ in false }
  }

  private let terms: Terms
  private var pools: [ServerAddress: SessionPool] = [:]
  private var passwords: [ServerAddress: Secret] = [:]
  /// What is shown to each server; nil once it is known that nothing is.
  private var identities: [ServerAddress: ClientIdentity?] = [:]
  /// The name of what was last shown to a server.
  private var chosen: [ServerAddress: String] = [:]
  /// Those that may exchange files directly with one another, as long as this process lives.
  private var exchanging: Set<ServerAddress> = []
  // No thread runs before the first session is wanted.
  private lazy var group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  init(_ terms: Terms) { self.terms = terms }

  /// Whether a session can be opened without asking anybody for a password.
  func knowsPassword(for server: ServerAddress) -> Bool {
    server.user == nil || passwords[server] != nil
  }

  /// Makes a password known. If it is another one than before, sessions that are idle end.
  func setPassword(_ password: Secret?, for server: ServerAddress) async {
    guard passwords[server] != password else { return }
    passwords[server] = password
    await close(server)
  }

  /// Makes the client certificate for a server known, or that there is none. Sessions and tickets of another one end: a
  /// server must not take one identity for the other.
  func setIdentity(_ identity: ClientIdentity?, for server: ServerAddress) async {
    let before = identities.updateValue(identity, forKey: server) ?? nil
    chosen[server] = identity?.name
    if before !== identity { await end(server, because: Self.otherIdentity) }
  }

  /// Finds the client certificate for a server, where none was set; returns the one that is shown.
  ///
  /// - Throws: what opening it does; then no session should be opened.
  @discardableResult
  func prepareIdentity(for server: ServerAddress) async throws -> ClientIdentity? {
    if let known = identities[server], await stands(known) { return known }
    let identity = try await terms.identity(server, chosen[server])
    // Somebody may have set one meanwhile.
    if let known = identities[server], await stands(known) { return known }
    await setIdentity(identity, for: server)
    return identity
  }

  /// A client certificate of this name was made, replaced or removed: what shows it ends, and what is shown to each
  /// server is found anew.
  func identityChanged(_ name: String, isGone: Bool = false) async {
    if isGone { chosen = chosen.filter { $0.value != name } }
    for (server, identity) in identities where identity == nil || identity?.name == name {
      identities[server] = nil
      if identity != nil { await end(server, because: Self.otherIdentity) }
    }
  }

  /// The same; why it cannot be opened is told as the reason why no session is.
  func openIdentity(for server: ServerAddress) async throws(FTPSError) -> ClientIdentity? {
    do {
      return try await prepareIdentity(for: server)
    } catch is CancellationError {
      throw FTPSError.identityUnavailable("Nobody gave its passphrase.")
    } catch {
      throw FTPSError.identityUnavailable("\(error)")
    }
  }

  /// The pool of a server whose password is known, or that needs none: it has no user, or takes a certificate.
  func pool(for server: ServerAddress) async throws -> SessionPool {
    let identity = try await openIdentity(for: server)
    guard knowsPassword(for: server) || identity != nil else { throw TransferError.credentialsNeeded(server) }
    return pool(anyway: server)
  }

  func mayExchange(_ server: ServerAddress) -> Bool { exchanging.contains(server) || terms.mayExchange(server) }

  /// Lets a server exchange files directly with others, whatever its site says.
  func letExchange(_ server: ServerAddress) { exchanging.insert(server) }

  /// The pool of a server, whether or not its password is known: a client certificate may be all that it wants.
  func pool(anyway server: ServerAddress) -> SessionPool {
    if let pool = pools[server] { return pool }
    let pool = SessionPool(
      configuration: configuration(for: server), group: group, limit: terms.limit,
      reserved: terms.reserved)
    pools[server] = pool
    return pool
  }

  /// All that a session with a server needs, as its pool uses it.
  func configuration(for server: ServerAddress) -> SessionConfiguration {
    var configuration = SessionConfiguration(
      server: server, password: passwords[server], identity: identities[server] ?? nil, trust: terms.trust,
      roots: terms.roots, transcript: terms.transcript, book: terms.book,
      pacer: terms.pacer, isActive: terms.isActive)
    configuration.revoked = terms.revoked
    configuration.identityObserver = terms.identityObserver
    return configuration
  }

  /// Opens a session that belongs to no pool.
  func open(_ configuration: SessionConfiguration) async throws -> FTPSession {
    try await FTPSession.open(configuration, on: group)
  }

  /// Ends the sessions with a server; those that are lent end when they come back.
  func close(_ server: ServerAddress) async {
    await pools.removeValue(forKey: server)?.close()
  }

  /// The same, whoever logged in.
  func closeAll(with server: ServerAddress) async {
    for key in pools.keys.filter({ $0.isSameServer(as: server) }) { await close(key) }
  }

  /// Ends the sessions with a server at once, those that are lent too.
  private func end(_ server: ServerAddress, because reason: FTPSError) async {
    await pools.removeValue(forKey: server)?.end(because: reason)
  }

  /// Ends the sessions with a server at once, whoever logged in: its certificate is trusted no more.
  func endAll(with server: ServerAddress) async {
    let concerned = pools.keys.filter { $0.isSameServer(as: server) }
    for key in concerned { await end(key, because: .withdrawn("the server's certificate is trusted no more")) }
  }

  private static let otherIdentity = FTPSError.withdrawn(
    "another client certificate, or none, is shown to the server now")

  /// Whether nothing has happened to it since it was opened. Where that cannot be told by a second look either, it is opened
  /// anew, which says why.
  private func stands(_ identity: ClientIdentity?) async -> Bool {
    guard let identity, let keeper = terms.identityObserver else { return true }
    if let stands = try? await keeper.stands(identity) { return stands }
    try? await Task.sleep(for: .milliseconds(100))
    return (try? await keeper.stands(identity)) ?? false
  }

  /// Ends all sessions in an orderly way.
  func close() async {
    let all = pools.values
    pools = [:]
    await withTaskGroup(of: Void.self) { closing in
      for pool in all { closing.addTask { await pool.close() } }
    }
  }
}
