import DequeModule
import SystemPackage

extension QueueState {
  package var counts: QueueSnapshot.Counts {
    func count(_ shelf: Shelf) -> Int { shelfCounts[shelf.rawValue] }
    return QueueSnapshot.Counts(
      running: count(.running), waiting: count(.readyFile) + count(.readyFolder) + count(.parked),
      needsYou: count(.needsYou), failed: count(.failed), finished: count(.finished))
  }

  /// Sizes of what waits and what runs, as far as they are known.
  var openBytes: Int64 {
    let sum = [Shelf.readyFile, .readyFolder, .parked, .running].reduce(Int128(0)) { $0 + byteSums[$1.rawValue] }
    return Int64(clamping: max(0, sum))
  }

  /// Those files of this machine, of some, that are the source of something unfinished.
  func awaited(_ paths: Set<FilePath>) -> Set<FilePath> {
    Set(
      entries.values.lazy.map(\.item).filter { !$0.state.isFinal || $0.state.hasFailed }
        .filter { self.batches[$0.batch]?.batch.source == .local }.map(\.source.local).filter(paths.contains))
  }

  /// A stretch of a tab.
  package func rows(_ tab: QueueTab, from offset: Int, count: Int) -> [QueueSnapshot.Row] {
    ids(tab, from: offset, count: count).compactMap(row)
  }

  /// One item, as it is drawn.
  package func row(_ id: TransferItem.ID) -> QueueSnapshot.Row? {
    guard let item = entries[id]?.item, let batch = batches[item.batch]?.batch else { return nil }
    var row = QueueSnapshot.Row(
      id: id, batch: batch.id, kind: item.kind, direction: batch.direction, operation: batch.operation,
      name: item.source.name, source: item.source.location(on: batch.source),
      target: item.target.location(on: batch.target), state: item.state, problem: item.problem, size: item.size,
      bytes: item.bytes, priority: item.priority, attempts: item.attempts, policy: item.answer ?? batch.policy)
    row.way = item.way
    row.remark = item.remark
    return row
  }

  /// In the order in which they failed.
  var failedItems: [TransferItem.ID] { ids(.failed, from: 0, count: .max) }

  /// The items of a batch, in the order of their numbers.
  func items(of batch: TransferBatch.ID) -> [TransferItem.ID] {
    entries.filter { $0.value.item.batch == batch }.map(\.key).sorted()
  }

  func ids(_ tab: QueueTab, from offset: Int, count: Int) -> [TransferItem.ID] {
    func window(_ shelf: Shelf, newestFirst: Bool = false) -> [TransferItem.ID] {
      lists[shelf.rawValue].window(from: offset, count: count, newestFirst: newestFirst, isValid: isValid)
    }
    switch tab {
    case .running: return window(.running)
    case .needsYou: return window(.needsYou)
    case .failed: return window(.failed)
    case .finished: return window(.finished, newestFirst: true)
    case .waiting: return waiting(from: offset, count: count)
    }
  }

  /// What waits, as it will run: by priority, and within one by position.
  private func waiting(from offset: Int, count: Int) -> [TransferItem.ID] {
    var ids: [TransferItem.ID] = []
    var skip = offset
    for priority in Priority.descending where ids.count < count {
      let lists = waitingLists(priority)
      let total = lists.reduce(0) { $0 + $1.count }
      if skip >= total {
        skip -= total
        continue
      }
      ids += MergedLists(lists, isValid: isValid).window(from: skip, count: count - ids.count)
      skip = 0
    }
    return ids
  }

  /// The lists of all that waits with a priority; none of them is empty.
  func waitingLists(_ priority: Priority) -> [ItemList] {
    let ready = lanes.filter { $0.key.priority == priority }.flatMap { [$0.value.files, $0.value.folders] }
    return (ready + [parked[priority] ?? ItemList()]).filter { $0.count > 0 }
  }
}

/// Several lists in order, read as one.
private struct MergedLists {
  private let lists: [ItemList]
  private let isValid: (Ticket) -> Bool
  private var next: [Int]

  init(_ lists: [ItemList], isValid: @escaping (Ticket) -> Bool) {
    self.lists = lists
    self.isValid = isValid
    next = lists.map { _ in 0 }
  }

  func window(from offset: Int, count: Int) -> [TransferItem.ID] {
    if lists.count == 1 { return lists[0].window(from: offset, count: count, isValid: isValid) }
    var walker = self
    for _ in 0..<offset where walker.take() == nil { return [] }
    var ids: [TransferItem.ID] = []
    while ids.count < count, let id = walker.take() { ids.append(id) }
    return ids
  }

  private mutating func take() -> TransferItem.ID? {
    var best: (list: Int, ticket: Ticket)?
    for index in lists.indices {
      while next[index] < lists[index].tickets.count {
        let ticket = lists[index].tickets[next[index]]
        guard isValid(ticket) else {
          next[index] += 1
          continue
        }
        if best.map({ ticket.isBefore($0.ticket) }) ?? true { best = (index, ticket) }
        break
      }
    }
    guard let best else { return nil }
    next[best.list] += 1
    return best.ticket.item
  }
}

extension ItemPath {
  func location(on place: Place) -> Location {
    switch place {
    case .local: .local(local)
    case .remote(let server): .remote(server, remote)
    }
  }
}
