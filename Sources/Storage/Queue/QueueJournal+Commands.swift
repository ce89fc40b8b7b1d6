internal import GRDB

/// Which items a command of the user means.
package enum JournalSelection: Hashable, Sendable {
  case all
  case items([JournalItem.ID])
  /// An item with everything that came out of it, at any depth.
  case tree(JournalItem.ID)
  case batch(JournalBatch.ID)
}

/// What a command did.
package struct JournalChange: Hashable, Sendable {
  /// How many items changed their state.
  package var changed: Int
  /// Items that run: their workers have to see to it, and find the wish with `wishes(of:)`.
  package var asked: [JournalItem.ID]

  package init(
    changed: Int, asked: [JournalItem.ID] = []
  ) {
    self.changed = changed
    self.asked = asked
  }
}

/// What a person does with the queue. States that a command makes no sense for are left alone.
extension QueueJournal {
  /// Waiting items pause; running ones are asked to.
  @discardableResult
  package func pause(_ selection: JournalSelection) throws(StorageError) -> JournalChange {
    try command(selection, from: [.waiting], to: .paused, wish: .pause)
  }

  /// Paused items wait for their turn; running ones that were asked to pause go on.
  @discardableResult
  package func resume(_ selection: JournalSelection) throws(StorageError) -> JournalChange {
    try command(selection, from: [.paused], to: .waiting, wish: .proceed)
  }

  /// Everything unfinished is given up; running items are asked to stop.
  @discardableResult
  package func cancel(_ selection: JournalSelection) throws(StorageError) -> JournalChange {
    try command(selection, from: [.waiting, .paused, .needsYou, .failed], to: .cancelled, wish: .cancel)
  }

  /// Failed items wait for their turn again, as if never tried; so do those in other states that are named.
  @discardableResult
  package func retry(
    _ selection: JournalSelection, _ states: Set<JournalItem.State> = [.failed]
  ) throws(StorageError) -> JournalChange {
    precondition(!states.contains(.running), "a running item cannot be tried again")
    return try command(selection, from: states, to: .waiting, wish: nil)
  }

  /// Items that need an answer get one, and wait for their turn.
  ///
  /// - Parameter conflict: the rule from now on; nil leaves it.
  /// - Parameter options: what `JournalEntry.options` is from now on; nil leaves it.
  @discardableResult
  package func answer(
    _ selection: JournalSelection, conflict: String? = nil, options: String? = nil
  ) throws(StorageError) -> JournalChange {
    let now = database.now
    return try database.write { db in
      let (filter, arguments) = Self.filter(selection)
      try db.execute(
        sql: """
          UPDATE item SET conflict = ifnull(?, conflict), options = ifnull(?, options), state = 0, detail = NULL,
            not_before = 0, changed = ?, touched = ? WHERE state = 3 AND \(filter)
          """, arguments: [conflict, options, now, Self.nextTouch(db)] + arguments)
      return JournalChange(changed: db.changesCount, asked: [])
    }
  }

  /// Gives unfinished items another priority, 0...4.
  ///
  /// - Returns: how many.
  @discardableResult
  package func setPriority(_ priority: Int, of selection: JournalSelection) throws(StorageError) -> Int {
    precondition((0...4).contains(priority), "no such priority")
    return try database.write { db in
      let (filter, arguments) = Self.filter(selection)
      try db.execute(
        sql: "UPDATE item SET priority = ?, touched = ? WHERE state < 5 AND \(filter)",
        arguments: [priority, Self.nextTouch(db)] + arguments)
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

  private func command(
    _ selection: JournalSelection, from states: Set<JournalItem.State>, to state: JournalItem.State,
    wish: JournalItem.Wish?
  ) throws(StorageError) -> JournalChange {
    let now = database.now
    return try database.write { db in
      let (filter, arguments) = Self.filter(selection)
      let touch = try Self.nextTouch(db)
      var asked: [JournalItem.ID] = []
      if let wish {
        // A wish to cancel is not taken back.
        asked = try Int64.fetchAll(
          db,
          sql: """
            UPDATE item SET wish = ?1, touched = ?2 WHERE state = 1 AND wish NOT IN (?1, 2) AND \(filter) RETURNING id
            """, arguments: [wish.rawValue, touch] + arguments)
      }
      let attempts = state == .waiting ? "attempts = 0, " : ""
      try db.execute(
        sql: """
          UPDATE item SET state = ?, \(attempts)not_before = 0, detail = NULL, changed = ?, touched = ?
          WHERE state IN (\(Self.list(states))) AND \(filter)
          """, arguments: [state.rawValue, now, touch] + arguments)
      return JournalChange(changed: db.changesCount, asked: asked)
    }
  }

  private static func list(_ states: Set<JournalItem.State>) -> String {
    states.map { String($0.rawValue) }.joined(separator: ",")
  }

  private static func filter(_ selection: JournalSelection) -> (sql: String, StatementArguments) {
    switch selection {
    case .all: ("1", [])
    case .items(let ids): ("id IN (SELECT value FROM json_each(?))", [list(ids)])
    case .batch(let id): ("batch = ?", [id])
    case .tree(let id):
      (
        """
        id IN (WITH RECURSIVE tree (id) AS (
          SELECT ? UNION ALL SELECT item.id FROM item JOIN tree ON item.parent = tree.id
        ) SELECT id FROM tree)
        """, [id]
      )
    }
  }
}
