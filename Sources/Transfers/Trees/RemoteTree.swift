import FTP
import FTPSClient

/// A tree of a server, through one session.
///
/// `MLST` and `MLSD` of many servers show a symbolic link as the folder to which it leads, and everything behind it would
/// be deleted. So `LIST` is asked for, too, which shows links as such.
struct RemoteTree: Tree {
  let server: ServerAddress
  let session: any RemoteFiles
  let batch: TransferBatch.ID
  /// What the lists of earlier items have told.
  let known: KnownKinds

  func kind(of path: ItemPath) async throws -> TreeEntry.Kind? {
    guard path.depth > 0 else { return .folder }
    if let kind = known.take(path, on: server, for: batch) { return kind }
    let folder = path.removingLast(1)
    do {
      let list = try await session.list(folder.remote)
      known.learn(
        try await entries(in: list, of: folder, tellingFileLinks: true), in: folder, on: server, for: batch)
      if let kind = known.take(path, on: server, for: batch) { return kind }
      // Of a name that is there, it is no matter what others beside it are called.
      try expectWhole(list, of: folder)
    } catch {
      guard case .some(true) = (error as? FTPSError)?.isPermanentRefusal else { throw error }
    }
    // Its folder cannot be read, or the server leaves some names out.
    guard let kind = try await session.status(of: path.remote)?.kind else { return nil }
    return kind == .directory ? .perhapsFolder : TreeEntry.Kind(kind)
  }

  func entries(of folder: ItemPath, tellingFileLinks: Bool) async throws -> [TreeEntry] {
    let list = try await session.list(folder.remote)
    try expectWhole(list, of: folder)
    return try await entries(in: list, of: folder, tellingFileLinks: tellingFileLinks)
  }

  private func expectWhole(_ list: FolderList, of folder: ItemPath) throws {
    if list.isWhole { return }
    guard let name = folder.names(last: 1).first else { throw FTPSError.closed("the list is not complete") }
    throw TransferError.listingIncomplete(name)
  }

  private func entries(
    in list: FolderList, of folder: ItemPath, tellingFileLinks: Bool
  ) async throws -> [TreeEntry] {
    let entries = list.entries.map { entry in
      list.perhapsLinks.contains(entry.name)
        ? TreeEntry(name: entry.name, kind: .perhapsFolder) : TreeEntry(entry)
    }
    guard tellingFileLinks, await session.listHidesLinks, let plain = try await session.plainList(of: folder.remote)
    else { return entries }
    let links = Set(plain.entries.map(TreeEntry.init).filter { $0.kind == .link }.map(\.name))
    return entries.map { entry in
      entry.kind == .file && links.contains(entry.name) ? TreeEntry(name: entry.name, kind: .link) : entry
    }
  }

  func hiddenLinks(in folder: ItemPath) async throws -> [FileName] {
    guard await session.listHidesLinks, let plain = try await session.plainList(of: folder.remote) else { return [] }
    return plain.entries.filter { TreeEntry.Kind($0.kind) == .link }.map(\.name)
  }

  func remove(_ paths: [ItemPath]) async throws -> [TransferError?] {
    try await session.deleteAll(paths.map(\.remote)).map { $0.map { .session($0) } }
  }

  func removeFolder(_ path: ItemPath) async throws { try await session.removeDirectory(path.remote) }

  func setPermissions(_ bits: UInt16, of paths: [ItemPath]) async throws -> [TransferError?] {
    try await session.setPermissions(bits, of: paths.map(\.remote)).map { $0.map { .session($0) } }
  }
}
