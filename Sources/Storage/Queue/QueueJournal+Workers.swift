internal import GRDB

extension QueueJournal {
  /// Gives back what dead workers held, and forgets them.
  @discardableResult
  static func releaseDead(_ db: Database, lock: DatabaseLock, now: Int64) throws -> Int {
    var released = 0
    for row in try Row.fetchAll(db, sql: "SELECT * FROM worker") {
      let identity = ProcessIdentity(
        boot: try row.read("boot"), namespace: try row.read("namespace"), pid: try row.read("pid"),
        started: try row.read("started"))
      let id: JournalWorker.ID = try row.read("id")
      // Its lock tells, also between containers; its process, where somebody deleted the lock file.
      if lock.isHeld(worker: id) || identity.isSeenAlive { continue }
      released += try release(id, db, now: now)
    }
    return released
  }

  /// What ran waits again.
  @discardableResult
  static func release(_ worker: Int64, _ db: Database, now: Int64) throws -> Int {
    try db.execute(
      sql: """
        UPDATE item SET state = CASE state WHEN 1 THEN 0 ELSE state END, claim = NULL, changed = ?
        WHERE claim = ?
        """, arguments: [now, worker])
    let count = db.changesCount
    try db.execute(sql: "DELETE FROM worker WHERE id = ?", arguments: [worker])
    return count
  }
}
