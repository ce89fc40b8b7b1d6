/// What the queue keeps beyond the process.
///
/// Every call returns when its change is kept; all of a call, or nothing of it, is kept.
package protocol TransferJournal: Sendable {
  /// What earlier processes left, in the order in which it was queued, with unfinished items as waiting ones.
  func restore() async throws -> [JournaledBatch]
  /// Keeps a batch with its first items.
  func insert(_ request: TransferRequest, _ items: [NewItem]) async throws -> JournaledBatch
  /// Takes items to work on them. Those that come back are this process's alone until it is done with them, or dead.
  func claim(_ ids: [TransferItem.ID]) async throws -> Set<TransferItem.ID>
  /// Keeps the contents of a folder, together with what the folder itself is from now on.
  ///
  /// - Parameter folder: with its new state and stage.
  func expand(_ folder: TransferItem, into children: [NewItem]) async throws -> [TransferItem]
  /// Keeps what items are now.
  ///
  /// - Returns: those that another copy has now, or has done, or that are there no more: nothing is kept about them.
  func save(_ items: [TransferItem]) async throws -> Set<TransferItem.ID>
  /// Keeps a batch's policy.
  func save(_ batch: TransferBatch) async throws
  /// Keeps where items stand.
  func rank(_ ranks: [ItemRank]) async throws
  /// Whether persons have paused the whole queue.
  func isPaused() async throws -> Bool
  /// Keeps that persons have paused the whole queue, or let it go on.
  func setPaused(_ isPaused: Bool) async throws
  /// What persons have done with items by other copies of the program since the last call; of the first, since the
  /// queue was restored.
  func changesOutside() async throws -> [OutsideChange]
  /// Those of some items that another copy has now, or that are done, or that are there no more.
  func takenElsewhere(_ ids: [TransferItem.ID]) async throws -> Set<TransferItem.ID>
  /// What other copies have left to do in a folder that is being moved.
  func rest(of folder: TransferItem.ID) async throws -> FolderRest
  /// Items that are over and may have left a part file: those that were saved as cancelled after they had started.
  func leftovers() async throws -> [JournaledBatch]
  /// Those of some items that are still over and may have left a part file: nobody has taken them up again.
  func stillLeft(_ ids: [TransferItem.ID]) async throws -> Set<TransferItem.ID>
  /// The part files of these items are gone.
  func forgetParts(_ ids: [TransferItem.ID]) async throws
  /// Forgets items.
  func remove(_ ids: [TransferItem.ID]) async throws
  /// Forgets all items that are done, skipped or cancelled.
  func clearFinished() async throws
  /// The process will do nothing more: what it still has is for others.
  func retire() async
}

/// What is left to do in a folder that is being moved, at any depth, for others than this process.
package enum FolderRest: Hashable, Sendable {
  case nothing
  /// Another process works on something in it.
  case underWay
  /// Something waits for its turn.
  case waiting
  /// Something in it will not be moved by itself.
  case stays
}

/// A batch with its items.
package struct JournaledBatch: Hashable, Sendable {
  package var batch: TransferBatch
  package var items: [TransferItem]

  package init(_ batch: TransferBatch, _ items: [TransferItem]) {
    self.batch = batch
    self.items = items
  }
}

/// Numbers items and forgets everything with the process: for single commands.
package actor MemoryJournal: TransferJournal {
  private var lastItem: Int64 = 0
  private var lastBatch: Int64 = 0

  package init() {}

  package func restore() -> [JournaledBatch] { [] }

  package func insert(_ request: TransferRequest, _ items: [NewItem]) -> JournaledBatch {
    lastBatch += 1
    let batch = TransferBatch(id: TransferBatch.ID(lastBatch), request)
    return JournaledBatch(batch, number(items, batch: batch.id, parent: nil))
  }

  package func claim(_ ids: [TransferItem.ID]) -> Set<TransferItem.ID> { Set(ids) }

  package func expand(_ folder: TransferItem, into children: [NewItem]) -> [TransferItem] {
    number(children, batch: folder.batch, parent: folder.id)
  }

  package func save(_ items: [TransferItem]) -> Set<TransferItem.ID> { [] }
  package func save(_ batch: TransferBatch) {}
  package func rank(_ ranks: [ItemRank]) {}
  package func isPaused() -> Bool { false }
  package func setPaused(_ isPaused: Bool) {}
  package func changesOutside() -> [OutsideChange] { [] }
  package func takenElsewhere(_ ids: [TransferItem.ID]) -> Set<TransferItem.ID> { [] }
  package func rest(of folder: TransferItem.ID) -> FolderRest { .nothing }
  package func leftovers() -> [JournaledBatch] { [] }
  package func stillLeft(_ ids: [TransferItem.ID]) -> Set<TransferItem.ID> { Set(ids) }
  package func forgetParts(_ ids: [TransferItem.ID]) {}
  package func remove(_ ids: [TransferItem.ID]) {}
  package func clearFinished() {}
  package func retire() {}

  private func number(_ items: [NewItem], batch: TransferBatch.ID, parent: TransferItem.ID?) -> [TransferItem] {
    let first = lastItem + 1
    return items.map { item in
      lastItem += 1
      let folder = parent ?? item.parent.map { TransferItem.ID(first + Int64($0)) }
      return item.item(TransferItem.ID(lastItem), batch: batch, parent: folder)
    }
  }
}
