import FTP
import NIOCore
import Synchronization

@testable import FTPSClient
@testable import Transfers

/// A server in memory with the faults that real ones were seen to have, and no connection: for what no well-behaved
/// server does, and for sweeps of many thousand transfers.
final class MemoryServer: RemoteFiles, RemoteSessions {
  /// What becomes of `REST` before `RETR`.
  enum Retrieving: Equatable {
    case works
    /// `REST` is agreed to and not done.
    case ignored
    case refused
    /// Only so many bits of the offset are looked at.
    case wraps(bits: Int)
  }

  /// What becomes of `REST` before `STOR`.
  enum Storing: Equatable {
    case works
    case refused
    /// 451 that says nothing of what it is for.
    case fails
    /// What was there becomes zeros.
    case fillsWithZeros
    /// The file is begun anew.
    case ignored
    /// What comes is added at the end, wherever that is.
    case appends
  }

  struct Habits {
    var retrieving = Retrieving.works
    var storing = Storing.works
    var refusesAppending = false
    var refusesReading = false
    var refusesRenaming = false
    /// What is said then.
    var renameRefusal = 550
    /// MLST knows "unique".
    var tellsIdentities = true
    /// The connection is cut between a rename and its reply; once.
    var cutsAfterRename = false
    /// Nothing is replaced by a rename (550 to RNTO).
    var renamesToFreeNamesOnly = false
    /// An upload is refused with this reply after so many bytes; once.
    var breaksUpload: (code: Int, after: Int)?
    /// What is said to `SIZE` instead of a size: 550 by ProFTPD's `<Limit READ>`.
    var sizeRefusal: Int?
    /// Nothing is told of what is in folders, as by ProFTPD's `<Limit DIRS>`.
    var refusesListing = false
    /// Files that MLST calls links.
    var links: Set<RemotePath> = []
    /// Lines of each list that are not understood.
    var unparsedLines = 0
    /// Names differ only if they differ in more than case, and the form of accents.
    var ignoresCase = false
    /// The connection is cut after so many bytes of an upload; once.
    var cutsUploadAfter: Int?
    /// So many times what is there cannot be written to or removed.
    var isInUse = 0
    /// `SITE CHMOD` is known.
    var setsPermissions = false
    /// The connection is cut before permissions are set; once.
    var cutsPermissions = false
    /// The connection is cut when a file is asked for from this offset on, so many times.
    var cutsRetrieval: (at: Int64, times: Int)?
    /// Lines of FEAT.
    var features = ["SIZE", "MDTM", "MFMT", "REST STREAM", "MLST size*;modify*;type*;unique*;"]
  }

  struct File: Sendable {
    var size: Int64
    var modified: Timestamp
    var unique: String
    /// The bytes at an offset.
    var read: @Sendable (Int64, Int) -> [UInt8]

    init(_ bytes: [UInt8], modified: Timestamp = Timestamp(seconds: 1_600_000_000), unique: String = "1") {
      size = Int64(bytes.count)
      self.modified = modified
      self.unique = unique
      read = { offset, count in Array(bytes[min(Int(offset), bytes.count)..<min(Int(offset) + count, bytes.count)]) }
    }

    init(size: Int64, read: @escaping @Sendable (Int64, Int) -> [UInt8]) {
      self.init([])
      self.size = size
      self.read = read
    }

    var bytes: [UInt8] { read(0, Int(size)) }
  }

  struct State {
    var habits: Habits
    var files: [RemotePath: File] = [:]
    var folders: Set<RemotePath> = [.root]
    var log: [String] = []
    var lastUnique = 100
    var hook: (@Sendable (String) -> Void)?
  }

  let state: Mutex<State>

  init(_ habits: Habits = Habits()) { state = Mutex(State(habits: habits)) }

  var log: [String] { state.withLock { $0.log } }
  func forgetLog() { state.withLock { $0.log = [] } }
  var names: [String] { state.withLock { $0.files.keys.map { "\($0)" }.sorted() } }

  subscript(path: String) -> File? {
    get { state.withLock { $0.files[Self.path(path)] } }
    set { state.withLock { $0.files[Self.path(path)] = newValue } }
  }

