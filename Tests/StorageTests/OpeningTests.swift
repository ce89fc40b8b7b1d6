import FTP
import Glibc
import Storage
import SystemPackage
import TLS
import TestSupport
import Testing

/// A cache of trust that is damaged, shared or lost makes nobody trusted (threat C10).
@Suite("Opening the database")
struct OpeningTests {
  let fixture: Fixture
  let certificate: Certificate

  init() throws {
    fixture = try Fixture()
    certificate = try selfSigned("files.example.org")
  }

  private func isTrusted(_ database: FerryDatabase) throws -> Bool {
    try database.trust.verdict(host: "files.example.org", port: 21, mode: .explicit, chain: [certificate]) != .unknown
  }

  /// A database with trust in it, closed.
  private func fill(_ database: FerryDatabase) throws {
    try database.trust.remember(host: "files.example.org", port: 21, mode: .explicit, chain: [certificate])
    database.close()
  }

  @Test("nothing is touched before the first use")
  func lazy() throws {
    #expect(fixture.database.openReport == nil)
    #expect(try fixture.names("").isEmpty)
    _ = try fixture.database.trust.list()
    #expect(fixture.database.openReport == .created)
    #expect(try fixture.database.open() == .created)
  }

  @Test("a database that is there is opened, and there is nothing to say")
  func opened() throws {
    try fill(fixture.database)
    let report = try fixture.another().open()
    #expect(report == .opened && report.notice == nil && OpenReport.created.notice == nil)
    #expect(try fixture.names("ferry.db.corrupt").isEmpty)
  }

