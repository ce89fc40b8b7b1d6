import FTP
import FTPSClient
import Glibc

/// Part files of items that are given up.
extension JobRunner {
  /// Part files that a server is asked to remove together.
  private static var together: Int { 32 }

  /// Removes what an item that is given up may have left.
  ///
  /// - Parameter stillOver: asked right before anything is removed: another running copy may have taken it up again.
  @discardableResult
  func discardPart(
    of item: TransferItem, in batch: TransferBatch, _ stillOver: StillOver = { Set($0) }
  ) async -> PartEnd {
    guard item.mayLeavePart(in: batch) else { return .gone }
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { _ in }
    do {
      if batch.operation == .move || item.hasAside {
        let end = await end(of: item, stillOver)
        if end != .gone { return end }
        do {
          guard try await bringBack(job) else { return .left }
        } catch TransferError.targetIsSource { return .gone }
        guard try await isCopy(job) else { return .gone }
      }
      switch batch.target {
      case .local:
        let end = await end(of: item, stillOver)
        let part = item.partName
        if end == .gone {
          try await disk.run { files in try files.remove(part, in: try LocalFolders.target(job, files)) }
        }
        return end
      case .remote(let server):
        guard let path = item.remotePart else { return .gone }
        return try await sessions.with(server) { session in
          // Only now: the session may have had to be waited for.
          let end = await end(of: item, stillOver)
          if end == .gone { try await session.delete(path) }
          return end
        }
      }
    } catch let error as FTPSError where error.isPermanentRefusal {
      // There is none.
      return .gone
    } catch {
      if case .local(let fault) = TransferError(error), fault.code == ENOENT { return .gone }
      return .left
    }
  }

  /// The same for many on one server, in few round trips.
  ///
  /// - Returns: what became of those that are not left.
  func discardParts(
    of leftovers: [Leftover], on server: ServerAddress, _ stillOver: @escaping StillOver
  ) async -> [TransferItem.ID: PartEnd] {
    var ends: [TransferItem.ID: PartEnd] = [:]
    var paths: [(id: TransferItem.ID, path: RemotePath)] = []
    for leftover in leftovers {
      if leftover.batch.operation == .move || leftover.item.hasAside {
        ends[leftover.item.id] = await discardPart(of: leftover.item, in: leftover.batch, stillOver)
      } else if let path = leftover.item.remotePart {
        paths.append((leftover.item.id, path))
      }
    }
    for start in stride(from: 0, to: paths.count, by: Self.together) {
      let chunk = paths[start..<min(start + Self.together, paths.count)]
      let known = try? await sessions.with(server) { session -> [TransferItem.ID: PartEnd]? in
        guard let over = await stillOver(chunk.map(\.id)) else { return nil }
        let meant = chunk.filter { over.contains($0.id) }
        let refusals = try await session.deleteAll(meant.map(\.path))
        var known: [TransferItem.ID: PartEnd] = [:]
        for item in chunk where !over.contains(item.id) { known[item.id] = .kept }
        for (item, refusal) in zip(meant, refusals) where refusal?.isPermanentRefusal ?? true { known[item.id] = .gone }
        return known
      }
      guard let known = known ?? nil else { break }
      ends.merge(known) { $1 }
    }
    return ends.filter { $0.value != .left }
  }

  private func end(of item: TransferItem, _ stillOver: StillOver) async -> PartEnd {
    guard let over = await stillOver([item.id]) else { return .left }
    return over.contains(item.id) ? .gone : .kept
  }

  /// Where there is neither a source nor a target, what a move has brought may be all that is left.
  private func isCopy(_ job: Job) async throws -> Bool {
    guard job.batch.operation == .move else { return true }
    if try await isThere(job, job.item.target, job.batch.target) { return true }
    return try await isThere(job, job.item.source, job.batch.source)
  }
}

/// What became of a part file that was to be removed.
enum PartEnd: Hashable, Sendable {
  case gone
  /// It could not be removed now.
  case left
  /// Its item is not over any more.
  case kept
}

/// Those of some items that are still over, so that nobody needs their part files; nil where that cannot be told now.
typealias StillOver = @Sendable ([TransferItem.ID]) async -> Set<TransferItem.ID>?

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
