import FTP
import Transfers

/// A journal that holds what a process left that ended in the middle.
actor LeftJournal: TransferJournal {
  private var left: [JournaledBatch] = []
  private let memory = MemoryJournal()

  func leave(_ batch: TransferBatch, _ items: [TransferItem]) { left = [JournaledBatch(batch, items)] }

  func restore() -> [JournaledBatch] { left }
  func insert(_ request: TransferRequest, _ items: [NewItem]) async -> JournaledBatch {
    await memory.insert(request, items)
  }
  func claim(_ ids: [TransferItem.ID]) -> Set<TransferItem.ID> { Set(ids) }
  func expand(_ folder: TransferItem, into children: [NewItem]) async -> [TransferItem] {
    await memory.expand(folder, into: children)
  }
  func save(_ items: [TransferItem]) -> Set<TransferItem.ID> { [] }
  func save(_ batch: TransferBatch) {}
  func rank(_ ranks: [ItemRank]) {}
  func isPaused() -> Bool { false }
  func setPaused(_ isPaused: Bool) {}
  func changesOutside() -> [OutsideChange] { [] }
  func takenElsewhere(_ ids: [TransferItem.ID]) -> Set<TransferItem.ID> { [] }
  func leftovers() -> [JournaledBatch] { [] }
  func stillLeft(_ ids: [TransferItem.ID]) -> Set<TransferItem.ID> { Set(ids) }
  func rest(of folder: TransferItem.ID) -> FolderRest { .nothing }
  func forgetParts(_ ids: [TransferItem.ID]) {}
  func remove(_ ids: [TransferItem.ID]) {}
  func clearFinished() {}
  func retire() {}
}