  @Test("all its files are for the owner alone, whatever the umask")
  func filePermissions() throws {
    _ = try fixture.database.queue.makeBatch()
    let names = try fixture.names("ferry.db")
    #expect(names == ["ferry.db", "ferry.db-shm", "ferry.db-wal", "ferry.db.lock"])
    for name in names { #expect(permissions(fixture.folder.appending(name)) == 0o600, "\(name)") }
  }

  @Test("closed, it is one file")
  func closed() throws {
    _ = try fixture.database.queue.makeBatch()
    _ = try fixture.database.trust.list()
    fixture.database.close()
    #expect(try fixture.names("") == ["ferry.db", "ferry.db.lock"])
  }

  @Test("permissions of others are taken away from a database that is there")
  func tightened() throws {
    try fill(fixture.database)
    chmod(fixture.home.database.string, 0o644)
    let another = fixture.another()
    #expect(try isTrusted(another))
    #expect(permissions(fixture.home.database) == 0o600)
    #expect(permissions(fixture.folder.appending("ferry.db-wal")) == 0o600)
  }

  @Test("a link or a folder in its place is refused, and stays")
  func wrongKind() throws {
    let elsewhere = try fixture.folder.write("x", to: "elsewhere")
    #expect(symlink("elsewhere", fixture.home.database.string) == 0)
    #expect(throws: StorageError.wrongKind(fixture.home.database, isFolder: false)) { try fixture.database.open() }
    #expect(try FileTree.text(elsewhere) == "x")
    unlink(fixture.home.database.string)
    mkdir(fixture.home.database.string, 0o700)
    #expect(throws: StorageError.wrongKind(fixture.home.database, isFolder: false)) { try fixture.database.open() }
    rmdir(fixture.home.database.string)
    #expect(try fixture.database.open() == .created)
  }

  @Test("a database in a folder that cannot be written says so, in one sentence")
  func unwritable() throws {
    // Also root cannot make files in /proc.
    let database = FerryDatabase(Home(folder: "/proc/ferry"))
    let error = #expect(throws: StorageError.self) { try database.open() }
    #expect(error?.description.hasPrefix("Cannot make the folder /proc/ferry: ") == true)
  }

  /// Ways to lose a database.
  enum Harm: String, CaseIterable, CustomTestStringConvertible {
    case garbage, empty, headerOnly, half, oneByte, text, foreign, foreignEmpty, tableGone, otherColumn, lostVersion,
      newer, trustPage, lostMain

    var testDescription: String { rawValue }

    var damage: String {
      switch self {
      case .garbage, .oneByte, .text: "was no database"
      case .empty: "was empty"
      case .headerOnly, .half, .tableGone, .otherColumn, .lostVersion, .trustPage, .lostMain: "was damaged"
      case .foreign, .foreignEmpty: "was not made by Ferry"
      case .newer: "was made by a newer Ferry"
      }
    }
  }

  @Test("a database that cannot be used is kept aside, said, and never taken for trust", arguments: Harm.allCases)
  func replaced(harm: Harm) throws {
    try fill(fixture.database)
    try inflict(harm)
    let before = harm == .lostMain ? nil : try FileTree.read(fixture.home.database)

    let database = fixture.another()
    #expect(try !isTrusted(database))
    guard case .replaced(let kept, let damage)? = database.openReport else {
      Issue.record("opened as if nothing were wrong: \(String(describing: database.openReport))")
      return
    }
    #expect(damage.description.hasPrefix(harm.damage), "\(damage)")
    #expect(try !fixture.names(try #require(kept.lastComponent).string).isEmpty)
    if let before { #expect(try FileTree.read(kept) == before) }
    let notice = try #require(database.openReport?.notice)
    #expect(notice.contains(kept.string) && notice.contains(damage.description))

    // The new one works, and stays.
    try fill(database)
    let next = fixture.another()
    #expect(try isTrusted(next))
    #expect(next.openReport == .opened)
  }

  private func inflict(_ harm: Harm) throws {
    let path = fixture.home.database
    let whole = try FileTree.read(path)
    func replace(_ bytes: [UInt8]) throws { try fixture.folder.write(bytes, to: "ferry.db") }
    switch harm {
    case .garbage:
      var random = SeededGenerator(1)
      try replace((0..<whole.count).map { _ in random.next(upperBound: UInt8.max) })
    case .empty: try replace([])
    case .headerOnly: try replace(Array(whole.prefix(100)))
    case .half: try replace(Array(whole.prefix(whole.count / 2)))
    case .oneByte: try replace([0])
    case .text: try replace(Array(String(repeating: "<html>not found</html>\n", count: 100).utf8))
    case .foreign:
      unlink(path.string)
      try fixture.run(sql: "CREATE TABLE trusted (id); CREATE TABLE song (title)")
    case .foreignEmpty:
      try fixture.run(sql: "PRAGMA application_id = 7")
    case .tableGone: try fixture.run(sql: "DROP TABLE site")
    case .otherColumn: try fixture.run(sql: "ALTER TABLE site RENAME COLUMN notes TO remarks")
    case .lostVersion: try fixture.run(sql: "DELETE FROM grdb_migrations")
    case .newer: try fixture.run(sql: "INSERT INTO grdb_migrations VALUES ('999')")
    case .trustPage:
      // The page where the table of trust begins.
      let page = try #require(
        fixture.texts(sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'trusted'").first.flatMap { Int($0) })
      var bytes = whole
      for index in (page - 1) * 4096..<page * 4096 { bytes[index] = 0xA5 }
      try replace(bytes)
    case .lostMain:
      rename(path.string, path.string + ".elsewhere")
      try fixture.folder.write(Array(repeating: 1, count: 4096), to: "ferry.db-wal")
    }
  }

  @Test("its log and its index go aside with it, unchanged")
  func companions() throws {
    try fixture.folder.write("garbage, garbage, garbage", to: "ferry.db")
    try fixture.folder.write("a log", to: "ferry.db-wal")
    try fixture.folder.write("an index", to: "ferry.db-shm")
    guard case .replaced(let kept, _) = try fixture.database.open() else {
      Issue.record("not replaced")
      return
    }
    #expect(try FileTree.text(kept) == "garbage, garbage, garbage")
    #expect(try FileTree.text(FilePath(kept.string + "-wal")) == "a log")
    #expect(FileTree.exists(FilePath(kept.string + "-shm")))
  }

  @Test("two that cannot be used in the same second are both kept")
  func keptApart() throws {
    for content in ["first garbage", "second garbage", "third garbage"] {
      fixture.database.close()
      try fixture.folder.write(content, to: "ferry.db")
      try fixture.database.open()
    }
    let kept = try fixture.names("ferry.db.corrupt-").filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    let contents = try kept.map { try FileTree.text(fixture.folder.appending($0)) }
    #expect(Set(contents) == ["first garbage", "second garbage", "third garbage"] && contents.count == 3)
  }

  @Test("a damaged database that another copy has open is left to it")
  func damagedInUse() throws {
    try fill(fixture.database)
    let whole = try FileTree.read(fixture.home.database)
    try fixture.database.open()
    // Beside the open database, whose log is still whole.
    let names = try fixture.names("ferry.db")
    try fixture.folder.write(Array(repeating: 0xA5, count: whole.count), to: "garbage")
    rename(fixture.folder.appending("garbage").string, fixture.home.database.string)
    unlink(fixture.home.database.string + "-wal")
    #expect(throws: StorageError.damagedInUse(fixture.home.database)) { try fixture.another().open() }
    #expect(try fixture.names("ferry.db.corrupt").isEmpty && names.contains("ferry.db"))
    fixture.database.close()
    guard case .replaced = try fixture.another().open() else {
      Issue.record("not replaced when nobody used it any more")
      return
    }
  }

  @Test("damage that is met in use is said, and found at the next opening, wherever it is")
  func damageInUse() throws {
    let queue = fixture.database.queue
    let batch = try queue.makeBatch()
    try queue.append((0..<2000).map { download("\($0)") }, to: batch)
    fixture.database.close()
    var bytes = try FileTree.read(fixture.home.database)
    // By its own index: SQLite's table of pages is not built in everywhere.
    let root = try #require(
      fixture.texts(sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'item'").first.flatMap { Int($0) })
    let pages = (root + 20..<root + 40)
    for page in pages { for index in (page - 1) * 4096..<page * 4096 where index < bytes.count { bytes[index] = 0xA5 } }
    try fixture.folder.write(bytes, to: "ferry.db")

    let database = fixture.another()
    #expect(try database.open() == .opened)
    let error = #expect(throws: StorageError.damaged(fixture.home.database)) {
      _ = try database.queue.items(1...2000)
      _ = try database.queue.retry(.all, [.waiting])
    }
    #expect(error?.description.contains("Restart Ferry") == true)
    database.close()
    guard case .replaced(let kept, _) = try database.open() else {
      Issue.record("opened again, damaged")
      return
    }
    #expect(FileTree.exists(kept))
    database.close()
    #expect(try fixture.another().open() == .opened)
  }

  @Test("several that find the damage at once keep it once, and work on with one new database")
  func atOnce() async throws {
    try fill(fixture.database)
    try fixture.folder.write("garbage, no database at all", to: "ferry.db")
    let databases = (0..<8).map { _ in fixture.another() }
    let reports = try await withThrowingTaskGroup(of: OpenReport.self) { group in
      for (index, database) in databases.enumerated() {
        group.addTask {
          let report = try database.open()
          try database.sites.add("site \(index)", address: exampleServer)
          return report
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(reports.filter { $0 == .opened }.count == 7)
    #expect(try fixture.names("ferry.db.corrupt-").count == 1)
    #expect(try fixture.another().sites.list().count == 8)
  }
}
