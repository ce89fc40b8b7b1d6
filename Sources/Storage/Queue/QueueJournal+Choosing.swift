internal import GRDB

/// What a worker has, or wants to have: it chooses its items itself.
extension QueueJournal {
  /// Takes these items, as far as they wait, for their turn or for an answer, and nobody has them, or the worker has them
  /// already; no other worker gets them then. Not flushed: without power, there is no worker either.
  ///
  /// - Returns: the numbers of those that the worker has now.
  package func claim(
    items ids: [JournalItem.ID], for worker: JournalWorker
  ) throws(StorageError) -> [JournalItem.ID] {
    if ids.isEmpty { return [] }
    let now = database.now
    return try database.write(.written) { db in
      let statement = try db.cachedStatement(
        sql: """
          UPDATE item SET state = 1, claim = ?1, detail = NULL, changed = ?2
          WHERE (state IN (0, 3) AND (claim IS NULL OR claim = ?1) OR state = 1 AND claim = ?1)
            AND id IN (SELECT value FROM json_each(?3))
          RETURNING id
          """)
      return try Int64.fetchAll(statement, arguments: [worker.id, now, Self.list(ids)])
    }
  }

  /// Notes what became of items that the worker has, or that nobody has: the first step of a command that ends with
  /// another state than a person's wish. What is done stays so.
  ///
  /// - Returns: the numbers of those that another worker has or has done, or that are there no more; nothing was changed
  ///   about them.
  @discardableResult
  package func record(
    _ updates: [JournalUpdate], by worker: JournalWorker, _ durability: FerryDatabase.Durability = .flushed
  ) throws(StorageError) -> [JournalItem.ID] {
    if updates.isEmpty { return [] }
    let now = database.now
    return try database.write(durability) { try Self.record(updates, by: worker, at: now, $0) }
  }

  static func record(
    _ updates: [JournalUpdate], by worker: JournalWorker, at now: Int64, _ db: Database
  ) throws -> [JournalItem.ID] {
    let statement = try db.cachedStatement(
      sql: """
        UPDATE item SET claim = ?
        WHERE claim IS NULL AND (state <> 5 OR id IN (SELECT value FROM json_each(?)))
          AND id IN (SELECT value FROM json_each(?))
        """)
    try statement.execute(arguments: [
      worker.id, Self.list(updates.lazy.filter { $0.outcome.state == .done }.map(\.id)),
      Self.list(updates.map(\.id)),
    ])
    return try updates.filter { try !Self.apply($0, by: worker, at: now, db) }.map(\.id)
  }

  /// Those of some items that are not done, and that the worker has, or nobody.
  package func undecided(
    _ ids: some Sequence<JournalItem.ID>, by worker: JournalWorker
  ) throws(StorageError) -> [JournalItem.ID] {
    let list = Self.list(ids)
    return try database.read { db in
      try Int64.fetchAll(
        db,
        sql: """
          SELECT id FROM item
          WHERE state <> 5 AND (claim IS NULL OR claim = ?) AND id IN (SELECT value FROM json_each(?))
          """, arguments: [worker.id, list])
    }
  }

  /// Forgets these items, whatever their state, but those of other workers; and batches that are empty then.
  package func forget(_ ids: [JournalItem.ID], by worker: JournalWorker) throws(StorageError) {
    try database.write { db in
      try db.execute(
        sql: """
          DELETE FROM item WHERE (claim IS NULL OR claim = ?) AND id IN (SELECT value FROM json_each(?))
          """, arguments: [worker.id, Self.list(ids)])
      try db.execute(sql: "DELETE FROM batch WHERE id NOT IN (SELECT batch FROM item)")
    }
  }
}
