import FTP
import FTPSClient

/// Goes through a tree folder by folder, with as much memory as its largest folders need. What cannot be done is
/// remembered with its reason, and the rest goes on.
struct TreeWork<Side: Tree> {
  /// Failures that are remembered; of more of them only the number is known.
  static var failureLimit: Int { 1_000 }
  /// Files that are told to the far end together.
  private static var together: Int { 16 }

  let side: Side
  let progress: EntryProgress
  private var report = TreeReport()

  init(_ side: Side, progress: EntryProgress) {
    self.side = side
    self.progress = progress
  }

  /// Does it to what stands at a path.
  ///
  /// - Throws: what keeps everything else from being done, too.
  consuming func run(_ task: TreeTask, on path: ItemPath) async throws -> TreeReport {
    switch task {
    case .remove: try await remove(path)
    case .setPermissions(let change): try await setPermissions(change, of: path)
    }
    return report
  }

  // MARK: Removing

  private mutating func remove(_ path: ItemPath) async throws {
    progress.addFound(1)
    switch try await side.kind(of: path) {
    case .folder: _ = try await removeFolder(path, depth: 1)
    case .file, .link: _ = try await removeFiles([path])
    case .perhapsFolder: _ = try await removePerhapsFolder(path)
    // Removed by an earlier attempt, or by somebody else; or a link to nothing, of which a server says nothing.
    case nil: _ = try await removeFiles([path])
    }
  }

  /// - Returns: whether it is gone.
  private mutating func removeFolder(_ path: ItemPath, depth: Int) async throws -> Bool {
    try Task.checkCancellation()
    guard let entries = try await list(path, depth: depth, tellingFileLinks: false) else { return false }
    var isEmpty = true
    let files = entries.filter { $0.kind == .file || $0.kind == .link }.map { path.appending($0.name) }
    for start in stride(from: 0, to: files.count, by: Self.together) {
      let chunk = Array(files[start..<min(start + Self.together, files.count)])
      if try await !removeFiles(chunk) { isEmpty = false }
    }
    for entry in entries where entry.kind == .folder {
      if try await !removeFolder(path.appending(entry.name), depth: depth + 1) { isEmpty = false }
    }
    for entry in entries where entry.kind == .perhapsFolder {
      if try await !removePerhapsFolder(path.appending(entry.name)) { isEmpty = false }
    }
    guard isEmpty else { return false }
    return try await removeEmptied(path)
  }

  private mutating func removeEmptied(_ path: ItemPath) async throws -> Bool {
    do {
      do { try await side.removeFolder(path) } catch {
        let links = try await side.hiddenLinks(in: path).map { path.appending($0) }
        guard !links.isEmpty else { throw error }
        progress.addFound(links.count)
        guard try await removeFiles(links) else { return false }
        try await side.removeFolder(path)
      }
    } catch {
      try fail(path, .folder, error)
      return false
    }
    progress.addDone()
    return true
  }

  /// `DELE` never removes a folder (RFC 959 section 4.1.3), and of a link never what it leads to; `RMD` removes no link,
  /// and no folder that holds something. Nothing else is tried.
  private mutating func removePerhapsFolder(_ path: ItemPath) async throws -> Bool {
    try Task.checkCancellation()
    if case .some(.some) = try await side.remove([path]).first {
      do { try await side.removeFolder(path) } catch {
        guard TransferError(error).isAboutOneEntry else { throw error }
        try fail(path, .folder, TransferError.perhapsLink(path.name))
        return false
      }
    }
    progress.addDone()
    return true
  }

  /// - Parameter paths: of one folder.
  /// - Returns: whether all are gone.
  private mutating func removeFiles(_ paths: [ItemPath]) async throws -> Bool {
    try Task.checkCancellation()
    let results = try await side.remove(paths)
    progress.addDone(results.count { $0 == nil })
    let refused = zip(paths, results).filter { $1 != nil }
    guard let first = refused.first else { return true }
    // A second attempt is refused what the first one has done: then it is not in the list any more.
    let there = try? await side.entries(of: first.0.removingLast(1), tellingFileLinks: false).map(\.name)
    var isGone = true
    for (path, error) in refused {
      guard let error, there?.contains(path.name) != false else {
        progress.addDone()
        continue
      }
      try fail(path, .file, error)
      isGone = false
    }
    return isGone
  }

