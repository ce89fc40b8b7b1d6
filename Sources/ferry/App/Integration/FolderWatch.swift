import Transfers

/// Finds out from the queue's snapshots in which folders something has appeared or gone.
struct FolderWatch {
  private var finished: Set<TransferItem.ID> = []
  private(set) var changed: Set<Place> = []

  mutating func received(_ snapshot: QueueSnapshot) {
    let rows = snapshot[.finished]
    for row in rows where !finished.contains(row.id) {
      guard case .done = row.state else { continue }
      if let folder = Place(row.target).parent { changed.insert(folder) }
      if row.operation == .move, let folder = Place(row.source).parent { changed.insert(folder) }
    }
    finished = Set(rows.map(\.id))
  }

  mutating func takeChanged() -> Set<Place> {
    defer { changed = [] }
    return changed
  }
}
