extension QueueState {
  package var counts: QueueSnapshot.Counts {
    func count(_ shelf: Shelf) -> Int { shelfCounts[shelf.rawValue] }
    return QueueSnapshot.Counts(
      running: count(.running), waiting: count(.readyFile) + count(.readyFolder) + count(.parked),
      needsYou: count(.needsYou), failed: count(.failed), finished: count(.finished))
  }

  /// Sizes of what waits and what runs, as far as they are known.
  var openBytes: Int64 {
    [Shelf.readyFile, .readyFolder, .parked, .running].reduce(0) { $0 + byteSums[$1.rawValue] }
  }

  /// A stretch of a tab.
  package func rows(_ tab: QueueTab, from offset: Int, count: Int) -> [QueueSnapshot.Row] {
    ids(tab, from: offset, count: count).compactMap(row)
  }

  /// One item, as it is drawn.
  package func row(_ id: TransferItem.ID) -> QueueSnapshot.Row? {
    guard let item = entries[id]?.item, let batch = batches[item.batch]?.batch else { return nil }
    return QueueSnapshot.Row(
      id: id, batch: batch.id, kind: item.kind, direction: batch.direction, operation: batch.operation,
      name: item.source.name, source: item.source.location(on: batch.source),
      target: item.target.location(on: batch.target), state: item.state, problem: item.problem, size: item.size,
      bytes: item.bytes)
  }

  private func ids(_ tab: QueueTab, from offset: Int, count: Int) -> [TransferItem.ID] {
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

  private func waiting(from offset: Int, count: Int) -> [TransferItem.ID] {
    var ids: [TransferItem.ID] = []
    var skip = offset
    let ready = order.lazy.compactMap { batches[$0] }.flatMap { [$0.readyFolders, $0.readyFiles] }
    for list in [AnySequence(ready), AnySequence([lists[Shelf.parked.rawValue]])].joined() {
      if skip >= list.count {
        skip -= list.count
        continue
      }
      ids += list.window(from: skip, count: count - ids.count, isValid: isValid)
      skip = 0
      if ids.count >= count { break }
    }
    return ids
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
