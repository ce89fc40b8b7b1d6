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

  /// Puts unfinished items right before another one, in the given order; they take its priority.
  ///
  /// - Parameter target: nil: behind all others of their own priority.
  /// - Returns: false, with nothing changed, where the target is there no more, or is one of them.
  @discardableResult
  package func move(_ ids: [JournalItem.ID], before target: JournalItem.ID?) throws(StorageError) -> Bool {
    guard let target else {
      try database.write { db in
        var counter = try Counter(db)
        let touch = try Self.nextTouch(db)
        for id in ids {
          counter.position += 1
          try db.execute(
            sql: "UPDATE item SET position = ?, touched = ? WHERE id = ? AND state < 5",
            arguments: [Double(counter.position), touch, id])
        }
        try counter.write(db)
      }
      return true
    }
    if ids.contains(target) { return false }
    return try database.write { db in
      guard var gap = try Gap(before: target, without: ids, db) else { return false }
      let touch = try Self.nextTouch(db)
      if !gap.fits(ids.count) {
        try Gap.renumber(priority: gap.priority, touch: touch, db)
        guard let wider = try Gap(before: target, without: ids, db) else { return false }
        gap = wider
      }
      for (index, id) in ids.enumerated() {
        try db.execute(
          sql: "UPDATE item SET priority = ?, position = ?, touched = ? WHERE id = ? AND state < 5",
          arguments: [gap.priority, gap.position(index, of: ids.count), touch, id])
      }
      return true
    }
  }
}

/// The room between an item and the one before it.
private struct Gap {
  let priority: Int
  private let lower: Double
  private let upper: Double

  init?(before target: Int64, without ids: [Int64], _ db: Database) throws {
    let row = try Row.fetchOne(db, sql: "SELECT priority, position FROM item WHERE id = ?", arguments: [target])
    guard let row else { return nil }
    priority = try row.read("priority")
    upper = try row.read("position")
    lower =
      try Double.fetchOne(
        db,
        sql: """
          SELECT max(position) FROM item WHERE state < 5 AND priority = ? AND position < ?
            AND id NOT IN (SELECT value FROM json_each(?))
          """, arguments: [priority, upper, QueueJournal.list(ids)]) ?? upper - 1
  }

  func position(_ index: Int, of count: Int) -> Double {
    lower + (upper - lower) * Double(index + 1) / Double(count + 1)
  }

  /// Whether that many different numbers lie in between, with some left for who looks at them.
  func fits(_ count: Int) -> Bool {
    (upper - lower) / Double(count + 1) > max(abs(upper), 1) * Double.ulpOfOne * 4
  }

  /// Positions become whole numbers again; finished items keep theirs.
  static func renumber(priority: Int, touch: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE item SET position = new.position, touched = ?2 FROM (
          SELECT id, CAST(row_number() OVER (ORDER BY position, id) AS REAL) AS position
          FROM item WHERE state < 5 AND priority = ?1
        ) AS new WHERE item.id = new.id
        """, arguments: [priority, touch])
  }
}
