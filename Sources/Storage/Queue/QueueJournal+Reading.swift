package import FTP
internal import GRDB

/// How many items are in each state.
package struct JournalCounts: Hashable, Sendable {
  /// Items, and the sum of the sizes that are known, in bytes.
  package struct Count: Hashable, Sendable {
    package var items = 0
    package var bytes: Int64 = 0
  }

  private var counts: [JournalItem.State: Count] = [:]

  package init() {}

  package subscript(state: JournalItem.State) -> Count {
    get { counts[state, default: Count()] }
    set { counts[state] = newValue }
  }

  /// All of them.
  package var total: Int { counts.values.reduce(0) { $0 + $1.items } }
}

/// Reading goes on beside a writer, and sees what was committed before it began.
extension QueueJournal {
  /// How many items there are; of one batch, or all. With 100,000 items about 10 ms.
  package func counts(batch: JournalBatch.ID? = nil) throws(StorageError) -> JournalCounts {
    try database.read { db in
      var counts = JournalCounts()
      let filter = batch == nil ? "" : "WHERE batch = ?"
      let rows = try Row.fetchCursor(
        db, sql: "SELECT state, count(*) AS items, total(size) AS bytes FROM item \(filter) GROUP BY state",
        arguments: batch.map { [$0] } ?? [])
      while let row = try rows.next() {
        guard let state = JournalItem.State(rawValue: try row.read("state")) else { continue }
        // Servers say any size; the sum of two can be more than a number of 64 bits holds.
        let bytes: Double = try row.read("bytes")
        counts[state] = JournalCounts.Count(
          items: try row.read("items"), bytes: Int64(exactly: bytes.rounded()) ?? (bytes < 0 ? 0 : .max))
      }
      return counts
    }
  }

  /// Some of the items in these states: by state in the order of their declaration, then as they will be taken.
  package func page(
    _ states: Set<JournalItem.State>, offset: Int = 0, limit: Int
  ) throws(StorageError) -> [JournalItem] {
    let list = states.map { String($0.rawValue) }.sorted().joined(separator: ",")
    return try database.read { db in
      // The position is looked up in the index alone; only the rows that are shown are read.
      try Self.items(
        db,
        "WHERE id IN (SELECT id FROM item WHERE state IN (\(list)) ORDER BY state, priority DESC, position "
          + "LIMIT ? OFFSET ?) ORDER BY state, priority DESC, position", [limit, offset])
    }
  }

  /// Items in a state by number, only those with higher numbers than `last`: whoever takes them page by page misses none
  /// because others have left that state meanwhile.
  package func items(
    in state: JournalItem.State, after last: JournalItem.ID, limit: Int
  ) throws(StorageError) -> [JournalItem] {
    try database.read {
      try Self.items($0, "WHERE state = ? AND id > ? ORDER BY id LIMIT ?", [state.rawValue, last, limit])
    }
  }

  /// Nil where there is none, or none any more.
  package func item(_ id: JournalItem.ID) throws(StorageError) -> JournalItem? {
    try database.read { try Self.items($0, "WHERE id = ?", [id]).first }
  }

  /// Those of a list that there are, by number.
  package func items(_ ids: some Sequence<JournalItem.ID>) throws(StorageError) -> [JournalItem] {
    let list = Self.list(ids)
    return try database.read { try Self.items($0, "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", [list]) }
  }

  /// The servers that unfinished items need, and those on which part files are left.
  package func servers() throws(StorageError) -> [ServerAddress] {
    try database.read { db in
      let servers = try ServerTable.all(db)
      let numbers = try Int64.fetchAll(
        db,
        sql: """
          SELECT source_server FROM item WHERE state < 4 AND source_server IS NOT NULL
          UNION SELECT destination_server FROM item WHERE state < 4 AND destination_server IS NOT NULL
          UNION SELECT destination_server FROM item
            WHERE part_name IS NOT NULL AND state IN (\(Self.finished)) AND destination_server IS NOT NULL
          """)
      return numbers.compactMap { servers[$0] }
    }
  }