  func change(_ body: (inout Habits) -> Void) { state.withLock { body(&$0.habits) } }

  /// Calls `body` before the server does what a command says, and after a download or a rename, with "done" behind its
  /// command.
  func before(_ body: @escaping @Sendable (_ line: String) -> Void) { state.withLock { $0.hook = body } }

  func take(_ line: String) {
    state.withLock { $0.hook }?(line)
    state.withLock { $0.log.append(line) }
  }

  /// Makes the folders that a file is in.
  func makeFolders(above path: String) {
    state.withLock { state in
      var folder = Self.path(path).parent
      while let next = folder, state.folders.insert(next).inserted { folder = next.parent }
    }
  }

  private static func path(_ text: String) -> RemotePath {
    do { return try RemotePath(text) } catch { preconditionFailure("\(error)") }
  }

  // MARK: Sessions

  func warm(_ server: ServerAddress, upTo count: Int?) async {}

  func with<Value: Sendable>(
    _ server: ServerAddress, _ body: @Sendable (any RemoteFiles) async throws -> Value
  ) async throws -> Value { try await body(self) }

  func with<Value: Sendable>(
    _ server: ServerAddress, and other: ServerAddress,
    _ body: @Sendable (any RemoteFiles, any RemoteFiles) async throws -> Value
  ) async throws -> Value { try await body(self, self) }

  var features: Features {
    let lines = state.withLock { $0.habits.features }
    return Features(Reply(211, lines: (["Features"] + lines.map { " " + $0 } + ["End"]).map { Array($0.utf8) }))
  }

  // MARK: Files

  func refusal(_ command: String, _ code: Int = 550) -> FTPSError {
    .refused(command: command, Reply(code, "No"))
  }

  func key(_ path: RemotePath, _ state: State) -> RemotePath {
    guard state.habits.ignoresCase else { return path }
    let folded = path.name.map { FoldedName($0) }
    return state.files.keys.first { $0.parent == path.parent && $0.name.map { FoldedName($0) } == folded } ?? path
  }

  func expectNotInUse(_ path: RemotePath, _ command: String) throws {
    let isInUse = state.withLock { state in
      guard state.habits.isInUse > 0, state.files[key(path, state)] != nil else { return false }
      state.habits.isInUse -= 1
      return true
    }
    if isInUse { throw FTPSError.refused(command: command, Reply(550, "The file is in use")) }
  }

  func file(_ path: RemotePath, _ command: String) throws -> File {
    take(command)
    let file = state.withLock { state in state.files[key(path, state)] }
    guard let file else { throw refusal(command) }
    return file
  }

  var listHidesLinks: Bool { false }
  func plainList(of folder: RemotePath) async throws -> FolderList? { nil }

  func list(_ folder: RemotePath) async throws -> FolderList {
    if state.withLock({ $0.habits.refusesListing }) { throw refusal("MLSD \(folder)") }
    var summary = ListingSummary()
    summary.unparsed = state.withLock { $0.habits.unparsedLines }
    return FolderList(entries(of: folder), summary)
  }

  private func entries(of folder: RemotePath) -> [ListingEntry] {
    take("MLSD \(folder)")
    return state.withLock { state in
      let files = state.files.filter { $0.key.parent == folder }.compactMap { path, file in
        path.name.map {
          ListingEntry(name: $0, kind: .file, size: file.size, modified: file.modified, unique: file.unique)
        }
      }
      return files
        + state.folders.filter { $0.parent == folder }.compactMap { path in
          path.name.map { ListingEntry(name: $0, kind: .directory) }
        }
    }
  }

  func status(of path: RemotePath) async throws -> ListingEntry? {
    guard let name = path.name else { return nil }
    take("MLST \(path)")
    if state.withLock({ $0.habits.refusesListing }) { return nil }
    return state.withLock { state in
      if state.folders.contains(path) { return ListingEntry(name: name, kind: .directory) }
      return state.files[key(path, state)].map {
        ListingEntry(
          name: name, kind: state.habits.links.contains(path) ? .symbolicLink(target: nil) : .file, size: $0.size,
          modified: $0.modified, unique: state.habits.tellsIdentities ? $0.unique : nil)
      }
    }
  }

