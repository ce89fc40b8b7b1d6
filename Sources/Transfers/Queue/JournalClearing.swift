package import FTP
package import Storage

/// Giving up failed transfers without a running queue.
package struct JournalClearing: Sendable {
  /// What became of part files.
  package struct Report: Hashable, Sendable {
    package var removed = 0
    /// Those that are to be removed once their servers are reached, by server.
    package var left: [ServerAddress: Int] = [:]
  }

  /// A part file that nobody will remove any more.
  package struct ForgottenPart: Hashable, Sendable {
    /// Nil for this machine.
    package var server: ServerAddress?
    package var path: [UInt8]
  }

  private let journal: QueueJournal
  private let disk: LocalDisk

  private static let pageSize = 2_000

  package init(_ journal: QueueJournal, disk: LocalDisk) {
    self.journal = journal
    self.disk = disk
  }

  /// Gives up all that has failed. What may have left a part file stays in the journal until that is removed.
  ///
  /// - Returns: how many were given up and stay for that reason.
  package func giveUpFailed() throws(StorageError) -> Int {
    var count = 0
    var last: JournalItem.ID = 0
    while true {
      // By number: what running copies take out of these items meanwhile does not move the others.
      let page = try journal.items(in: .failed, after: last, limit: Self.pageSize)
      guard let end = page.last?.id else { return count }
      last = end
      var parts: [JournalItem.ID: [UInt8]] = [:]
      for row in page {
        guard row.entry.operation == .copy || row.entry.operation == .move, let item = TransferItem(row),
          item.kind != .folder
        else { continue }
        parts[row.id] = item.partName.bytes
      }
      count += try journal.giveUp(parts)
    }
  }

  /// Removes the part files on this machine of all that is over; those on servers are counted.
  package func removeParts() async throws -> Report {
    var report = Report()
    var last: JournalItem.ID = 0
    let runner = JobRunner(disk: disk, sessions: NoSessions())
    while true {
      let page = try journal.leftovers(after: last, limit: Self.pageSize)
      guard let end = page.last?.id else { return report }
      last = end
      var items = JournaledItems()
      items.add(page)
      var gone: [JournalItem.ID] = []
      for kept in try items.batches(journal) {
        for item in kept.items {
          if let server = kept.batch.target.server {
            report.left[server, default: 0] += 1
          } else if kept.batch.source == .local || kept.batch.operation == .copy {
            let isThere = await runner.hasPart(item, in: kept.batch)
            let end = await runner.discardPart(of: item, in: kept.batch) { [journal] ids in
              (try? journal.stillLeft(ids.map(\.rawValue))).map { Set($0.map { TransferItem.ID($0) }) }
            }
            guard end == .gone else { continue }
            gone.append(item.id.rawValue)
            if isThere { report.removed += 1 }
          }
        }
      }
      try journal.forgetParts(gone)
    }
  }

  /// Gives up the part files of all that is over, and removes none: for servers that will not come back.
  ///
  /// - Returns: where one may be yet.
  package func forgetParts() throws(StorageError) -> [ForgottenPart] {
    var parts: [ForgottenPart] = []
    var last: JournalItem.ID = 0
    while true {
      let page = try journal.leftovers(after: last, limit: Self.pageSize)
      guard let end = page.last?.id else { return parts }
      last = end
      let forgotten = try journal.forgetLeftovers(page.map(\.id))
      for item in page where forgotten.contains(item.id) {
        guard let name = item.partName else { continue }
        let target = item.entry.destination
        let folder = target.path[..<(target.path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)]
        parts.append(ForgottenPart(server: target.server, path: Array(folder) + name))
      }
    }
  }
}

extension JobRunner {
  /// Whether the part file of an item that goes to this machine is there.
  fileprivate func hasPart(_ item: TransferItem, in batch: TransferBatch) async -> Bool {
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { _ in }
    let status = try? await disk.run { files in
      try files.status(of: item.partName, in: try LocalFolders.target(job, files), following: false)
    }
    return status.flatMap(\.self) != nil
  }
}

/// For work that needs no server.
private struct NoSessions: RemoteSessions {
  func warm(_ server: ServerAddress, upTo count: Int?) async {}

  func with<Value: Sendable>(
    _ server: ServerAddress, _ body: @Sendable (any RemoteFiles) async throws -> Value
  ) async throws -> Value { throw TransferError.credentialsNeeded(server) }

  func with<Value: Sendable>(
    _ server: ServerAddress, and other: ServerAddress,
    _ body: @Sendable (any RemoteFiles, any RemoteFiles) async throws -> Value
  ) async throws -> Value { throw TransferError.credentialsNeeded(server) }
}
