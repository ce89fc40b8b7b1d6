internal import GRDB

/// The transfer queue on disk: every accepted change outlives the program, and all running copies see one queue.
///
/// Each call is one transaction, blocks its thread and throws what `FerryDatabase.open` does. Changes by a person are
/// flushed to the disk before the call returns. A worker chooses for its own (see `apply`).
package struct QueueJournal: Sendable {
  let database: FerryDatabase

  /// A new batch without items.
  package func makeBatch(title: String = "") throws(StorageError) -> JournalBatch.ID {
    let now = database.now
    return try database.write { db in
      try db.execute(sql: "INSERT INTO batch (title, created) VALUES (?, ?)", arguments: [title, now])
      return db.lastInsertedRowID
    }
  }

  /// Nil where there is none, or none any more.
  package func batch(_ id: JournalBatch.ID) throws(StorageError) -> JournalBatch? {
    try database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM batch WHERE id = ?", arguments: [id]).map { row in
        JournalBatch(
          id: try row.read("id"), title: try row.read("title"), answers: try row.read("answers"),
          created: try row.read("created"))
      }
    }
  }

  /// Replaces the answers "for all" of a batch.
  ///
  /// - Returns: false where the batch is there no more.
  @discardableResult
  package func setAnswers(_ answers: String, of batch: JournalBatch.ID) throws(StorageError) -> Bool {
    try database.write { db in
      try db.execute(sql: "UPDATE batch SET answers = ? WHERE id = ?", arguments: [answers, batch])
      return db.changesCount > 0
    }
  }

  /// Adds items at the end of the queue, in their order, all or none. 100,000 take about a second.
  ///
  /// - Returns: their numbers.
  @discardableResult
  package func append(
    _ entries: some Sequence<JournalEntry>, to batch: JournalBatch.ID
  ) throws(StorageError) -> Range<JournalItem.ID> {
    try appendPlaced(entries, to: batch).ids
  }

  /// The same, and tells where they stand.
  ///
  /// - Parameters:
  ///   - worker: has them from the beginning, if it is an exclusive one.
  ///   - parents: for each of them, where it comes out of a folder that is among them, the number of that one in their
  ///     order, from 0 on.
  /// - Returns: their numbers, and the position of the first; the others follow one apart.
  package func appendPlaced(
    _ entries: some Sequence<JournalEntry>, to batch: JournalBatch.ID, by worker: JournalWorker? = nil,
    parents: [Int?] = []
  ) throws(StorageError) -> (ids: Range<JournalItem.ID>, firstPosition: Double) {
    let now = database.now
    let owner = worker.flatMap { $0.isExclusive ? $0.id : nil }
    return try database.write { db in
      try JournalInsertion(db: db, batch: batch, now: now, owner: owner, parents: parents).insert(entries)
    }
  }

  /// Adds what a folder contains and finishes the folder's own item in one step, so that a folder that was being read
  /// when the program died is read again from the start, and nothing is queued twice.
  ///
  /// The entries get the folder's item as their parent, and belong to the worker if that is an exclusive one.
  ///
  /// - Parameters:
  ///   - update: what the folder's item is from now on; nil: done.
  ///   - settled: of the entries' numbers: what is known of some of them already.
  /// - Returns: their numbers; nil, with nothing changed, where the worker does not own the folder's item any more.
  package func expand(
    _ folder: JournalItem, by worker: JournalWorker, into entries: some Sequence<JournalEntry>,
    update: JournalUpdate? = nil, settled: (Range<JournalItem.ID>) -> [JournalUpdate] = { _ in [] }
  ) throws(StorageError) -> Range<JournalItem.ID>? {
    let now = database.now
    return try database.write { db in
      guard try Self.apply(update ?? JournalUpdate(folder.id, .done()), by: worker, at: now, db) else { return nil }
      let children = entries.lazy.map { entry in
        var entry = entry
        entry.parent = folder.id
        return entry
      }
      let owner = worker.isExclusive ? worker.id : nil
      let ids = try JournalInsertion(db: db, batch: folder.batch, now: now, owner: owner).insert(children).ids
      _ = try Self.record(settled(ids), by: worker, at: now, db)
      return ids
    }
  }
}
