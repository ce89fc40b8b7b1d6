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
}

/// Sessions for jobs.
protocol RemoteSessions: Sendable {
  /// Many files are to come: opens as many sessions as there may be jobs.
  func warm(_ server: ServerAddress) async
  /// Lends a session with a server to `body`.
  ///
  /// - Throws: ``TransferError/server(_:_:)`` where none can be had, else what `body` throws.
  func with<Value: Sendable>(
    _ server: ServerAddress, _ body: @Sendable (any RemoteFiles) async throws -> Value
  ) async throws -> Value
}

/// The sessions of pools.
struct PooledSessions: RemoteSessions {
  let provider: any SessionProvider
  /// Jobs at the same time.
  var jobs = 1

  func warm(_ server: ServerAddress) async { try? await provider.pool(for: server).warm(upTo: jobs) }

  func with<Value: Sendable>(
    _ server: ServerAddress, _ body: @Sendable (any RemoteFiles) async throws -> Value
  ) async throws -> Value {
    let hasSession = Atomic(false)
    do {
      return try await provider.pool(for: server).withSession(for: .transfer) { session in
        hasSession.store(true, ordering: .relaxed)
        return try await body(session)
      }
    } catch let error as FTPSError where error != .cancelled && !hasSession.load(ordering: .relaxed) {
      throw TransferError.server(server, error)
    }
  }
}