  // MARK: Permissions

  private mutating func setPermissions(_ change: PermissionChange, of path: ItemPath) async throws {
    progress.addFound(1)
    switch try await side.kind(of: path) {
    case .folder: try await setPermissions(change, ofFolder: path, depth: 1)
    case .file: try await setPermissions(change.bits(forFolder: false), of: [path], .file)
    case .link: try fail(path, .file, TransferError.linkHasNoPermissions(path.name))
    case .perhapsFolder: try fail(path, .folder, TransferError.perhapsLink(path.name))
    case nil: try fail(path, .file, TransferError.sourceMissing(path.name))
    }
  }

  private mutating func setPermissions(
    _ change: PermissionChange, ofFolder path: ItemPath, depth: Int
  ) async throws {
    try Task.checkCancellation()
    let bits = change.bits(forFolder: true)
    // Whoever closes a folder has to be done with what is in it; whoever opens it cannot look into it before.
    let comesFirst = !change.isRecursive || bits.map { $0 & 0o500 == 0o500 } ?? true
    if comesFirst { try await setPermissions(bits, of: [path], .folder) }
    if change.isRecursive, let entries = try await list(path, depth: depth, tellingFileLinks: true) {
      progress.addLeft(entries.count { $0.kind == .link })
      let files = entries.filter { $0.kind == .file }.map { path.appending($0.name) }
      for start in stride(from: 0, to: files.count, by: Self.together) {
        let chunk = Array(files[start..<min(start + Self.together, files.count)])
        try await setPermissions(change.bits(forFolder: false), of: chunk, .file)
      }
      for entry in entries where entry.kind == .folder {
        try await setPermissions(change, ofFolder: path.appending(entry.name), depth: depth + 1)
      }
      for entry in entries where entry.kind == .perhapsFolder {
        try fail(path.appending(entry.name), .folder, TransferError.perhapsLink(entry.name))
      }
    }
    if !comesFirst { try await setPermissions(bits, of: [path], .folder) }
  }

  private mutating func setPermissions(
    _ bits: UInt16?, of paths: [ItemPath], _ kind: TransferItem.Kind
  ) async throws {
    try Task.checkCancellation()
    guard let bits else { return progress.addLeft(paths.count) }
    let results = try await side.setPermissions(bits, of: paths)
    progress.addDone(results.count { $0 == nil })
    for case (let path, let error?) in zip(paths, results) { try fail(path, kind, error) }
  }

  // MARK: Both

  /// What is in a folder; nil where that cannot be told, and the folder is left alone.
  private mutating func list(_ path: ItemPath, depth: Int, tellingFileLinks: Bool) async throws -> [TreeEntry]? {
    guard depth <= FolderWalk.depthLimit, path.bytes.count <= FolderWalk.pathLimit else {
      try fail(path, .folder, TransferError.tooDeep(path.name))
      return nil
    }
    do {
      var seen: Set<FileName> = []
      let entries = try await side.entries(of: path, tellingFileLinks: tellingFileLinks).filter {
        seen.insert($0.name).inserted
      }
      progress.addFound(entries.count)
      return entries
    } catch {
      try fail(path, .folder, error)
      return nil
    }
  }

  /// - Throws: what is not about this one file or folder.
  private mutating func fail(_ path: ItemPath, _ kind: TransferItem.Kind, _ error: any Error) throws {
    let error = TransferError(error)
    guard error.isAboutOneEntry else { throw error }
    report.failureCount += 1
    guard report.failures.count < Self.failureLimit else { return }
    report.failures.append(TreeReport.Failure(path: path, kind: kind, error: error))
  }
}

extension TransferError {
  /// Whether others may succeed where this one failed; if not, the connection is of no use any more.
  fileprivate var isAboutOneEntry: Bool {
    switch self {
    case .local, .unsuitableName, .tooDeep, .listingIncomplete, .sourceMissing, .linkHasNoPermissions, .perhapsLink:
      true
    case .session(.refused(_, let reply)): ![421, 425, 426].contains(reply.code)
    case .session(.malformed): true
    default: false
    }
  }
}
