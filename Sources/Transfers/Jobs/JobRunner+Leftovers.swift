import FTP
import FTPSClient
import Glibc

/// Part files of items that are given up.
extension JobRunner {
  /// Part files that a server is asked to remove together.
  private static var together: Int { 32 }

  /// Removes what an item that is given up may have left.
  ///
  /// - Returns: whether nothing is left to be done.
  @discardableResult
  func discardPart(of item: TransferItem, in batch: TransferBatch) async -> Bool {
    guard item.mayLeavePart(in: batch) else { return true }
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { _ in }
    do {
      do { try await bringBack(job) } catch TransferError.targetIsSource { return true }
      guard try await isCopy(job) else { return true }
      switch batch.target {
      case .local:
        let part = item.partName
        try await disk.run { files in try files.remove(part, in: try LocalFolders.target(job, files)) }
      case .remote(let server):
        guard let path = item.remotePart else { return true }
        try await sessions.with(server) { try await $0.delete(path) }
      }
      return true
    } catch let error as FTPSError where error.isPermanentRefusal {
      // There is none.
      return true
    } catch {
      if case .local(let fault) = TransferError(error), fault.code == ENOENT { return true }
      return false
    }
  }

  /// The same for many on one server, in few round trips.
  ///
  /// - Returns: those of which nothing is left to be done.
  func discardParts(of leftovers: [Leftover], on server: ServerAddress) async -> [TransferItem.ID] {
    var gone: [TransferItem.ID] = []
    var paths: [(id: TransferItem.ID, path: RemotePath)] = []
    for leftover in leftovers {
      if leftover.batch.operation == .move {
        if await discardPart(of: leftover.item, in: leftover.batch) { gone.append(leftover.item.id) }
      } else if let path = leftover.item.remotePart {
        paths.append((leftover.item.id, path))
      }
    }
    for start in stride(from: 0, to: paths.count, by: Self.together) {
      let chunk = paths[start..<min(start + Self.together, paths.count)]
      let refusals = try? await sessions.with(server) { try await $0.deleteAll(chunk.map(\.path)) }
      guard let refusals else { break }
      gone += zip(chunk, refusals).filter { $1?.isPermanentRefusal ?? true }.map(\.0.id)
    }
    return gone
  }

  /// While a file is moved, what stood at its target may bear the name of the part for a moment (see ``expectTwoFiles``).
  /// Where there is neither a source nor a target, it may be all that is left.
  private func isCopy(_ job: Job) async throws -> Bool {
    guard job.batch.operation == .move else { return true }
    if try await isThere(job, job.item.target, job.batch.target) { return true }
    return try await isThere(job, job.item.source, job.batch.source)
  }
}

/// An item that is over and may have left a part file.
struct Leftover: Sendable {
  let item: TransferItem
  let batch: TransferBatch
  /// Whether the item leaves the journal with it.
  var forgets = false
}

extension TransferItem {
  func mayLeavePart(in batch: TransferBatch) -> Bool { kind != .folder && batch.operation.isTransfer }

  /// Where its part file is on a server.
  fileprivate var remotePart: RemotePath? { target.remote.parent?.appending(partName) }
}
