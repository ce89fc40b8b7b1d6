import FTP
import NIOPosix
package import Storage

/// The queue on disk, shared by all running copies.
///
/// An item of the database waits, or is what became of it; it runs only while a job works on it, claimed by this
/// process. What is claimed by another live process is not seen here.
package actor StoredJournal: TransferJournal {
  private let journal: QueueJournal
  private let isExclusive: Bool
  private var worker: JournalWorker?
  /// How far the changes of others are known.
  private var lastChange: Int64?

  /// Finished items that are read back for showing; the others stay in the database until they are cleared.
  private static let finishedLimit = 1_000
  private static let pageSize = 5_000

  /// - Parameter isExclusive: what is put into the queue by this journal is done by this process alone, as long as it
  ///   lives: other copies see nothing of what waits. For commands, whose exit status tells what became of it.
  package init(_ journal: QueueJournal, isExclusive: Bool = false) {
    self.journal = journal
    self.isExclusive = isExclusive
  }

  package func restore() async throws -> [JournaledBatch] {
    _ = try await registered()
    return try await blocking { journal in
      var items = JournaledItems()
      let open: Set<JournalItem.State> = [.waiting, .paused, .needsYou, .failed]
      while true {
        let page = try journal.page(open, offset: items.count, limit: Self.pageSize)
        items.add(page)
        if page.count < Self.pageSize { break }
      }
      items.add(try journal.page([.done, .skipped, .cancelled], limit: Self.finishedLimit))
      return try items.batches(journal)
    }
  }

  package func insert(_ request: TransferRequest, _ items: [NewItem]) async throws -> JournaledBatch {
    let worker = try await registered()
    return try await blocking { journal in
      let number = try journal.makeBatch(title: request.title)
      let batch = TransferBatch(id: TransferBatch.ID(number), request)
      try journal.setAnswers(BatchText(batch).text, of: number)
      let placed = try journal.appendPlaced(
        items.lazy.map { JournalEntry($0, batch) }, to: number, by: worker, parents: items.map(\.parent))
      let first = placed.ids.lowerBound
      let kept = zip(placed.ids, items).enumerated().map { index, pair in
        let parent = pair.1.parent.map { TransferItem.ID(first + Int64($0)) }
        var item = pair.1.item(TransferItem.ID(pair.0), batch: batch.id, parent: parent)
        item.position = placed.firstPosition + Double(index)
        return item
      }
      try journal.record(kept.filter(\.state.isFinal).map(JournalUpdate.init), by: worker)
      return JournaledBatch(batch, kept)
    }
  }

  package func claim(_ ids: [TransferItem.ID]) async throws -> Set<TransferItem.ID> {
    let worker = try await registered()
    let claimed = try await blocking { journal in try journal.claim(items: ids.map(\.rawValue), for: worker) }
    return Set(claimed.map { TransferItem.ID($0) })
  }

  package func expand(_ folder: TransferItem, into children: [NewItem]) async throws -> [TransferItem] {
    let worker = try await registered()
    return try await blocking { journal in
      // Without its contents, the folder must not be taken for done.
      guard let item = try journal.item(folder.id.rawValue), let row = try journal.batch(folder.batch.rawValue),
        let batch = BatchText(row.answers)?.batch(folder.batch, item.entry)
      else { throw TransferError.takenElsewhere }
      let entries = children.lazy.map { JournalEntry($0, batch) }
      func items(_ ids: Range<JournalItem.ID>) -> [TransferItem] {
        zip(ids, children).map { $1.item(TransferItem.ID($0), batch: folder.batch, parent: folder.id) }
      }
      let ids = try journal.expand(item, by: worker, into: entries, update: JournalUpdate(folder)) { ids in
        items(ids).filter(\.state.isFinal).map(JournalUpdate.init)
      }
      guard let ids else { throw TransferError.takenElsewhere }
      return items(ids)
    }
  }

  package func save(_ items: [TransferItem]) async throws -> Set<TransferItem.ID> {
    let worker = try await registered()
    // What is done may as well be found to be done again; what a person has said must not be lost.
    let isRedone = items.allSatisfy { $0.state.isDone || $0.state == .running }
    let foreign = try await blocking { journal in
      try journal.record(items.map(JournalUpdate.init), by: worker, isRedone ? .written : .flushed)
    }
    return Set(foreign.map { TransferItem.ID($0) })
  }

  package func save(_ batch: TransferBatch) async throws {
    try await blocking { journal in try journal.setAnswers(BatchText(batch).text, of: batch.id.rawValue) }
  }

  package func rank(_ ranks: [ItemRank]) async throws {
    try await blocking { journal in
      try journal.setRanks(
        ranks.map { JournalRank(id: $0.id.rawValue, priority: $0.priority.rawValue, position: $0.position) })
    }
  }

  package func isPaused() async throws -> Bool { try await blocking { journal in try journal.isPaused() } }

  package func setPaused(_ isPaused: Bool) async throws {
    try await blocking { journal in try journal.setPaused(isPaused) }
  }

  package func changesOutside() async throws -> [OutsideChange] {
    let last = lastChange
    let (now, items) = try await blocking { journal in
      let now = try journal.lastTouch()
      guard let last, now > last else { return (now, [JournalItem]()) }
      return (now, try journal.touched(after: last))
    }
    lastChange = now
    return items.map(OutsideChange.init)
  }

  package func takenElsewhere(_ ids: [TransferItem.ID]) async throws -> Set<TransferItem.ID> {
    let worker = try await registered()
    let left = try await blocking { journal in try journal.undecided(ids.lazy.map(\.rawValue), by: worker) }
    return Set(ids).subtracting(left.map { TransferItem.ID($0) })
  }

  package func rest(of folder: TransferItem.ID) async throws -> FolderRest {
    let worker = try await registered()
    let states = try await blocking { journal in try journal.unfinished(below: folder.rawValue, except: worker) }
    if states.isEmpty { return .nothing }
    if states.contains(.running) { return .underWay }
    return states == [.waiting] ? .waiting : .stays
  }

  package func leftovers() async throws -> [JournaledBatch] {
    try await blocking { journal in
      var items = JournaledItems()
      items.add(try journal.leftovers(limit: Self.finishedLimit))
      return try items.batches(journal)
    }
  }

  package func stillLeft(_ ids: [TransferItem.ID]) async throws -> Set<TransferItem.ID> {
    let left = try await blocking { journal in try journal.stillLeft(ids.lazy.map(\.rawValue)) }
    return Set(left.map { TransferItem.ID($0) })
  }

  package func forgetParts(_ ids: [TransferItem.ID]) async throws {
    try await blocking { journal in try journal.forgetParts(ids.map(\.rawValue)) }
  }

  package func remove(_ ids: [TransferItem.ID]) async throws {
    let worker = try await registered()
    try await blocking { journal in try journal.forget(ids.map(\.rawValue), by: worker) }
  }

  package func clearFinished() async throws {
    try await blocking { journal in try journal.clear() }
  }

  package func retire() async {
    guard let worker else { return }
    self.worker = nil
    try? await blocking { journal in try journal.retire(worker) }
  }

  // MARK: Private

  private func registered() async throws -> JournalWorker {
    if let worker { return worker }
    let isExclusive = isExclusive
    let (new, change) = try await blocking { journal in
      (try journal.register(isExclusive: isExclusive), try journal.lastTouch())
    }
    // Somebody else may have registered meanwhile.
    if let worker {
      try await blocking { journal in try journal.retire(new) }
      return worker
    }
    worker = new
    // What others do to items that are put in from now on is news.
    if lastChange == nil { lastChange = change }
    return new
  }

  @discardableResult
  private func blocking<Value: Sendable>(
    _ body: @escaping @Sendable (QueueJournal) throws -> Value
  ) async throws -> Value {
    let journal = journal
    return try await NIOThreadPool.singleton.runIfActive { try body(journal) }
  }
}
