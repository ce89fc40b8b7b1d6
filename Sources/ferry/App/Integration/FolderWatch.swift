import Transfers

/// Finds out from the queue's snapshots in which folders something has appeared or gone.
struct FolderWatch {
  private var finished: Set<TransferItem.ID> = []
  private(set) var changed: Set<Place> = []

  mutating func received(_ snapshot: QueueSnapshot) {
    // A tree of which a part could not be deleted has changed, too.
    let rows = snapshot[.finished] + snapshot[.failed].filter { !$0.operation.isTransfer }
    for row in rows where !finished.contains(row.id) {
      guard row.state.hasChangedFolders else { continue }
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

extension ItemState {
  fileprivate var hasChangedFolders: Bool {
    switch self {
    case .done, .failed, .cancelled: true
    case .waiting, .running, .paused, .needsYou, .skipped: false
    }
  }
}
