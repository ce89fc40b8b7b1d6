import FTP
import FTPSClient

/// The removal of what a comparison has listed: never more than was seen then. Whatever has come since keeps its folder.
extension JobRunner {
  func removeListed(_ job: Job) async throws -> JobOutcome {
    let item = job.item
    job.entries.addFound(1)
    switch job.batch.source {
    case .local:
      let tree = LocalTree(disk: disk, base: item.source.removingLast(item.depth))
      guard let there = try await tree.status(of: item.source) else { break }
      try await remove(item, there, in: tree) { try await tree.status(of: item.source) != nil }
    case .remote(let server):
      try await sessions.with(server) { session in
        let tree = RemoteTree(server: server, session: session, batch: job.batch.id, known: knownKinds)
        guard let there = try await entry(of: item.source.remote, session) else { return }
        try await remove(item, there, in: tree) { try await entry(of: item.source.remote, session) != nil }
      }
    }
    job.entries.addDone()
    return .done(.removed(1))
  }

  /// - Parameter isThere: asks whether it is still there.
  private func remove(
    _ item: TransferItem, _ there: ListingEntry, in tree: some Tree, _ isThere: () async throws -> Bool
  ) async throws {
    if item.kind == .folder {
      // Neither takes away a folder that holds something.
      do { return try await tree.removeFolder(item.source) } catch {
        if try await isThere() { throw error }
        return
      }
    }
    let isOther = item.expected.map { FileFacts(there).isOtherFile(than: $0) } ?? false
    guard !there.isDirectory, !isOther else { throw TransferError.changedSince(item.source.name) }
    if case .some(.some(let error)) = try await tree.remove([item.source]).first { throw error }
  }

  /// What is there now; nil where it has been removed, by an earlier attempt or by somebody else. A server may keep what
  /// it lists to itself when it is asked for that alone (vsftpd's `deny_file`), so the list has the last word.
  private func entry(of path: RemotePath, _ session: any RemoteFiles) async throws -> ListingEntry? {
    if let entry = try await session.status(of: path) { return entry }
    guard let folder = path.parent, let name = path.name else { return nil }
    let list: FolderList
    do { list = try await session.list(folder) } catch let error as FTPSError where error.isPermanentRefusal {
      if try await session.status(of: folder) != nil { throw error }
      return nil
    }
    if let entry = list.entries.first(where: { $0.name == name }) { return entry }
    guard list.isWhole else { throw TransferError.listingIncomplete(folder.name ?? name) }
    return nil
  }
}
