internal import FTP
internal import GRDB

/// What a running copy does with the queue: it registers as a worker, claims items, and says what became of them.
extension QueueJournal {
  /// Takes part in the work. A copy does this once; workers that died are cleared away first.
  ///
  /// - Parameter isExclusive: what it queues is not for others.
  package func register(isExclusive: Bool = false) throws(StorageError) -> JournalWorker {
    let lock = try database.lock()
    let now = database.now
    let identity = ProcessIdentity.current
    var held: JournalWorker.ID?
    do {
      return try database.write { db in
        try Self.releaseDead(db, lock: lock, now: now)
        try db.execute(
          sql: "INSERT INTO worker (boot, namespace, pid, started, registered) VALUES (?, ?, ?, ?, ?)",
          arguments: [identity.boot, identity.namespace, identity.pid, identity.started, now])
        let worker = JournalWorker(id: db.lastInsertedRowID, isExclusive: isExclusive)
        // Before anybody can see the worker, so that nobody takes it for dead.
        try lock.hold(worker: worker.id)
        held = worker.id
        return worker
      }
    } catch {
      // The number was not given out after all, and another one will get it.
      if let held { lock.release(worker: held) }
      throw error
    }
  }

  /// Ends the work: what the worker still has waits for others.
  package func retire(_ worker: JournalWorker) throws(StorageError) {
    let lock = try database.lock()
    let now = database.now
    _ = try database.write { try Self.release(worker.id, $0, now: now) }
    lock.release(worker: worker.id)
  }

  /// Gives back what workers held that have died; `register` does so too.
  ///
  /// - Returns: how many items.
  @discardableResult
  package func releaseDead() throws(StorageError) -> Int {
    let lock = try database.lock()
    let now = database.now
    return try database.write { try Self.releaseDead($0, lock: lock, now: now) }
  }

  /// Notes what became of items of a worker, all in one transaction: a worker that collects several and gives them
  /// together pays for one flush.
  ///
  /// - Parameter durability: `.written` does for checkpoints, and for items that may as well be done again.
  /// - Returns: the numbers of those that the worker does not own; nothing was changed about them.
  @discardableResult
  package func apply(
    _ updates: [JournalUpdate], by worker: JournalWorker, _ durability: FerryDatabase.Durability = .flushed
  ) throws(StorageError) -> [JournalItem.ID] {
    if updates.isEmpty { return [] }
    let now = database.now
    return try database.write(durability) { db in
      try updates.filter { try !Self.apply($0, by: worker, at: now, db) }.map(\.id)
    }
  }

  /// Notes that the part files of these items are there no more.
  package func forgetParts(_ ids: [JournalItem.ID]) throws(StorageError) {
    try database.write(.written) { db in
      let sql = "UPDATE item SET part_name = NULL WHERE claim IS NULL AND id IN (SELECT value FROM json_each(?))"
      try db.execute(sql: sql, arguments: [Self.list(ids)])
    }
  }

  static func apply(
    _ update: JournalUpdate, by worker: JournalWorker, at now: Int64, _ db: Database
  ) throws -> Bool {
    let outcome = update.outcome
    let part: DatabaseValue =
      if case .named(let name) = update.part { blob(name) } else { .null }
    let partIsGone = update.part == .gone || outcome.state == .done
    try db.cachedStatement(sql: updateSQL).execute(arguments: [
      "id": update.id, "worker": worker.id, "now": now, "state": outcome.state.rawValue, "detail": outcome.detail,
      "notBefore": outcome.notBefore, "bytesDone": update.bytesDone, "part": part, "partIsGone": partIsGone,
      "keeps": worker.isExclusive, "size": update.size, "modified": update.modified?.seconds,
      "modifiedDetail": update.modified?.detail,
      "identity": update.sourceIdentity, "attempts": update.attempts, "options": update.options,
    ])
    return db.changesCount > 0
  }

  // States by number: 0 waiting, 1 running, 2 paused, 3 needs you.
  private static let updateSQL = """
    UPDATE item SET
      state = :state,
      claim = CASE WHEN :state = 1 OR :keeps AND :state IN (0, 2, 3) THEN claim END,
      detail = :detail, not_before = :notBefore, changed = :now,
      bytes_done = ifnull(:bytesDone, bytes_done),
      part_name = CASE WHEN :partIsGone THEN NULL ELSE ifnull(:part, part_name) END,
      size = ifnull(:size, size), modified = ifnull(:modified, modified),
      modified_detail = ifnull(:modifiedDetail, modified_detail),
      source_identity = ifnull(:identity, source_identity),
      attempts = ifnull(:attempts, attempts), options = ifnull(:options, options)
    WHERE id = :id AND claim = :worker
    """
}
