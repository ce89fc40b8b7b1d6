/// The transfer queue as a value: what waits, runs, asks, has failed or is done, and what is to be done next.
///
/// Events in, actions out; no task, clock or disk in it. Every event costs the same whatever the queue's length, but for
/// those that name many items.
package struct QueueState: Equatable, Sendable {
  /// Where an item is listed.
  enum Shelf: Int, CaseIterable {
    /// It can run: a file, or something whose kind is not known.
    case readyFile
    /// It can run: a folder.
    case readyFolder
    /// Paused, or waiting for something other than its turn.
    case parked
    case running, needsYou, failed, finished

    /// Whether its items stand by their positions, not in the order in which they came to it.
    var isInOrder: Bool { rawValue <= Self.parked.rawValue }
  }

  struct Entry: Equatable {
    var item: TransferItem
    var shelf: Shelf
    var serial: UInt32 = 0
    /// Of a folder that is moved: what was found in it and is not done yet.
    var unfinishedChildren = 0
  }

  struct BatchEntry: Equatable {
    var batch: TransferBatch
    /// Items that are in the queue at all.
    var itemCount = 0
    /// Items that something may still happen to.
    var openCount = 0
    /// Where it goes, once something of it did not fit there.
    var volume: Volume?
    /// Folders whose contents have to be moved first, counted among the open ones.
    var emptyingFolders: Set<TransferItem.ID> = []
  }

  /// Files that wait ahead before folders are left alone.
  static let filesAhead = 2_000

  var entries: [TransferItem.ID: Entry] = [:]
  var batches: [TransferBatch.ID: BatchEntry] = [:]
  /// Batches with open items, in the order in which they were queued.
  var order: [TransferBatch.ID] = []
  /// What can run.
  var lanes: [Lane.Key: Lane] = [:]
  /// What is paused, or waits for something other than its turn.
  var parked: [Priority: ItemList] = [:]
  /// The position of the last item of all.
  var lastPosition = 0.0
  /// Items with a live job, whatever their state says by now.
  package internal(set) var working: Set<TransferItem.ID> = []
  /// Items whose jobs were stopped because the whole queue was.
  var halted: Set<TransferItem.ID> = []
  /// Items to be removed as soon as their job has ended.
  var doomed: Set<TransferItem.ID> = []
  var gates: [Place: Gate] = [:]
  /// Volumes without room, and who asks about each.
  var fullVolumes: [Volume: TransferItem.ID] = [:]
  /// By shelf; those of what waits are in ``lanes`` and ``parked``, and stay empty here.
  var lists = [ItemList](repeating: ItemList(), count: Shelf.allCases.count)
  /// By shelf: sizes of the items, as far as they are known. Servers say any size, and two of them may be more than 64 bits
  /// hold.
  var byteSums = [Int128](repeating: 0, count: Shelf.allCases.count)
  var shelfCounts = [Int](repeating: 0, count: Shelf.allCases.count)
  /// Jobs that may run at the same time.
  let jobLimit: Int
  /// Small files that one job takes together at most.
  let packetLimit: Int
  /// The packets under way, by number: how many of their items still work.
  var packets: [Int: Int] = [:]
  var lastPacket = 0
  /// Which packet a working item is part of.
  var packetOf: [TransferItem.ID: Int] = [:]
  /// Nothing new is begun.
  package internal(set) var isPaused = false
  let retries: RetryPolicy
  var random: SeededRandom

  /// - Parameters:
  ///   - jobs: items worked on at the same time, at least 1.
  ///   - packets: small files that one job takes together at most; 1: each has a job of its own.
  ///   - seed: of the randomness in delays.
  package init(jobs: Int = 3, packets: Int = 1, retries: RetryPolicy = RetryPolicy(), seed: UInt64 = 0) {
    jobLimit = max(1, jobs)
    packetLimit = max(1, packets)
    self.retries = retries
    random = SeededRandom(seed: seed)
  }

  // MARK: Looking

  package subscript(id: TransferItem.ID) -> TransferItem? { entries[id]?.item }
  package subscript(id: TransferBatch.ID) -> TransferBatch? { batches[id]?.batch }
  package var count: Int { entries.count }
  /// Whether nothing will happen before the next command.
  package var isIdle: Bool { working.isEmpty }

  // MARK: Moving items between shelves

  func ticket(_ id: TransferItem.ID) -> Ticket {
    guard let entry = entries[id] else { preconditionFailure("no such item") }
    return Ticket(item: id, serial: entry.serial, position: entry.item.position)
  }

  func isValid(_ ticket: Ticket) -> Bool { entries[ticket.item]?.serial == ticket.serial }

  /// Changes an item's state and puts it on the shelf that goes with it; what waits stands where it stood before.
  mutating func set(_ id: TransferItem.ID, _ state: ItemState, on shelf: Shelf) {
    take(id)
    guard var entry = entries[id] else { return }
    let batch = entry.item.batch
    if entry.item.state.isFinal != state.isFinal {
      batches[batch]?.openCount += state.isFinal ? -1 : 1
      if !state.isFinal, !order.contains(batch) { order.append(batch) }
    }
    if state.isFinal { batches[batch]?.emptyingFolders.remove(id) }
    entry.item.state = state
    entry.shelf = shelf
    entries[id] = entry
    put(id, on: shelf)
  }

  /// Takes an item off its shelf; whatever ticket it had there is void.
  mutating func take(_ id: TransferItem.ID) {
    guard let entry = entries[id] else { return }
    entries[id]?.serial &+= 1
    shelfCounts[entry.shelf.rawValue] -= 1
    byteSums[entry.shelf.rawValue] -= Int128(entry.item.size ?? 0)
    withList(of: entry) { list, state in list.left { state.isValid($0) } }
  }

  mutating func put(_ id: TransferItem.ID, on shelf: Shelf) {
    guard let entry = entries[id] else { return }
    shelfCounts[shelf.rawValue] += 1
    byteSums[shelf.rawValue] += Int128(entry.item.size ?? 0)
    let ticket = ticket(id)
    withList(of: entry) { list, _ in shelf.isInOrder ? list.insert(ticket) : list.append(ticket) }
  }

  /// Lends the list that an item is in together with the rest of the state.
  mutating func withList(of entry: Entry, _ body: (inout ItemList, QueueState) -> Void) {
    var list = ItemList()
    let (shelf, priority) = (entry.shelf, entry.item.priority)
    switch shelf {
    case .readyFile:
      let lane = lane(of: entry.item)
      swap(&list, &lanes[lane, default: Lane()].files)
      body(&list, self)
      swap(&list, &lanes[lane, default: Lane()].files)
    case .readyFolder:
      let lane = lane(of: entry.item)
      swap(&list, &lanes[lane, default: Lane()].folders)
      body(&list, self)
      swap(&list, &lanes[lane, default: Lane()].folders)
    case .parked:
      swap(&list, &parked[priority, default: ItemList()])
      body(&list, self)
      swap(&list, &parked[priority, default: ItemList()])
    case .running, .needsYou, .failed, .finished:
      swap(&list, &lists[shelf.rawValue])
      body(&list, self)
      swap(&list, &lists[shelf.rawValue])
    }
  }

  func lane(of item: TransferItem) -> Lane.Key {
    let batch = batches[item.batch]?.batch
    return Lane.Key(place: batch?.server, farPlace: batch?.farServer, priority: item.priority)
  }

  /// Where an item waits for its turn.
  func readyShelf(_ item: TransferItem) -> Shelf {
    if isHeld(item) { return .parked }
    return item.kind == .folder && item.stage == .transfer ? .readyFolder : .readyFile
  }

  /// Removes an item from the queue.
  mutating func drop(_ id: TransferItem.ID) {
    take(id)
    guard let entry = entries.removeValue(forKey: id) else { return }
    let batch = entry.item.batch
    batches[batch]?.emptyingFolders.remove(id)
    batches[batch]?.itemCount -= 1
    if !entry.item.state.isFinal { batches[batch]?.openCount -= 1 }
  }

  /// Why a folder is left where it is.
  static func folderStays(_ operation: TransferRequest.Operation) -> String {
    operation == .delete
      ? "The folder stays: not everything in it was deleted."
      : "The folder stays at its old place: not everything in it was moved."
  }

  /// After items were closed or removed: batches in which nothing is left to happen.
  mutating func closeBatches(_ ids: some Sequence<TransferBatch.ID>) -> [QueueAction] {
    var actions: [QueueAction] = []
    for id in Set(ids) {
      guard let entry = batches[id] else { continue }
      // What is in these folders will not leave them by itself any more.
      if entry.openCount > 0, entry.openCount == entry.emptyingFolders.count {
        for folder in entry.emptyingFolders.sorted() where !working.contains(folder) {
          set(folder, .skipped(Self.folderStays(entry.batch.operation)), on: .finished)
          actions.append(.changed(folder))
        }
      }
      if batches[id]?.openCount == 0, order.contains(id) {
        order.removeAll { $0 == id }
        actions.append(.batchFinished(id))
      }
      if batches[id]?.itemCount == 0 { batches[id] = nil }
    }
    return actions.sortedByBatch()
  }
}

extension [QueueAction] {
  /// `Set` has no order of its own; scripts and replays need one.
  fileprivate func sortedByBatch() -> [QueueAction] {
    let finished = compactMap { if case .batchFinished(let id) = $0 { id } else { nil } }
    let others = filter { if case .batchFinished = $0 { false } else { true } }
    return others + finished.sorted { $0.rawValue < $1.rawValue }.map { .batchFinished($0) }
  }
}
