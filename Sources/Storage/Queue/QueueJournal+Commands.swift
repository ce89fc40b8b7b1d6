internal import GRDB

/// Which items a command of the user means.
package enum JournalSelection: Hashable, Sendable {
  case all
  case items([JournalItem.ID])
}

/// What a person does with the queue by a command; running copies hear of it. States that a command makes no sense for
/// are left alone.
extension QueueJournal {
  /// Failed items wait for their turn again, as if never tried; so do those in other states that are named. Of all, only
  /// transfers: nothing is to be deleted, or to lose its permissions, that nobody has named today.
  ///
  /// - Returns: how many.
  @discardableResult
  package func retry(
    _ selection: JournalSelection, _ states: Set<JournalItem.State> = [.failed]
  ) throws(StorageError) -> Int {
    precondition(!states.contains(.running), "a running item cannot be tried again")
    let now = database.now
    return try database.write { db in
      var (filter, arguments) = Self.filter(selection)
      if selection == .all { filter = "operation IN (0, 1)" }
      try db.execute(
        sql: """
          UPDATE item SET state = 0, attempts = 0, not_before = 0, detail = NULL, changed = ?, touched = ?
          WHERE state IN (\(Self.list(states))) AND \(filter)
          """, arguments: [now, Self.nextTouch(db)] + arguments)
      return db.changesCount
    }
  }

  /// Forgets items in these states, and batches that are empty then. Running items stay, and items whose part file is
  /// still to be removed.
  ///
  /// - Returns: how many were forgotten.
  @discardableResult
  package func clear(
    _ states: Set<JournalItem.State> = [.done, .skipped, .cancelled], _ selection: JournalSelection = .all
  ) throws(StorageError) -> Int {
    try database.write { db in
      let (filter, arguments) = Self.filter(selection)
      let list = Self.list(states.subtracting([.running]))
      try db.execute(
        sql: "DELETE FROM item WHERE state IN (\(list)) AND part_name IS NULL AND \(filter)", arguments: arguments)
      let count = db.changesCount
      try db.execute(sql: "DELETE FROM batch WHERE id NOT IN (SELECT batch FROM item)")
      return count
    }
  }

  /// Forgets, without removing them, part files of what is over and nobody has taken up again: then those items can be
  /// cleared.
  ///
  /// - Returns: the items whose part file was forgotten.
  package func forgetLeftovers(_ ids: some Sequence<JournalItem.ID>) throws(StorageError) -> Set<JournalItem.ID> {
    let list = Self.list(ids)
    return try database.write { db in
      let forgotten = try Int64.fetchAll(
        db,
        sql: """
          UPDATE item SET part_name = NULL
          WHERE part_name IS NOT NULL AND claim IS NULL AND state IN (\(Self.finished))
            AND id IN (SELECT value FROM json_each(?))
          RETURNING id
          """, arguments: [list])
      return Set(forgotten)
    }
  }

  /// Failed items that may have left part files are given up: they stay, as cancelled ones, until those are removed. Running
  /// copies hear of it.
  ///
  /// - Parameter parts: the names of the part files, by item.
  /// - Returns: how many had failed still.
  @discardableResult
  package func giveUp(_ parts: [JournalItem.ID: [UInt8]]) throws(StorageError) -> Int {
    try database.write { db in
      let touch = try Self.nextTouch(db)
      let statement = try db.cachedStatement(
        sql: "UPDATE item SET state = 7, detail = NULL, part_name = ?, touched = ? WHERE id = ? AND state = 4")
      var count = 0
      for (id, part) in parts {
        try statement.execute(arguments: [blob(part), touch, id])
        count += db.changesCount
      }
      return count
    }
  }

  /// Whether persons have paused the whole queue, for all copies that have a screen.
  package func isPaused() throws(StorageError) -> Bool {
    try database.read { try Bool.fetchOne($0, sql: "SELECT is_paused FROM counter") ?? false }
  }

  package func setPaused(_ isPaused: Bool) throws(StorageError) {
    try database.write { try $0.execute(sql: "UPDATE counter SET is_paused = ?", arguments: [isPaused]) }
  }

  private static func list(_ states: Set<JournalItem.State>) -> String {
    states.map { String($0.rawValue) }.joined(separator: ",")
  }

  private static func filter(_ selection: JournalSelection) -> (sql: String, StatementArguments) {
    switch selection {
    case .all: ("1", [])
    case .items(let ids): ("id IN (SELECT value FROM json_each(?))", [list(ids)])
    }
  }
}