  /// The states, but for done, of what came out of a folder's item, at any depth, and is not the worker's.
  package func unfinished(
    below folder: JournalItem.ID, except worker: JournalWorker
  ) throws(StorageError) -> Set<JournalItem.State> {
    try database.read { db in
      let states = try UInt8.fetchAll(
        db,
        sql: """
          WITH RECURSIVE tree (id) AS (
            SELECT id FROM item WHERE parent = ?1 UNION ALL SELECT item.id FROM item JOIN tree ON item.parent = tree.id
          )
          SELECT DISTINCT state FROM item WHERE id IN tree AND state <> 5 AND (claim IS NULL OR claim <> ?2)
          """, arguments: [folder, worker.id])
      return Set(states.compactMap(JournalItem.State.init(rawValue:)))
    }
  }

  /// Items that ended for good while a part file was left; whoever removed that file says so with `forgetParts`.
  ///
  /// - Parameter last: only those with higher numbers.
  package func leftovers(after last: JournalItem.ID = 0, limit: Int = 100) throws(StorageError) -> [JournalItem] {
    let clause = "WHERE part_name IS NOT NULL AND state IN (\(Self.finished)) AND id > ? ORDER BY id LIMIT ?"
    return try database.read { try Self.items($0, clause, [last, limit]) }
  }

  /// Those of some items that `leftovers` would still give: nobody has taken them up again.
  package func stillLeft(_ ids: some Sequence<JournalItem.ID>) throws(StorageError) -> [JournalItem.ID] {
    let list = Self.list(ids)
    return try database.read { db in
      try Int64.fetchAll(
        db,
        sql: """
          SELECT id FROM item WHERE part_name IS NOT NULL AND claim IS NULL AND state IN (\(Self.finished))
            AND id IN (SELECT value FROM json_each(?))
          """, arguments: [list])
    }
  }

  static let finished = JournalItem.State.allCases.filter(\.isFinished).map { String($0.rawValue) }
    .joined(separator: ",")

  static func items(_ db: Database, _ clause: String, _ arguments: StatementArguments) throws -> [JournalItem] {
    let servers = try ServerTable.all(db)
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM item \(clause)", arguments: arguments)
    var items: [JournalItem] = []
    while let row = try rows.next() {
      if let item = try? JournalItem(row: row, servers: servers) { items.append(item) }
    }
    return items
  }

  /// A JSON list, which is one argument however long.
  static func list(_ ids: some Sequence<JournalItem.ID>) -> String {
    "[" + ids.map(String.init).joined(separator: ",") + "]"
  }
}

extension JournalItem {
  /// Throws for a row that makes no sense.
  init(row: Row, servers: [Int64: ServerAddress]) throws {
    let state = try State(rawValue: row.read("state")).orSpoilt()
    let priority: Int = try row.read("priority")
    guard (0...4).contains(priority) else { throw SpoiltRow() }
    let entry = JournalEntry(
      try JournalEntry.Operation(rawValue: row.read("operation")).orSpoilt(),
      try JournalEntry.Kind(rawValue: row.read("kind")).orSpoilt(),
      from: try Self.place("source", row, servers), to: try Self.place("destination", row, servers),
      parent: try row.read("parent") as Int64?, size: try row.read("size") as Int64?,
      modified: Timestamp(seconds: try row.read("modified"), detail: try row.read("modified_detail")),
      sourceIdentity: try row.read("source_identity") as String?, conflict: try row.read("conflict") as String?,
      options: try row.read("options") as String?, priority: priority, isPaused: state == .paused)
    self.init(
      id: try row.read("id"), batch: try row.read("batch"), entry: entry, state: state,
      detail: try row.read("detail") as String?,
      bytesDone: try row.read("bytes_done"), partName: try row.optionalBytes("part_name"),
      position: try row.read("position"), attempts: try row.read("attempts"), notBefore: try row.read("not_before"),
      created: try row.read("created"), changed: try row.read("changed"), worker: try row.read("claim") as Int64?)
  }

  private static func place(
    _ column: String, _ row: Row, _ servers: [Int64: ServerAddress]
  ) throws -> JournalEntry.Place {
    let path = try row.bytes(column)
    guard let number = try row.read("\(column)_server") as Int64? else { return JournalEntry.Place(path: path) }
    // Without its server, a remote path would be taken for one of this machine.
    return JournalEntry.Place(server: try servers[number].orSpoilt(), path: path)
  }
}
