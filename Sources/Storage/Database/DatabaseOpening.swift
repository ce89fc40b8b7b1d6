internal import GRDB
internal import Glibc
internal import SystemPackage

/// How the file is opened: checked first, and put aside where it cannot be used. One copy does this at a time.
struct DatabaseOpening {
  private let path: FilePath
  /// What SQLite keeps beside the database.
  private static let companions = ["-wal", "-shm", "-journal"]

  init(_ path: FilePath) { self.path = path }

  func run() throws(StorageError) -> FerryDatabase.Opened {
    let lock = try DatabaseLock(FilePath(path.string + ".lock"))
    try lock.beginOpening()
    defer { lock.endOpening() }
    do {
      return try run(holding: lock)
    } catch {
      throw StorageError(error, at: path)
    }
  }

  private func run(holding lock: DatabaseLock) throws -> FerryDatabase.Opened {
    var report = OpenReport.opened
    var checked: DatabaseQueue?
    let isAlone = try lock.useAlone()
    switch try condition(isSuspect: lock.isSuspect, isAlone: isAlone) {
    case .missing:
      report = .created
    case .usable(let queue, let isCurrent):
      guard isCurrent || isAlone else { throw StorageError.olderCopyRunning(path) }
      // Open until the pool is, so that SQLite does not empty and remove the log in between.
      checked = queue
    case .unusable(let damage, let queue):
      guard isAlone else { throw StorageError.damagedInUse(path) }
      report = .replaced(kept: try putAside(), because: damage)
      // Closed only now, as SQLite leaves a database alone that is no longer where it was opened.
      try queue?.close()
    }
    if checked == nil { try makeFile() }
    let pool = try DatabasePool(path: path.string, configuration: Self.configuration)
    try Schema.migrator.migrate(pool)
    // GRDB has set NORMAL, with which a commit can be lost with the power.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    try checked?.close()
    lock.isSuspect = false
    try lock.shareUse()
    return FerryDatabase.Opened(pool: pool, lock: lock, report: report)
  }

  private enum Condition {
    case missing
    /// `isCurrent`: its tables need no change.
    case usable(DatabaseQueue, isCurrent: Bool)
    case unusable(OpenReport.Damage, DatabaseQueue?)
  }

  /// Looks at what is there without changing it.
  private func condition(isSuspect: Bool, isAlone: Bool) throws -> Condition {
    var status = stat()
    if lstat(path.string, &status) != 0 {
      if errno != ENOENT { throw StorageError.system(path, doing: "look at", errno: errno) }
      // A log without its database holds what somebody may want back; SQLite would throw it away.
      return size(of: path.string + "-wal") > 0 ? .unusable(.damaged("its main file is missing"), nil) : .missing
    }
    if status.st_mode & S_IFMT != S_IFREG { throw StorageError.wrongKind(path, isFolder: false) }
    if status.st_uid != geteuid() { throw StorageError.foreignOwner(path, user: status.st_uid) }
    if status.st_mode & 0o077 != 0, chmod(path.string, 0o600) != 0 {
      throw StorageError.openToOthers(path, isFolder: false)
    }
    if status.st_size == 0 { return .unusable(.empty, nil) }
    if isAlone, try !hasHeader() { return .unusable(.notADatabase, nil) }
    var queue: DatabaseQueue?
    do {
      let opened = try DatabaseQueue(path: path.string, configuration: Self.configuration)
      queue = opened
      if let damage = try opened.unsafeRead({ try Self.damage(in: $0, isSuspect: isSuspect) }) {
        return .unusable(damage, queue)
      }
      return .usable(opened, isCurrent: try opened.unsafeRead(Schema.migrator.hasCompletedMigrations))
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_NOTADB: return .unusable(.notADatabase, queue)
      case .SQLITE_CORRUPT, .SQLITE_FORMAT, .SQLITE_ERROR:
        return .unusable(.damaged(error.message ?? "no reason given"), queue)
      default: throw error
      }
    }
  }

  /// Whether the file begins as SQLite's do. SQLite itself would find out, but throw away the log beside the file.
  ///
  /// Only for who is alone: to close any descriptor of a file takes away all locks that SQLite has on it in this process.
  private func hasHeader() throws -> Bool {
    let descriptor = open(path.string, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 { throw StorageError.system(path, doing: "read", errno: errno) }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 100)
    return pread(descriptor, &header, header.count, 0) == header.count
      && header.starts(with: Array("SQLite format 3\0".utf8))
  }

  /// Nil for a database that can be used. Reads the schema and the small tables; all of it only with a suspicion.
  private static func damage(in db: Database, isSuspect: Bool) throws -> OpenReport.Damage? {
    // Reading the schema finds a file that is shorter than its header says.
    let schema = try Schema.statements(db)
    let applied = try Schema.migrator.appliedIdentifiers(db)
    // What a copy leaves that is killed before its first commit.
    if applied.isEmpty, schema.count <= 1 { return try mark(db) == 0 ? nil : .foreign }
    guard try mark(db) == Schema.applicationID else { return .foreign }
    if try Schema.migrator.hasBeenSuperseded(db) { return .newer }
    if applied.isEmpty { return .damaged("its version is not known") }
    if try Schema.migrator.hasCompletedMigrations(db), try schema != Schema.expected() {
      return .damaged("its tables are not those that Ferry makes")
    }
    for check in isSuspect ? ["PRAGMA quick_check(1)"] : Schema.smallTables.map({ "PRAGMA quick_check(\($0))" }) {
      let result = try String.fetchOne(db, sql: check) ?? "ok"
      if result != "ok" { return .damaged(result) }
    }
    return nil
  }

  private static func mark(_ db: Database) throws -> Int32? {
    try Int32.fetchOne(db, sql: "PRAGMA application_id")
  }

  /// Made by us and not by SQLite, with permissions that hold from the first moment and that its log takes over.
  private func makeFile() throws {
    let descriptor = open(path.string, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw StorageError.system(path, doing: "make", errno: errno) }
    close(descriptor)
  }

  /// Renames the database and its companions. The database goes last: a crash in between leaves nothing that a new
  /// database would take for its own.
  private func putAside() throws -> FilePath {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y%m%dT%H%M%SZ", &parts)
    let base = path.string + ".corrupt-" + String(decoding: text.prefix(length).map(UInt8.init), as: UTF8.self)
    var target = base
    var number = 1
    while ([""] + Self.companions).contains(where: { exists(target + $0) }) {
      number += 1
      target = "\(base)-\(number)"
    }
    for suffix in Self.companions + [""] where exists(path.string + suffix) {
      if rename(path.string + suffix, target + suffix) != 0 {
        throw StorageError.system(path, doing: "keep aside", errno: errno)
      }
    }
    PrivateFolder.flush(path.removingLastComponent())
    return FilePath(target)
  }

  private func exists(_ name: String) -> Bool {
    var status = stat()
    return lstat(name, &status) == 0
  }

  private func size(of name: String) -> Int {
    var status = stat()
    return lstat(name, &status) == 0 ? Int(status.st_size) : 0
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "ferry.db"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 2
    configuration.prepareDatabase { db in
      // 1 MiB a connection; SQLite's own choice is twice that.
      try db.execute(sql: "PRAGMA cache_size = -1024")
      // A malformed schema is refused, not repaired by guessing; functions in it are not run.
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      // The log shrinks again after 100,000 items were queued at once.
      try db.execute(sql: "PRAGMA journal_size_limit = 4194304")
    }
    return configuration
  }
}
