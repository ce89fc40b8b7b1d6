import Transfers

/// A journal in memory that takes its time to give out items and to keep batches, as long as it is told to.
actor SlowJournal: TransferJournal {
  private let memory = MemoryJournal()
  private var isHolding = false
  private var isHoldingSaves = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func hold() { isHolding = true }
  /// The same for what items are.
  func holdSaves() { isHoldingSaves = true }

  func release() {
    isHolding = false
    isHoldingSaves = false
    letThrough()
  }

  /// Those that wait now go on; others after them wait.
  func letThrough() {
    for caller in waiting { caller.resume() }
    waiting = []
  }

  /// Whether somebody waits for it.
  var isWaitedFor: Bool { !waiting.isEmpty }

  private func pass() async {
    if isHolding { await withCheckedContinuation { waiting.append($0) } }
  }

  func restore() async -> [JournaledBatch] { await memory.restore() }
  func insert(_ request: TransferRequest, _ items: [NewItem]) async -> JournaledBatch {
    await memory.insert(request, items)
  }
  func claim(_ ids: [TransferItem.ID]) async -> Set<TransferItem.ID> {
    await pass()
    return Set(ids)
  }
  func expand(_ folder: TransferItem, into children: [NewItem]) async -> [TransferItem] {
    await memory.expand(folder, into: children)
  }
  func save(_ items: [TransferItem]) async -> Set<TransferItem.ID> {
    if isHoldingSaves { await withCheckedContinuation { waiting.append($0) } }
    return []
  }
  func save(_ batch: TransferBatch) async { await pass() }
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
