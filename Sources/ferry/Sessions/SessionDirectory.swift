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
    var transcript: (any Transcript)?
    var book: SessionBook?
    /// Sessions with one server at the same time, at least 1.
    var limit = 4
    /// Who limits the speed of transfers.
    var pacer: (any Pacer)?
    /// Whether servers make the data connections.
    var isActive = false
  }

  private let terms: Terms
  private var pools: [ServerAddress: SessionPool] = [:]
  private var passwords: [ServerAddress: Secret] = [:]
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

  /// The pool of a server whose password is known, or needs none.
  func pool(for server: ServerAddress) throws -> SessionPool {
    guard knowsPassword(for: server) else { throw TransferError.credentialsNeeded(server) }
    return pool(anyway: server)
  }

  /// The pool of a server, whether or not its password is known: a client certificate may be all that it wants.
  func pool(anyway server: ServerAddress) -> SessionPool {
    if let pool = pools[server] { return pool }
    let pool = SessionPool(configuration: configuration(for: server), group: group, limit: terms.limit)
    pools[server] = pool
    return pool
  }

  /// All that a session with a server needs, as its pool uses it.
  func configuration(for server: ServerAddress) -> SessionConfiguration {
    SessionConfiguration(
      server: server, password: passwords[server], trust: terms.trust, roots: terms.roots,
      transcript: terms.transcript, book: terms.book, pacer: terms.pacer, isActive: terms.isActive)
  }

  /// Opens a session that belongs to no pool.
  func open(_ configuration: SessionConfiguration) async throws -> FTPSession {
    try await FTPSession.open(configuration, on: group)
  }

  /// Ends the sessions with a server; those that are lent end when they come back.
  func close(_ server: ServerAddress) async {
    await pools.removeValue(forKey: server)?.close()
  }

  /// Ends the sessions with a server, whoever logged in: its certificate is trusted no more.
  func closeAll(with server: ServerAddress) async {
    let concerned = pools.keys.filter { $0.host == server.host && $0.port == server.port && $0.mode == server.mode }
    for key in concerned { await close(key) }
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
