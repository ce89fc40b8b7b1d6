import Storage

/// Items as they are read from the database, page by page, put together to batches in the order in which they run.
struct JournaledItems {
  private struct Group {
    /// Of an item of the batch: it tells the two places.
    var entry: JournalEntry
    var items: [(position: Double, item: TransferItem)] = []
  }

  private var groups: [JournalBatch.ID: Group] = [:]
  /// How many were added.
  private(set) var count = 0

  mutating func add(_ page: [JournalItem]) {
    count += page.count
    for row in page {
      guard let item = TransferItem(row) else { continue }
      groups[row.batch, default: Group(entry: row.entry)].items.append((row.position, item))
    }
  }

  /// Those whose batch this program knows how to run.
  func batches(_ journal: QueueJournal) throws -> [JournaledBatch] {
    try groups.sorted { $0.key < $1.key }.compactMap { id, group in
      guard let row = try journal.batch(id),
        let batch = BatchText(row.answers)?.batch(TransferBatch.ID(id), group.entry)
      else { return nil }
      let items = group.items.sorted { ($0.position, $0.item.id) < ($1.position, $1.item.id) }
      return JournaledBatch(batch, items.map(\.item))
    }
  }
}
