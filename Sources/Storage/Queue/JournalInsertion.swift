internal import FTP
internal import GRDB

/// Writes entries as new items, within one transaction.
struct JournalInsertion {
  let db: Database
  let batch: JournalBatch.ID
  let now: Int64
  /// Who has the items from the beginning.
  var owner: JournalWorker.ID?
  /// The entries whose items are the parents of others among them, by their order.
  var parents: [Int?] = []

  /// - Returns: the new numbers, and the position of the first entry that was put behind all others; those after it
  ///   stand one apart.
  func insert(_ entries: some Sequence<JournalEntry>) throws -> (ids: Range<JournalItem.ID>, firstPosition: Double) {
    let counter = try Counter(db)
    let first = counter.item + 1
    let firstPosition = counter.position + 1
    var (next, position) = (first, firstPosition)
    var servers: [ServerAddress: Int64] = [:]
    func number(_ server: ServerAddress?) throws -> Int64? {
      guard let server else { return nil }
      if let known = servers[server] { return known }
      let number = try ServerTable.number(of: server, db)
      servers[server] = number
      return number
    }
    let statement = try db.cachedStatement(sql: Self.sql)
    for entry in entries {
      let source = try number(entry.source.server)
      let destination = try number(entry.destination.server)
      let lane: Int64 = source ?? destination ?? 0
      let state: JournalItem.State = entry.isPaused ? .paused : .waiting
      let index = Int(next - first)
      let parent = entry.parent ?? (index < parents.count ? parents[index].map { first + Int64($0) } : nil)
      try statement.execute(arguments: [
        next, batch, parent, entry.operation.rawValue, entry.kind.rawValue, source, blob(entry.source.path),
        destination, blob(entry.destination.path), lane, entry.size, entry.modified?.seconds,
        entry.modified?.detail, entry.sourceIdentity, entry.conflict, entry.options, state.rawValue, entry.priority,
        entry.position ?? Double(position), now, now, owner,
      ])
      next += 1
      if entry.position == nil { position += 1 }
    }
    try Counter(item: next - 1, position: position - 1).write(db)
    return (first..<next, Double(firstPosition))
  }

  private static let sql = """
    INSERT INTO item
      (id, batch, parent, operation, kind, source_server, source, destination_server, destination, lane, size, modified,
       modified_detail, source_identity, conflict, options, state, priority, position, created, changed,
       claim)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
}

/// The numbers that were given out last; no item gets one that another ever had.
struct Counter {
  var item: Int64
  var position: Int64

  init(item: Int64, position: Int64) {
    self.item = item
    self.position = position
  }

  init(_ db: Database) throws {
    guard let row = try Row.fetchOne(db, sql: "SELECT * FROM counter") else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the counter is missing")
    }
    self.init(item: try row.read("last_item"), position: try row.read("last_position"))
  }

  func write(_ db: Database) throws {
    try db.execute(sql: "UPDATE counter SET last_item = ?, last_position = ?", arguments: [item, position])
  }
}

/// The servers that items name by number.
enum ServerTable {
  static func number(of server: ServerAddress, _ db: Database) throws -> Int64 {
    let known = try Int64.fetchOne(
      db, sql: "SELECT id FROM server WHERE host = ? AND port = ? AND mode = ? AND user IS ?",
      arguments: [server.host, server.port, server.mode.rawValue, server.user])
    if let known { return known }
    try db.execute(
      sql: "INSERT INTO server (host, port, mode, user) VALUES (?, ?, ?, ?)",
      arguments: [server.host, server.port, server.mode.rawValue, server.user])
    return db.lastInsertedRowID
  }

  static func all(_ db: Database) throws -> [Int64: ServerAddress] {
    var servers: [Int64: ServerAddress] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT * FROM server") {
      servers[try row.read("id")] = try ServerAddress(row: row)
    }
    return servers
  }
}

extension Timestamp {
  /// All but the seconds, in one number.
  var detail: Int64 { Int64(nanoseconds) << 8 | Int64(precision.rawValue) << 1 | (isUTC ? 1 : 0) }

  /// Nil for what `detail` never is.
  init?(seconds: Int64?, detail: Int64?) {
    guard let seconds, let detail, let precision = Precision(rawValue: UInt8(truncatingIfNeeded: detail >> 1 & 127)),
      (0..<1_000_000_000).contains(detail >> 8)
    else { return nil }
    self.init(seconds: seconds, nanoseconds: Int32(detail >> 8), precision: precision, isUTC: detail & 1 == 1)
  }
}
