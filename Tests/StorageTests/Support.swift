import FTP
import GRDB
import Glibc
import Storage
import Synchronization
import SystemPackage
import TLS
import TestSupport

/// A home in a folder of its own, a database on it, and a clock that stands until it is moved.
struct Fixture {
  let folder: TemporaryFolder
  let home: Home
  let clock = TestClock()
  let database: FerryDatabase

  init() throws {
    folder = try TemporaryFolder("storage")
    home = Home(folder: folder.path)
    database = FerryDatabase(home, clock: clock.read)
  }

  /// What another running copy would have.
  func another() -> FerryDatabase { FerryDatabase(home, clock: clock.read) }

  /// The names in the home that begin like this.
  func names(_ prefix: String) throws -> [String] {
    try FileTree.names(in: folder.path).map(\.string).filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// Runs SQL on the closed database, past everything that would keep it whole.
  func run(sql: String) throws {
    let queue = try DatabaseQueue(path: home.database.string)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// The answers to a question, the first column of each row.
  func texts(sql: String) throws -> [String] {
    let queue = try DatabaseQueue(path: home.database.string)
    defer { try? queue.close() }
    return try queue.read { try String.fetchAll($0, sql: sql) }
  }
}

final class TestClock: Sendable {
  private let seconds = Mutex<Int64>(1_700_000_000)
  var now: Int64 { seconds.withLock { $0 } }
  func advance(_ by: Int64) { seconds.withLock { $0 += by } }
  var read: @Sendable () -> Int64 { { self.now } }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

let exampleServer = ServerAddress(host: "files.example.org", user: "ada")

/// A download of `/remote/NAME` to `/local/NAME`.
func download(
  _ name: String, from server: ServerAddress = exampleServer, size: Int64? = nil, priority: Int = 2
) -> JournalEntry {
  JournalEntry(
    .copy, .file, from: JournalEntry.Place(server: server, path: Array("/remote/\(name)".utf8)),
    to: JournalEntry.Place(path: Array("/local/\(name)".utf8)), size: size, priority: priority)
}

/// The last component of where an item comes from.
func name(_ item: JournalItem) -> String {
  String(String(decoding: item.entry.source.path, as: UTF8.self).split(separator: "/").last ?? "")
}

func selfSigned(_ name: String, key: PrivateKey? = nil) throws -> Certificate {
  try SelfSignedCertificate.make(
    key: key ?? PrivateKey.generate(.ecP256), commonName: name, names: [name], days: 30, purpose: .server)
}

/// What workers and persons do, in few words.
extension QueueJournal {
  /// The first items that wait, as the worker has them now; none only where none waits.
  func claim(_ count: Int, for worker: JournalWorker) throws -> [JournalItem] {
    while true {
      let waiting = try page([.waiting], limit: count).map(\.id)
      if waiting.isEmpty { return [] }
      // Another worker may be quicker.
      let claimed = try claim(items: waiting, for: worker)
      if claimed.isEmpty { continue }
      let found = try items(claimed)
      return waiting.compactMap { id in found.first { $0.id == id } }
    }
  }

  /// Items that nobody has end up in another state.
  func leave(_ ids: some Sequence<JournalItem.ID>, _ outcome: JournalUpdate.Outcome) throws {
    let worker = try register()
    try record(ids.map { JournalUpdate($0, outcome) }, by: worker)
    try retire(worker)
  }
}
