package import FTP
import NIOCore

/// For whoever wants to know how a server answers, and not to get something done.
extension FTPSession {
  /// Where the session goes.
  package nonisolated var server: ServerAddress { configuration.server }

  /// The server's address in numbers.
  package nonisolated var peerAddress: String { peer.ipAddress ?? "" }

  /// Sends one command and returns its final reply, whatever it is.
  package func ask(_ command: Command) async throws -> Reply {
    try await operation { try await exchange(command) }
  }

  /// Sends several commands at once and returns their final replies, in order.
  package func askTogether(_ commands: [Command]) async throws -> [Reply] {
    try await operation { try await exchange(commands) }
  }
}
