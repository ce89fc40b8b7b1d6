import FTP
import Synchronization

/// The servers at which panes are, or on their way to.
final class Visits: Sendable {
  private let servers = Mutex<Set<ServerAddress>>([])

  /// Whether somebody is at a server, as whoever it may be; `besides`: as somebody else.
  func contains(_ server: ServerAddress, besides user: ServerAddress? = nil) -> Bool {
    servers.withLock { $0.contains { $0.isSameServer(as: server) && $0 != user } }
  }

  /// Takes where the panes are now.
  ///
  /// - Returns: the servers at which no pane is any more, as whoever it may be.
  func change(to new: Set<ServerAddress>) -> Set<ServerAddress> {
    servers.withLock { servers in
      defer { servers = new }
      return servers.filter { old in !new.contains { $0.isSameServer(as: old) } }
    }
  }
}