  func deleteAll(_ paths: [RemotePath]) async throws -> [FTPSError?] {
    var refusals: [FTPSError?] = []
    for path in paths {
      do {
        try await delete(path)
        refusals.append(nil)
      } catch let error as FTPSError {
        refusals.append(error)
      }
    }
    return refusals
  }

  func setPermissions(_ bits: UInt16, of paths: [RemotePath]) async throws -> [FTPSError?] {
    let commands = paths.map { "SITE CHMOD \(String(bits, radix: 8)) \($0)" }
    for command in commands { take(command) }
    if state.withLock({ $0.habits.cutsPermissions }) {
      change { $0.cutsPermissions = false }
      throw FTPSError.closed("cut")
    }
    return commands.map { command in state.withLock { $0.habits.setsPermissions } ? nil : refusal(command, 502) }
  }

  func size(of path: RemotePath) async throws -> Int64 {
    if let code = state.withLock({ $0.habits.sizeRefusal }) { throw refusal("SIZE \(path)", code) }
    return try file(path, "SIZE \(path)").size
  }
  func modificationTime(of path: RemotePath) async throws -> Timestamp { try file(path, "MDTM \(path)").modified }

  func setModificationTime(_ time: Timestamp, of path: RemotePath) async throws -> Bool {
    take("MFMT \(path)")
    return state.withLock { state in
      // Whole seconds, as MFMT says them.
      state.files[key(path, state)]?.modified = Timestamp(seconds: time.seconds)
      return true
    }
  }

  func digest(of path: RemotePath, _ algorithm: HashAlgorithm, size: Int64) async throws -> [UInt8]? {
    let digest = ContentDigest(algorithm)
    try file(path, "HASH \(path)").bytes.withUnsafeBytes { digest.update($0) }
    return digest.value
  }

  // MARK: Names

  func makeDirectory(_ path: RemotePath) async throws {
    let isNew = state.withLock { $0.folders.insert(path).inserted }
    if !isNew { throw refusal("MKD \(path)") }
  }

  func removeDirectory(_ path: RemotePath) async throws {
    let isGone = state.withLock { $0.folders.remove(path) != nil }
    if !isGone { throw refusal("RMD \(path)") }
  }

  func delete(_ path: RemotePath) async throws {
    take("DELE \(path)")
    try expectNotInUse(path, "DELE \(path)")
    let isGone = state.withLock { state in
      state.files.removeValue(forKey: key(path, state)) != nil
    }
    if !isGone { throw refusal("DELE \(path)") }
  }

  func rename(_ path: RemotePath, to newPath: RemotePath) async throws {
    take("RNFR \(path)")
    let isTaken = state.withLock { state in
      state.habits.renamesToFreeNamesOnly && !state.habits.refusesRenaming && state.files[key(newPath, state)] != nil
    }
    if isTaken { throw refusal("RNTO \(newPath)") }
    let isRenamed = state.withLock { state in
      guard !state.habits.refusesRenaming else { return false }
      if let file = state.files.removeValue(forKey: key(path, state)) {
        state.files[key(newPath, state)] = file
        return true
      }
      guard state.folders.contains(path) else { return false }
      func renamed(_ old: RemotePath) -> RemotePath {
        guard old == path || old.isInside(path) else { return old }
        return newPath.appending(old.components.dropFirst(path.components.count))
      }
      state.files = Dictionary(uniqueKeysWithValues: state.files.map { (renamed($0.key), $0.value) })
      state.folders = Set(state.folders.map(renamed))
      return true
    }
    if !isRenamed { throw refusal("RNFR \(path)", state.withLock { $0.habits.renameRefusal }) }
    // Whoever waits for its reply may wait in vain.
    state.withLock { $0.hook }?("RNTO \(newPath) done")
    if state.withLock({ $0.habits.cutsAfterRename }) {
      change { $0.cutsAfterRename = false }
      throw FTPSError.closed("cut")
    }
  }
}
