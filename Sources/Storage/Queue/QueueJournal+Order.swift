internal import GRDB

/// Where an item stands.
package struct JournalRank: Hashable, Sendable {
  package var id: JournalItem.ID
  /// 0...4.
  package var priority: Int
  package var position: Double

  package init(id: JournalItem.ID, priority: Int, position: Double) {
    self.id = id
    self.priority = priority
    self.position = position
  }
}

extension QueueJournal {
  /// Puts unfinished items where the caller has worked out that they stand; all copies hear of it.
  package func setRanks(_ ranks: [JournalRank]) throws(StorageError) {
    if ranks.isEmpty { return }
    try database.write { db in
      var counter = try Counter(db)
      let touch = try Self.nextTouch(db)
      let statement = try db.cachedStatement(
        sql: "UPDATE item SET priority = ?, position = ?, touched = ? WHERE id = ? AND state < 5")
      for rank in ranks {
        try statement.execute(arguments: [rank.priority, rank.position, touch, rank.id])
        // What is queued later goes behind.
        counter.position = max(counter.position, Int64(exactly: rank.position.rounded(.up)) ?? 0)
      }
      try counter.write(db)
    }
  }

  /// How far the changes by persons have come: rises with each.
  package func lastTouch() throws(StorageError) -> Int64 {
    try database.read { try Int64.fetchOne($0, sql: "SELECT last_touch FROM counter") ?? 0 }
  }

  /// Items that persons have changed since then, as they are now.
  package func touched(after touch: Int64) throws(StorageError) -> [JournalItem] {
    try database.read { try Self.items($0, "WHERE touched > 0 AND touched > ? ORDER BY id", [touch]) }
  }

  /// The number of a change by a person, which is about to be made.
  static func nextTouch(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "UPDATE counter SET last_touch = last_touch + 1 RETURNING last_touch") ?? 1
  }
}
