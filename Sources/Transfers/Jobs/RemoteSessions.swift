package import FTP
package import FTPSClient
import Synchronization

/// Knows how to reach servers: keeps their pools, with passwords, identities and whom to ask about certificates.
package protocol SessionProvider: Sendable {
  /// The pool of a server.
  ///
  /// - Throws: ``TransferError/credentialsNeeded(_:)`` where the password is not known: the queue asks, and comes back
  ///   after ``TransferQueue/serverReady(_:)``.
  func pool(for server: ServerAddress) async throws -> SessionPool
  /// Whether a person lets a server exchange files with another one directly (FXP).
  func mayExchange(_ server: ServerAddress) async -> Bool
}

extension SessionProvider {
  package func mayExchange(_ server: ServerAddress) async -> Bool { false }
}

/// Sessions for jobs.
protocol RemoteSessions: Sendable {
  /// Many files are to come, or a large one: opens sessions beforehand.
  ///
  /// - Parameter count: as many; nil: as there may be jobs.
  func warm(_ server: ServerAddress, upTo count: Int?) async
  /// Lends a session with a server to `body`.
  ///
  /// - Throws: ``TransferError/server(_:_:)`` where none can be had, else what `body` throws.
  func with<Value: Sendable>(
    _ server: ServerAddress, _ body: @Sendable (any RemoteFiles) async throws -> Value
  ) async throws -> Value
  /// Whether two servers may exchange files directly: a person has said so of both.
  func mayExchange(_ server: ServerAddress, _ other: ServerAddress) async -> Bool
  /// Lends two sessions at once, with two servers or with one.
  ///
  /// - Throws: as ``with(_:_:)``.
  func with<Value: Sendable>(
    _ server: ServerAddress, and other: ServerAddress,
    _ body: @Sendable (any RemoteFiles, any RemoteFiles) async throws -> Value
  ) async throws -> Value
}

extension RemoteSessions {
  func mayExchange(_ server: ServerAddress, _ other: ServerAddress) async -> Bool { false }
}

/// The sessions of pools.
struct PooledSessions: RemoteSessions {
  let provider: any SessionProvider
  /// Jobs at the same time.
  var jobs = 1
  private let turns = ServerTurns()

  init(provider: any SessionProvider, jobs: Int = 1) {
    self.provider = provider
    self.jobs = jobs
  }

  func warm(_ server: ServerAddress, upTo count: Int?) async {
    try? await provider.pool(for: server).warm(upTo: count ?? jobs)
  }

  func with<Value: Sendable>(
    _ server: ServerAddress, _ body: @Sendable (any RemoteFiles) async throws -> Value
  ) async throws -> Value { try await lend(server, for: .transfer, body) }

  func with<Value: Sendable>(
    _ server: ServerAddress, and other: ServerAddress,
    _ body: @Sendable (any RemoteFiles, any RemoteFiles) async throws -> Value
  ) async throws -> Value {
    if server == other { return try await withTwo(server, body) }
    // Everybody begins with the same one of two: else several could each hold what another one waits for, for ever. A
    // server that does not answer, or that a person has to be asked about, only holds up those who need it.
    if server.comesBefore(other) {
      return try await lend(server, for: .transfer) { session in
        try await lend(other, for: .transfer) { try await body(session, $0) }
      }
    }
    return try await lend(other, for: .transfer) { session in
      try await lend(server, for: .transfer) { try await body($0, session) }
    }
  }

  /// Two sessions of one server have no order; they are taken by one at a time.
  private func withTwo<Value: Sendable>(
    _ server: ServerAddress, _ body: @Sendable (any RemoteFiles, any RemoteFiles) async throws -> Value
  ) async throws -> Value {
    let turns = turns.of(server)
    let turn = Turn(turns)
    try await turns.take()
    do {
      return try await lend(server, for: .transfer) { session in
        try await lend(server, for: .second) { second in
          await turn.end()
          return try await body(session, second)
        }
      }
    } catch {
      await turn.end()
      throw error
    }
  }

  func mayExchange(_ server: ServerAddress, _ other: ServerAddress) async -> Bool {
    for server in Set([server, other]) where await !provider.mayExchange(server) { return false }
    return true
  }

  private func lend<Value: Sendable>(
    _ server: ServerAddress, for purpose: SessionPool.Purpose,
    _ body: @Sendable (any RemoteFiles) async throws -> Value
  ) async throws -> Value {
    let hasSession = Atomic(false)
    do {
      return try await provider.pool(for: server).withSession(for: purpose) { session in
        hasSession.store(true, ordering: .relaxed)
        return try await body(session)
      }
    } catch let error as FTPSError where error != .cancelled && !hasSession.load(ordering: .relaxed) {
      throw TransferError.server(server, error)
    }
  }
}

/// One turn, which is given up once.
private actor Turn {
  private let turns: Turns
  private var isOver = false

  init(_ turns: Turns) { self.turns = turns }

  func end() async {
    if isOver { return }
    isOver = true
    await turns.pass()
  }
}

/// The turns of each server.
private final class ServerTurns: Sendable {
  private let all = Mutex<[ServerAddress: Turns]>([:])

  func of(_ server: ServerAddress) -> Turns {
    all.withLock { all in
      if let turns = all[server] { return turns }
      let turns = Turns()
      all[server] = turns
      return turns
    }
  }
}

extension ServerAddress {
  /// Any order will do that is always the same.
  fileprivate func comesBefore(_ other: ServerAddress) -> Bool {
    let (mine, others) = ("\(mode) \(self)", "\(other.mode) \(other)")
    return mine < others
  }
}
