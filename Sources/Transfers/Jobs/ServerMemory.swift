import FTP
import Synchronization

/// What jobs have learnt of servers, for the jobs after them; forgotten with the process.
final class ServerMemory: Sendable {
  private struct Facts {
    /// Files cannot be stored under a temporary name and renamed.
    var storesDirectly = false
    /// An upload cannot begin anywhere but at the start.
    var refusesRestart = false
    /// A file cannot be added to.
    var refusesAppending = false
    /// An upload that began in the middle was looked at, and was right.
    var restartIsProved = false
    /// The largest offset at which a download began where it was asked to, as far as is known.
    var restartLimit = Int64.max
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

  func refusesAppending(_ server: ServerAddress) -> Bool { servers.withLock { $0[server]?.refusesAppending ?? false } }

  func learnRefusedAppending(_ server: ServerAddress) {
    servers.withLock { $0[server, default: Facts()].refusesAppending = true }
  }

  func restartIsProved(_ server: ServerAddress) -> Bool { servers.withLock { $0[server]?.restartIsProved ?? false } }

  func learnRestartProved(_ server: ServerAddress) {
    servers.withLock { $0[server, default: Facts()].restartIsProved = true }
  }

  /// Whether a download may begin at an offset.
  func mayRestart(on server: ServerAddress, at offset: Int64) -> Bool {
    servers.withLock { offset <= $0[server]?.restartLimit ?? .max }
  }

  func learnRestartLimit(_ limit: Int64, of server: ServerAddress) {
    servers.withLock { servers in
      let known = servers[server]?.restartLimit ?? .max
      servers[server, default: Facts()].restartLimit = min(limit, known)
    }
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
