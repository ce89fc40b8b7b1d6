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
    /// So often in a row an upload that was to begin in the middle was refused for a reason that was not told.
    var doubtsOfRestart = 0
    /// The same of one that was to be added.
    var doubtsOfAppending = 0
    /// An upload that began in the middle was looked at, and was right.
    var restartIsProved = false
    /// The largest offset at which a download began where it was asked to, as far as is known.
    var restartLimit = Int64.max
    /// Whether permissions can be set; nil where that was not tried.
    var takesPermissions: Bool?
    /// Digests are announced, but were refused.
    var refusesDigests = false
    /// Part files that another session of the server may still hold, after an attempt that ended without it.
    var heldParts: Set<RemotePath> = []
    /// Folders that a batch has made, so that nothing is in them at first that did not come from it.
    var newFolders: [TransferBatch.ID: [RemotePath: NewFolder]] = [:]
  }

  /// What was in a folder when it was made, or listed.
  private struct NewFolder {
    var since: ContinuousClock.Instant
    var taken: Set<FoldedName> = []
    /// Whether it has its permissions.
    var isFinished = true
  }

  /// Folders remembered for each batch; older ones are forgotten all at once, which only costs a question.
  private static let folderLimit = 10_000

  /// How long it is believed that nobody else has put anything into a new folder.
  let newFolderTime: Duration

  init(newFolderTime: Duration = .seconds(30)) { self.newFolderTime = newFolderTime }

  /// For items whose names some servers take for one.
  let collisions = Turns()

  /// Of servers that are to exchange files directly.
  let fxp = FXPMemory()
  /// What cannot be renamed to where it is moved.
  let renames = RenameMemory()

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

  /// An upload that was to begin in the middle, or to be added, was refused for a reason that was not told.
  ///
  /// - Returns: whether that is not the first time in a row, so that it is not taken for a passing fault again.
  func isSecondDoubt(of server: ServerAddress, appending: Bool) -> Bool {
    let doubts = appending ? \Facts.doubtsOfAppending : \Facts.doubtsOfRestart
    return servers.withLock { servers in
      servers[server, default: Facts()][keyPath: doubts] += 1
      return servers[server]?[keyPath: doubts] ?? 0 > 1
    }
  }

  /// Either was done.
  func forgetDoubts(of server: ServerAddress) {
    servers.withLock { servers in
      servers[server]?.doubtsOfRestart = 0
      servers[server]?.doubtsOfAppending = 0
    }
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

  /// Whether permissions can be set; nil where that was not tried.
  func takesPermissions(_ server: ServerAddress) -> Bool? { servers.withLock { $0[server]?.takesPermissions } }

  func learnPermissions(_ takes: Bool, of server: ServerAddress) {
    servers.withLock { $0[server, default: Facts()].takesPermissions = takes }
  }

  /// A server was silent, or said that a file is in use, when it was to go on with one that an earlier attempt sent.
  func learnHeld(_ part: RemotePath, on server: ServerAddress) {
    servers.withLock { _ = $0[server, default: Facts()].heldParts.insert(part) }
  }

  /// Whether that was so the last time.
  func forgetHeld(_ part: RemotePath, on server: ServerAddress) -> Bool {
    servers.withLock { $0[server]?.heldParts.remove(part) != nil }
  }

  // MARK: New folders

  /// Whether nothing stands at a path, as far as is known: a batch has made its folder itself, or has listed it since, a
  /// short time ago.
  func isFree(_ path: RemotePath, on server: ServerAddress, in batch: TransferBatch.ID) -> Bool {
    guard let folder = path.parent, let name = path.name else { return false }
    return servers.withLock { servers in
      guard let new = servers[server]?.newFolders[batch]?[folder] else { return false }
      return .now - new.since < newFolderTime && !new.taken.contains(FoldedName(name))
    }
  }

  /// Those of a batch's own folders of which it is too long ago that somebody looked.
  func agedFolders(
    among folders: Set<RemotePath>, on server: ServerAddress, in batch: TransferBatch.ID
  ) -> [RemotePath] {
    servers.withLock { servers in
      let new = servers[server]?.newFolders[batch] ?? [:]
      return folders.filter { folder in new[folder].map { .now - $0.since >= newFolderTime } ?? false }
    }
  }

  /// What is in such a folder.
  ///
  /// - Parameter since: when it was asked for.
  func learnNames(
    _ names: [FileName], in folder: RemotePath, on server: ServerAddress, batch: TransferBatch.ID,
    since: ContinuousClock.Instant
  ) {
    let taken = Set(names.map(FoldedName.init))
    servers.withLock { servers in
      guard servers[server]?.newFolders[batch]?[folder] != nil else { return }
      servers[server]?.newFolders[batch]?[folder] = NewFolder(since: since, taken: taken)
    }
  }

  /// - Parameter isFinished: whether it has its permissions.
  func learnNew(
    _ folder: RemotePath, on server: ServerAddress, in batch: TransferBatch.ID, isFinished: Bool = true
  ) {
    servers.withLock { servers in
      var folders = servers[server, default: Facts()].newFolders.removeValue(forKey: batch) ?? [:]
      if folders.count >= Self.folderLimit { folders = [:] }
      folders[folder] = NewFolder(since: .now, isFinished: isFinished)
      servers[server]?.newFolders[batch] = folders
    }
  }

  /// Whether a batch has made a folder, which has not got its permissions yet.
  func isUnfinished(_ folder: RemotePath, on server: ServerAddress, in batch: TransferBatch.ID) -> Bool {
    servers.withLock { $0[server]?.newFolders[batch]?[folder]?.isFinished == false }
  }

  func learnFinished(_ folder: RemotePath, on server: ServerAddress, in batch: TransferBatch.ID) {
    servers.withLock { $0[server]?.newFolders[batch]?[folder]?.isFinished = true }
  }

  /// A folder was there when it was to be made: whoever made it, more than one puts files there.
  func learnShared(_ folder: RemotePath, on server: ServerAddress) {
    servers.withLock { servers in
      for batch in servers[server]?.newFolders.keys.map(\.self) ?? [] {
        servers[server]?.newFolders[batch]?[folder] = nil
      }
    }
  }

  /// A batch has come to its end: what is in its folders later may be anybody's.
  func forget(_ batch: TransferBatch.ID) {
    renames.forget(batch)
    servers.withLock { servers in
      for server in servers.keys.map(\.self) { servers[server]?.newFolders[batch] = nil }
    }
  }
}
