package import FTP
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

  /// Gives back what workers held that have died; `claim` does so too.
  ///
  /// - Returns: how many items.
  @discardableResult
  package func releaseDead() throws(StorageError) -> Int {
    let lock = try database.lock()
    let now = database.now
    return try database.write { try Self.releaseDead($0, lock: lock, now: now) }
  }

  /// Takes the next items, in order of priority and position; no other worker gets them. Not flushed: without power,
  /// there is no worker either.
  ///
  /// - Parameter count: the most that are taken.
  /// - Parameter perServer: how many items of one server the worker may have at once, those that it has included.
  /// - Parameter limits: the same for single servers; 0 leaves one out. Items without a server have no limit.
  package func claim(
    _ count: Int, for worker: JournalWorker, perServer: Int = .max, limits: [ServerAddress: Int] = [:]
  ) throws(StorageError) -> [JournalItem] {
    if count < 1 { return [] }
    let lock = try database.lock()
    let now = database.now
    return try database.write(.written) { db in
      try Self.releaseDead(db, lock: lock, now: now)
      var found: [Candidate] = []
      for lane in try Self.lanes(db) {
        var room = count
        if lane != 0 {
          var limit = perServer
          for (server, own) in limits where try ServerTable.existingNumber(of: server, db) == lane { limit = own }
          let taken = "SELECT count(*) FROM item WHERE claim = ? AND lane = ?"
          let has = try Int.fetchOne(db, sql: taken, arguments: [worker.id, lane]) ?? 0
          room = min(count, limit - min(has, limit))
        }
        if room < 1 { continue }
        found += try Candidate.fetch(db, lane: lane, count: room, now: now)
      }
      let chosen = found.sorted().prefix(count)
      for candidate in chosen {
        try db.execute(
          sql: "UPDATE item SET state = 1, claim = ?, wish = 0, detail = NULL, changed = ? WHERE id = ? AND state = 0",
          arguments: [worker.id, now, candidate.id])
      }
      let items = try Self.items(
        db, "WHERE id IN (SELECT value FROM json_each(?))", [Self.list(chosen.map(\.id))])
      return chosen.compactMap { candidate in items.first { $0.id == candidate.id } }
    }
  }

  /// When the first item that waits for its time may be taken, in seconds since 1970; nil where none does.
  package func nextTime() throws(StorageError) -> Int64? {
    let now = database.now
    return try database.read {
      let sql = "SELECT min(not_before) FROM item WHERE state = 0 AND not_before > 0 AND not_before > ?"
      return try Int64.fetchOne($0, sql: sql, arguments: [now])
    }
  }

  /// Notes what became of items of a worker, all in one transaction: a worker that collects several and gives them
  /// together pays for one flush.
  ///
  /// A wish of the user that came meanwhile takes the place of an outcome after which the item would go on.
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

  /// What the user wants of the worker's items.
  package func wishes(of worker: JournalWorker) throws(StorageError) -> [JournalItem.ID: JournalItem.Wish] {
    try database.read { db in
      var wishes: [JournalItem.ID: JournalItem.Wish] = [:]
      let sql = "SELECT id, wish FROM item WHERE claim = ? AND wish <> 0"
      for row in try Row.fetchAll(db, sql: sql, arguments: [worker.id]) {
        wishes[try row.read("id")] = JournalItem.Wish(rawValue: try row.read("wish"))
      }
      return wishes
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

  // States by number: 0 waiting, 1 running, 2 paused, 3 needs you, 4 failed, 7 cancelled; wishes: 1 pause, 2 cancel.
  private static let updateSQL = """
    UPDATE item SET
      state = CASE
        WHEN wish = 2 AND :state IN (0, 2, 3, 4) THEN 7
        WHEN wish = 1 AND :state = 0 THEN 2
        ELSE :state END,
      claim = CASE WHEN :state = 1 OR :keeps AND :state IN (0, 2, 3) THEN claim END,
      wish = CASE :state WHEN 1 THEN wish ELSE 0 END,
      detail = :detail, not_before = :notBefore, changed = :now,
      bytes_done = ifnull(:bytesDone, bytes_done),
      part_name = CASE WHEN :partIsGone THEN NULL ELSE ifnull(:part, part_name) END,
      size = ifnull(:size, size), modified = ifnull(:modified, modified),
      modified_detail = ifnull(:modifiedDetail, modified_detail),
      source_identity = ifnull(:identity, source_identity),
      attempts = ifnull(:attempts, attempts), options = ifnull(:options, options)
    WHERE id = :id AND claim = :worker
    """

  /// The lanes in which anything waits, each found with one step in the index.
  private static func lanes(_ db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        WITH RECURSIVE lanes (lane) AS (
          SELECT min(lane) FROM item INDEXED BY item_ready WHERE state = 0
          UNION ALL
          SELECT (SELECT min(lane) FROM item INDEXED BY item_ready WHERE state = 0 AND item.lane > lanes.lane)
          FROM lanes WHERE lane IS NOT NULL
        )
        SELECT lane FROM lanes WHERE lane IS NOT NULL
        """)
  }
}

/// An item that could be claimed.
private struct Candidate: Comparable {
  let id: Int64
  let priority: Int
  let position: Double

  static func fetch(_ db: Database, lane: Int64, count: Int, now: Int64) throws -> [Candidate] {
    // A time more than an hour ahead was set before somebody corrected the clock.
    try Row.fetchAll(
      db,
      sql: """
        SELECT id, priority, position FROM item INDEXED BY item_ready
        WHERE state = 0 AND lane = ?1 AND (not_before <= ?2 OR not_before > ?2 + 3600)
        ORDER BY priority DESC, position LIMIT ?3
        """, arguments: [lane, now, count]
    ).map { row in
      Candidate(id: try row.read("id"), priority: try row.read("priority"), position: try row.read("position"))
    }
  }

  static func < (left: Candidate, right: Candidate) -> Bool {
    (-left.priority, left.position, left.id) < (-right.priority, right.position, right.id)
  }
}
