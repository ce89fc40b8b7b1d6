import FTP
import FTPSClient

/// Files and folders that are worked on where they are, here or on a server. No call follows a symbolic link.
protocol Tree: Sendable {
  /// What stands at a path; nil where there is nothing.
  func kind(of path: ItemPath) async throws -> ListingEntry.Kind?
  /// The whole list of a folder.
  func entries(of folder: ItemPath) async throws -> [ListingEntry]
  /// Removes what is no folder.
  ///
  /// - Returns: for each of them why it is still there; nil where it is not.
  func remove(_ paths: [ItemPath]) async throws -> [TransferError?]
  /// Removes a link that a list may have shown as the folder to which it leads.
  ///
  /// - Returns: false for a real folder, which stays.
  func removeLink(_ path: ItemPath) async throws -> Bool
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

  func kind(of path: ItemPath) async throws -> ListingEntry.Kind? {
    try await disk.run { files in
      try files.status(of: path.name, in: try folder(of: path, files), following: false)?.entry(named: path.name).kind
    }
  }

  func entries(of path: ItemPath) async throws -> [ListingEntry] {
    try await disk.run { files in
      let opened = try files.openFolder(path.name, in: try folder(of: path, files), following: false)
      return try files.names(in: opened).compactMap { entry in
        try files.status(of: entry.name, in: opened, following: false)?.entry(named: entry.name)
      }
    }
  }

  func remove(_ paths: [ItemPath]) async throws -> [TransferError?] {
    try await each(paths) { path, folder, files in try files.remove(path.name, in: folder) }
  }

  func removeLink(_ path: ItemPath) async throws -> Bool { false }

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

/// A tree of a server, through one session.
struct RemoteTree: Tree {
  let session: any RemoteFiles

  func kind(of path: ItemPath) async throws -> ListingEntry.Kind? { try await session.status(of: path.remote)?.kind }

  func entries(of folder: ItemPath) async throws -> [ListingEntry] {
    let list = try await session.list(folder.remote)
    guard list.isWhole else {
      guard let name = folder.names(last: 1).first else { throw FTPSError.closed("the list is not complete") }
      throw TransferError.listingIncomplete(name)
    }
    return list.entries
  }

  func remove(_ paths: [ItemPath]) async throws -> [TransferError?] {
    try await session.deleteAll(paths.map(\.remote)).map { $0.map { .session($0) } }
  }

  /// `DELE` never removes a folder (RFC 959 section 4.1.3), and of a link never what it leads to.
  func removeLink(_ path: ItemPath) async throws -> Bool {
    guard let refusal = try await session.deleteAll([path.remote]).first ?? nil else { return true }
    guard refusal.isPermanentRefusal else { throw refusal }
    return false
  }

  func removeFolder(_ path: ItemPath) async throws { try await session.removeDirectory(path.remote) }

  func setPermissions(_ bits: UInt16, of paths: [ItemPath]) async throws -> [TransferError?] {
    try await session.setPermissions(bits, of: paths.map(\.remote)).map { $0.map { .session($0) } }
  }
}
