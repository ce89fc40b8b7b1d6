/// What hangs on some items of the queue.
package struct QueueWeight: Hashable, Sendable {
  /// Those that something may still happen to, and those that have failed.
  package var items = 0
  /// Bytes that they have yet to move, as far as their sizes are known.
  package var bytesLeft: Int64 = 0
  /// Files of which a part lies at its target, and the bytes in them.
  package var partialFiles = 0
  package var partialBytes: Int64 = 0

  package init(items: Int = 0, bytesLeft: Int64 = 0, partialFiles: Int = 0, partialBytes: Int64 = 0) {
    self.items = items
    self.bytesLeft = bytesLeft
    self.partialFiles = partialFiles
    self.partialBytes = partialBytes
  }

  /// Counts an item in.
  ///
  /// - Parameter bytes: of it that are over there.
  mutating func add(_ item: TransferItem, bytes: Int64) {
    guard !item.state.isFinal || item.state.hasFailed else { return }
    items += 1
    // Servers say any size.
    bytesLeft = bytesLeft.addingClamped(max(0, (item.size ?? 0).subtractingClamped(bytes)))
    guard item.kind != .folder, bytes > 0 else { return }
    partialFiles += 1
    partialBytes = partialBytes.addingClamped(bytes)
  }
}

extension Int64 {
  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? (other < 0 ? .min : .max) : sum
  }

  fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, isOver) = subtractingReportingOverflow(other)
    return isOver ? (other < 0 ? .max : .min) : difference
  }
}

extension QueueState {
  /// All that waits for the same server or volume as an item that asks about it, the item itself included.
  func waiting(with id: TransferItem.ID) -> [TransferItem.ID] {
    guard let item = entries[id]?.item, case .needsYou(let question) = item.state else { return [] }
    let concerned: Set<TransferBatch.ID>
    if let server = question.server {
      concerned = Set(batches.filter { $0.value.batch.servers.contains(.remote(server)) }.keys)
    } else if let volume = volume(of: item) {
      concerned = Set(batches.filter { $0.value.volume == volume }.keys)
    } else {
      return [id]
    }
    return entries.values.filter { entry in
      concerned.contains(entry.item.batch) && (entry.item.state == .waiting || entry.item.id == id)
    }.map(\.item.id)
  }
}

extension TransferQueue {
  package func weigh(_ ids: [TransferItem.ID]) -> QueueWeight {
    var weight = QueueWeight()
    for id in ids {
      if let item = state[id] { weight.add(item, bytes: jobs[id]?.progress.bytes ?? item.bytes) }
    }
    return weight
  }

  /// What waits for the same server or volume as an item that asks about it.
  package func weighWaiting(with id: TransferItem.ID) -> QueueWeight { weigh(state.waiting(with: id)) }
}
