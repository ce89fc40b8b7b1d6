import FTP
import Synchronization

/// What was not renamed to where it is moved, so that nothing in it is tried either; forgotten with its batch, and with the
/// process.
final class RenameMemory: Sendable {
  private struct State {
    var folders: [TransferBatch.ID: Set<TransferItem.ID>] = [:]
    var servers: Set<ServerAddress> = []
  }

  private let state = Mutex(State())

  /// Whether it is worth to try.
  func mayRename(_ item: TransferItem, on place: Place) -> Bool {
    state.withLock { state in
      if let server = place.server, state.servers.contains(server) { return false }
      guard let refused = state.folders[item.batch] else { return true }
      return !refused.contains(item.id) && item.parent.map { !refused.contains($0) } ?? true
    }
  }

  /// An item was refused, or is in a folder that was.
  func learnRefusal(_ item: TransferItem) {
    state.withLock { _ = $0.folders[item.batch, default: []].insert(item.id) }
  }

  /// A server knows no such command.
  func learnUnable(_ server: ServerAddress) { state.withLock { _ = $0.servers.insert(server) } }

  func forget(_ batch: TransferBatch.ID) { state.withLock { $0.folders[batch] = nil } }
}
