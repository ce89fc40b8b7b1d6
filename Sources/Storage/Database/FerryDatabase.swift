internal import FTP
internal import GRDB
internal import Glibc
internal import Synchronization
package import SystemPackage

/// The file `ferry.db`: trusted certificates, sites and the transfer queue, shared by all running copies.
///
/// Making the value costs nothing. It opens at its first use, or with `open()`, which a program calls in the background
/// while its first screen is drawn. Every call here and in the stores blocks its thread for as long as the disk takes
/// (usually below 5 ms, for 100,000 items about a second), so that none belongs on the thread that draws.
package final class FerryDatabase: Sendable {
  /// What a commit has survived when the call returns.
  package enum Durability: Hashable, Sendable {
    /// The end of the process; not the loss of power, which may take it back, with all that came after it.
    case written
    /// Everything; costs a flush of the disk (about 2 ms here).
    case flushed
  }

  /// The file.
  package let path: FilePath
  private let home: Home
  private let clock: @Sendable () -> Int64
  private let current = Mutex<Opened?>(nil)

  /// What there is between opening and closing.
  struct Opened {
    let pool: DatabasePool
    let lock: DatabaseLock
    let report: OpenReport
  }

  /// The database of a home, not opened yet.
  ///
  /// - Parameter clock: seconds since 1970.
  package init(_ home: Home, clock: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }) {
    self.home = home
    self.clock = clock
    path = home.database
  }

  /// Opens it, where that has not happened; makes it, where there is none; replaces it, where it cannot be used.
  ///
  /// - Returns: what was found at the opening, also when that was earlier.
  /// - Throws: what `Home.prepare` does, and `StorageError`: `damagedInUse`, `olderCopyRunning`, `wrongKind`, `busy`,
  ///   `full`, `system`, `sqlite`. The next call tries again.
  @discardableResult
  package func open() throws(StorageError) -> OpenReport { try opened().report }

  /// What was found at the opening; nil before.
  package var openReport: OpenReport? { current.withLock { $0?.report } }

  /// Closes it; the last copy to do so puts what is in the log into the file. Any later use opens it again. A program
  /// that ends without it loses nothing.
  package func close() {
    current.withLock {
      // A reader closed after the writer would leave the log behind, as readers cannot empty it.
      $0?.pool.invalidateReadOnlyConnections()
      try? $0?.pool.close()
      $0 = nil
    }
  }

  /// Certificates that the user accepted for good.
  package var trust: TrustStore { TrustStore(database: self) }
  /// The transfer queue.
  package var queue: QueueJournal { QueueJournal(database: self) }
  /// Which client certificates wait for a server's trust.
  package var identityUses: IdentityUses { IdentityUses(database: self) }
  /// Servers with names.
  package var sites: SiteStore { SiteStore(database: self) }

  /// Seconds since 1970.
  var now: Int64 { clock() }

  /// The lock file of the opened database.
  func lock() throws(StorageError) -> DatabaseLock { try opened().lock }

  /// Looks at one state of the database, beside whoever writes.
  func read<R>(_ body: (Database) throws -> R) throws(StorageError) -> R {
    try access { pool in try pool.read(body) }
  }

  /// Changes all or nothing, one writer at a time among all copies.
  ///
  /// On a disk that is full, what is in the log already is put into the file, where most of it has its place, and the
  /// room of the log is used once more.
  func write<R>(_ durability: Durability = .flushed, _ body: (Database) throws -> R) throws(StorageError) -> R {
    do {
      return try writeOnce(durability, body)
    } catch {
      guard case .full = error else { throw error }
      try access { pool in
        try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
      }
      return try writeOnce(durability, body)
    }
  }

  private func writeOnce<R>(_ durability: Durability, _ body: (Database) throws -> R) throws(StorageError) -> R {
    try access { pool in
      try pool.writeWithoutTransaction { db in
        if durability == .written { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
        defer { if durability == .written { try? db.execute(sql: "PRAGMA synchronous = FULL") } }
        var result: R?
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        return result!
      }
    }
  }

  private func access<R>(_ body: (DatabasePool) throws -> R) throws(StorageError) -> R {
    let opened = try opened()
    do {
      return try body(opened.pool)
    } catch {
      let error = StorageError(error, at: path)
      if case .damaged = error { opened.lock.isSuspect = true }
      throw error
    }
  }

  private func opened() throws(StorageError) -> Opened {
    try current.withLock { current throws(StorageError) in
      if let current { return current }
      try home.prepare(.data)
      let opened = try DatabaseOpening(path).run()
      current = opened
      return opened
    }
  }
}
