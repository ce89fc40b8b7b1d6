import FTP
import Glibc

/// Files and folders that are worked on where they are, here or on a server. No call follows a symbolic link.
protocol Tree: Sendable {
  /// What stands at a path; nil where there is nothing.
  func kind(of path: ItemPath) async throws -> TreeEntry.Kind?
  /// The whole list of a folder.
  ///
  /// - Parameter tellingFileLinks: whether links to files must be told from files; links to folders always are.
  func entries(of folder: ItemPath, tellingFileLinks: Bool) async throws -> [TreeEntry]
  /// Links that ``entries(of:)`` may have left out.
  func hiddenLinks(in folder: ItemPath) async throws -> [FileName]
  /// Removes what is no folder.
  ///
  /// - Returns: for each of them why it is still there; nil where it is not.
  func remove(_ paths: [ItemPath]) async throws -> [TransferError?]
  /// Removes an empty folder.
  func removeFolder(_ path: ItemPath) async throws
  /// - Returns: for each of them why it keeps its permissions; nil where it has the new ones.
  func setPermissions(_ bits: UInt16, of paths: [ItemPath]) async throws -> [TransferError?]
}

/// A tree of this machine, component by component below the folder that a person chose.
struct LocalTree: Tree {
  let disk: LocalDisk
  /// The folder that a person chose.
  let base: ItemPath

  func kind(of path: ItemPath) async throws -> TreeEntry.Kind? {
    try await disk.run { files in
      try files.status(of: path.name, in: try folder(of: path, files), following: false)
        .map { TreeEntry($0.entry(named: path.name)).kind }
    }
  }

  func status(of path: ItemPath) async throws -> ListingEntry? {
    do {
      return try await disk.run { files in
        try files.status(of: path.name, in: try folder(of: path, files), following: false)?.entry(named: path.name)
      }
    } catch let fault as LocalFault where fault.code == ENOENT {
      // Nor is its folder there any more.
      return nil
    }
  }

  func entries(of path: ItemPath, tellingFileLinks: Bool) async throws -> [TreeEntry] {
    try await disk.run { files in
      let opened = try files.openFolder(path.name, in: try folder(of: path, files), following: false)
      return try files.names(in: opened).compactMap { entry in
        try files.status(of: entry.name, in: opened, following: false).map { TreeEntry($0.entry(named: entry.name)) }
      }
    }
  }

  func remove(_ paths: [ItemPath]) async throws -> [TransferError?] {
    try await each(paths) { path, folder, files in try files.remove(path.name, in: folder) }
  }

  func hiddenLinks(in folder: ItemPath) async throws -> [FileName] { [] }

  func removeFolder(_ path: ItemPath) async throws {
    try await disk.run { files in try files.removeFolder(path.name, in: try folder(of: path, files)) }
  }

  func setPermissions(_ bits: UInt16, of paths: [ItemPath]) async throws -> [TransferError?] {
    try await each(paths) { path, folder, files in try files.setPermissions(bits, of: path.name, in: folder) }
  }

  /// Paths of one folder.
  private func each(
    _ paths: [ItemPath],
    _ body: @escaping @Sendable (ItemPath, OpenFolder, any LocalFiles) throws -> Void
  ) async throws -> [TransferError?] {
    guard let first = paths.first else { return [] }
    return try await disk.run { files in
      let folder = try folder(of: first, files)
      return paths.map { path in
        do { try body(path, folder, files) } catch { return TransferError(error) }
        return nil
      }
    }
  }

  private func folder(of path: ItemPath, _ files: any LocalFiles) throws(LocalFault) -> OpenFolder {
    var folder = try files.openFolder(base.local)
    let depth = path.depth - base.depth
    for name in path.names(last: depth).dropLast() {
      folder = try files.openFolder(name, in: folder, following: false)
    }
    return folder
  }
}
