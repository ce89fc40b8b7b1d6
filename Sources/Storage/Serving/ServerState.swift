internal import FTP
internal import GRDB
internal import Glibc
internal import Synchronization
package import SystemPackage

/// What a server of ours keeps between its starts: its users, what its owner decided about clients' certificates, and the
/// authorities whose signatures count. All in one folder, in which the server's own certificate and key lie too.
///
/// Every call asks the database, so that what another process changes counts at once; every change is on the disk when
/// the call returns. All calls block their thread for as long as the disk takes, and throw `StorageError`.
package final class ServerState: Sendable {
  /// The folder.
  package let folder: FilePath
  private let file: FilePath
  private let pool: DatabasePool
  private let clock: @Sendable () -> Int64
  private let ownChanges = Atomic<Int64>(0)

  /// A state of the database, to be compared with a later one.
  package struct Version: Hashable, Sendable {
    private let own: Int64
    private let others: Int64

    fileprivate init(own: Int64, others: Int64) {
      self.own = own
      self.others = others
    }
  }

  /// Opens the state in the data folder of `home`, and makes what is missing.
  package convenience init(_ home: Home) throws(StorageError) {
    try self.init(folder: home.prepare(.server))
  }

  /// Opens the state in a folder that a person chose, and makes what is missing.
  ///
  /// - Parameter clock: seconds since 1970.
  /// - Throws: `StorageError`: `foreignOwner`, `openToOthers`, `wrongKind`, `system`, and `unusableState` for a file that
  ///   is damaged, or no database of ours. It is never replaced by an empty one: that would forget who was rejected.
  package init(
    folder: FilePath, clock: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
  ) throws(StorageError) {
    self.folder = folder
    self.clock = clock
    file = folder.appending("serve.db")
    try PrivateFolder.makeParents(of: folder)
    try PrivateFolder.prepare(folder, tightening: false)
    pool = try Self.openPool(file)
  }

  package var users: ServerUsers { ServerUsers(state: self) }
  package var clients: ServerClients { ServerClients(state: self) }
  package var authorities: ServerAuthorities { ServerAuthorities(state: self) }

  /// Changes whenever anybody has changed anything, in this process or another. Cheap.
  package func version() throws(StorageError) -> Version {
    let others = try access { try $0.writeWithoutTransaction { try Int64.fetchOne($0, sql: "PRAGMA data_version") } }
    return Version(own: ownChanges.load(ordering: .acquiring), others: others ?? 0)
  }

  var now: Int64 { clock() }

  func read<R>(_ body: (Database) throws -> R) throws(StorageError) -> R {
    try access { try $0.read(body) }
  }

  func write<R>(_ body: (Database) throws -> R) throws(StorageError) -> R {
    let result = try access { pool in
      try pool.writeWithoutTransaction { db in
        var result: R?
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        return result!
      }
    }
    ownChanges.add(1, ordering: .releasing)
    return result
  }

  private func access<R>(_ body: (DatabasePool) throws -> R) throws(StorageError) -> R {
    do {
      return try body(pool)
    } catch {
      throw Self.error(error, file)
    }
  }

  private static func error(_ error: any Error, _ file: FilePath) -> StorageError {
    let error = StorageError(error, at: file)
    if case .damaged = error { return .unusableState(file) }
    return error
  }
}

extension ServerState {
  /// One process at a time makes or brings up to date what is there.
  private static func openPool(_ file: FilePath) throws(StorageError) -> DatabasePool {
    let lock = try DatabaseLock(FilePath(file.string + ".lock"))
    try lock.beginOpening()
    defer { lock.endOpening() }
    do {
      try check(file)
      let pool = try DatabasePool(path: file.string, configuration: configuration)
      try pool.read { db in
        let applied = try ServerSchema.migrator.appliedIdentifiers(db)
        let mark = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        let isNew = try applied.isEmpty && String.fetchSet(db, sql: "SELECT name FROM sqlite_schema").count <= 1
        guard isNew || mark == ServerSchema.applicationID else { throw StorageError.unusableState(file) }
        if try ServerSchema.migrator.hasBeenSuperseded(db) { throw StorageError.unusableState(file) }
        if try String.fetchOne(db, sql: "PRAGMA quick_check(1)") != "ok" { throw StorageError.unusableState(file) }
      }
      try ServerSchema.migrator.migrate(pool)
      // GRDB has set NORMAL, with which a decision can be lost with the power.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      return pool
    } catch {
      throw self.error(error, file)
    }
  }

  /// Makes the file itself, so that its permissions hold from the first moment.
  private static func check(_ file: FilePath) throws {
    let descriptor = open(file.string, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      return
    }
    if errno != EEXIST { throw StorageError.system(file, doing: "make", errno: errno) }
    var status = stat()
    if lstat(file.string, &status) != 0 { throw StorageError.system(file, doing: "look at", errno: errno) }
    if status.st_mode & S_IFMT != S_IFREG { throw StorageError.wrongKind(file, isFolder: false) }
    if status.st_uid != geteuid() { throw StorageError.foreignOwner(file, user: status.st_uid) }
    if status.st_mode & 0o077 != 0, chmod(file.string, 0o600) != 0 {
      throw StorageError.openToOthers(file, isFolder: false)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "serve.db"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 2
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -512")
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      try db.execute(sql: "PRAGMA cell_size_check = ON")
    }
    return configuration
  }
}
