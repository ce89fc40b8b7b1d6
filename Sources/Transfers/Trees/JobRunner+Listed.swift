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
      try await removeListed(item, in: tree) { try await tree.status(of: item.source) }
    case .remote(let server):
      try await sessions.with(server) { session in
        let tree = RemoteTree(server: server, session: session, batch: job.batch.id, known: knownKinds)
        try await removeListed(item, in: tree) { try await session.status(of: item.source.remote) }
      }
    }
    job.entries.addDone()
    return .done(.removed(1))
  }

  /// - Parameter status: asks what is there now; nil where there is nothing.
  private func removeListed(
    _ item: TransferItem, in tree: some Tree, _ status: () async throws -> ListingEntry?
  ) async throws {
    // Removed by an earlier attempt, or by somebody else.
    guard let there = try await status() else { return }
    if item.kind == .folder {
      // Neither takes away a folder that holds something.
      do { return try await tree.removeFolder(item.source) } catch {
        if try await status() != nil { throw error }
        return
      }
    }
    let isOther = item.expected.map { FileFacts(there).isOtherFile(than: $0) } ?? false
    guard !there.isDirectory, !isOther else { throw TransferError.changedSince(item.source.name) }
    if case .some(.some(let error)) = try await tree.remove([item.source]).first { throw error }
  }
}
