import FTP
import Synchronization

/// What jobs have learnt of servers, for the jobs after them; forgotten with the process.
final class ServerMemory: Sendable {
  private struct Facts {
    /// Files cannot be stored under a temporary name and renamed.
    var storesDirectly = false
    /// An upload cannot begin anywhere but at the start.
    var refusesRestart = false
    /// Digests are announced, but were refused.
    var refusesDigests = false
    /// Folders that were made for this queue, so that nothing is in them that did not come from it.
    var newFolders: Set<RemotePath> = []
  }

  /// Folders remembered for each server; older ones are forgotten all at once, which only costs a question.
  private static let folderLimit = 10_000

  private let servers = Mutex<[ServerAddress: Facts]>([:])

  func storesDirectly(_ server: ServerAddress) -> Bool { servers.withLock { $0[server]?.storesDirectly ?? false } }

  func learnDirectStores(_ server: ServerAddress) {
    servers.withLock { $0[server, default: Facts()].storesDirectly = true }
  }

  func refusesRestart(_ server: ServerAddress) -> Bool { servers.withLock { $0[server]?.refusesRestart ?? false } }

  func learnRefusedRestart(_ server: ServerAddress) {
    servers.withLock { $0[server, default: Facts()].refusesRestart = true }
  }

  /// The best digest that a server computes of its files.
  func digest(on server: ServerAddress, _ features: Features) -> HashAlgorithm? {
    servers.withLock { $0[server]?.refusesDigests ?? false } ? nil : features.digests.first
  }

  func learnNoDigest(_ server: ServerAddress) {
    servers.withLock { $0[server, default: Facts()].refusesDigests = true }
  }

  func isNew(_ folder: RemotePath?, on server: ServerAddress) -> Bool {
    guard let folder else { return false }
    return servers.withLock { $0[server]?.newFolders.contains(folder) ?? false }
  }

  func learnNew(_ folder: RemotePath, on server: ServerAddress) {
    servers.withLock { servers in
      if (servers[server]?.newFolders.count ?? 0) >= Self.folderLimit { servers[server]?.newFolders = [] }
      servers[server, default: Facts()].newFolders.insert(folder)
    }
  }
}
