import FTP
import Glibc
import Storage
import Synchronization
import SystemPackage
import TLS
import TestSupport
import Testing

/// Several processes on one database, some of them killed.
@Suite("Several processes", .serialized)
struct ProcessTests {
  @Test("two processes that work on one queue do every item once")
  func twoWorkers() async throws {
    let fixture = try Fixture()
    let queue = fixture.database.queue
    let count = 300
    try queue.append((0..<count).map { download("\($0)") }, to: try queue.makeBatch())
    let folder = fixture.folder.path.string
    await withTaskGroup(of: Void.self) { group in
      for tag in ["one", "two"] {
        group.addTask {
          await #expect(processExitsWith: .success) { [folder = folder as String, tag = tag as String] in
            let queue = FerryDatabase(Home(folder: FilePath(folder))).queue
            let worker = try queue.register()
            var done: [UInt8] = []
            while true {
              let items = try queue.claim(3, for: worker)
              if items.isEmpty { break }
              done += items.flatMap { Array("\($0.id)\n".utf8) }
              let lost = try queue.apply(items.map { JournalUpdate($0.id, .done(proof: tag)) }, by: worker, .written)
              precondition(lost.isEmpty)
            }
            try PrivateFile.write(done, to: FilePath(folder).appending(tag))
          }
        }
      }
    }
    let done = try ["one", "two"].map {
      try FileTree.text(fixture.folder.appending($0)).split(separator: "\n").compactMap { Int64($0) }
    }
    #expect(done[0].count + done[1].count == count && Set(done[0] + done[1]).count == count)
    for (tag, ids) in zip(["one", "two"], done) {
      #expect(try queue.items(ids).allSatisfy { $0.state == .done && $0.detail == tag })
    }
  }

  @Test("what a killed process had claimed waits again, at once")
  func killedWorker() async throws {
    let fixture = try Fixture()
    let queue = fixture.database.queue
    let ids = Array(try queue.append([download("a"), download("b")], to: try queue.makeBatch()))
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = fixture.folder.path.string as String] in
      let queue = FerryDatabase(Home(folder: FilePath(folder))).queue
      let worker = try queue.register()
      let items = try queue.claim(9, for: worker)
      try queue.apply([JournalUpdate(items[0].id, bytesDone: 7, part: .named([1]))], by: worker, .written)
      kill(getpid(), SIGKILL)
    }
    #expect(try queue.items(ids).map(\.state) == [.running, .running])
    let again = try queue.claim(9, for: try queue.register())
    #expect(again.map(\.id) == ids && again[0].bytesDone == 7 && again[0].partName == [1])
  }

  @Test(
    "a process killed at any moment loses nothing that it was told to be kept", arguments: 1...12 as ClosedRange<UInt64>
  )
  func killedWriter(seed: UInt64) async throws {
    let fixture = try Fixture()
    let folder = fixture.folder.path.string
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, seed = seed as UInt64] in
      try workUntilKilled(folder: folder, seed: seed)
    }
    #expect(try fixture.database.open() == .opened)
    let queue = fixture.database.queue
    var accepted: [String: Int64] = [:]
    for line in try FileTree.text(fixture.folder.appending("accepted")).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3, words[2] == ".", let number = Int64(words[1]) { accepted[String(words[0])] = number }
    }
    let items = try queue.items(1...100_000)
    #expect(items.indices.allSatisfy { items[$0].id == Int64($0) + 1 })
    #expect(Int64(items.count) >= accepted["appended"] ?? 0)
    #expect(items.count % 7 == 0, "an append is all or nothing")
    #expect(items.filter { $0.state == .done }.count >= accepted["done"] ?? 0)
    #expect(try fixture.database.sites.list().count >= accepted["site"] ?? 0)
    let trusted = try fixture.database.trust.list()
    #expect(trusted.count == 1 || accepted["trusted"] == nil && trusted.isEmpty, "the old one or the new one")
    let round = trusted.first?.certificate.details.subject.commonName.flatMap { Int64($0) } ?? 0
    #expect(round >= accepted["trusted"] ?? 0)
    fixture.database.close()
    #expect(try fixture.texts(sql: "PRAGMA integrity_check") == ["ok"])
    #expect(try fixture.names("ferry.db.corrupt").isEmpty)
  }

  @Test("processes that find a damaged database at once keep it once, and share the new one")
  func damage() async throws {
    let fixture = try Fixture()
    try fixture.folder.write("garbage that was a database once", to: "ferry.db")
    try fixture.folder.write("and its log", to: "ferry.db-wal")
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<4 {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [folder = fixture.folder.path.string as String, number = number as Int] in
            let database = FerryDatabase(Home(folder: FilePath(folder)))
            try database.sites.add("site \(number)", address: exampleServer)
          }
        }
      }
    }
    let kept = try fixture.names("ferry.db.corrupt-")
    #expect(kept.count == 2, "\(kept)")
    #expect(try FileTree.text(fixture.folder.appending(kept[0])) == "garbage that was a database once")
    #expect(try FileTree.text(fixture.folder.appending(kept[1])) == "and its log")
    #expect(try fixture.database.sites.list().map(\.name) == (0..<4).map { "site \($0)" })
  }

  @Test("a change that the disk refuses changes nothing, and the next one works")
  func refused() async throws {
    let fixture = try Fixture()
    try fixture.database.sites.add("before", address: exampleServer)
    fixture.database.close()
    await #expect(processExitsWith: .success) { [folder = fixture.folder.path.string as String] in
      let database = FerryDatabase(Home(folder: FilePath(folder)))
      try database.open()
      let batch = try database.queue.makeBatch()
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 200_000, rlim_max: .max)
      precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      do {
        try database.queue.append((0..<20_000).map { download("\($0)") }, to: batch)
        preconditionFailure("written where nothing can be")
      } catch {}
      limit.rlim_cur = .max
      precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let total = try database.queue.counts().total
      precondition(total == 0)
      try database.queue.append([download("after")], to: batch)
    }
    #expect(try fixture.database.queue.page([.waiting], limit: 9).map(name) == ["after"])
    #expect(try fixture.database.sites.list().map(\.name) == ["before"])
    #expect(fixture.database.openReport == .opened)
  }
}

/// Changes the database without end, and writes down what it was told to be kept; a thread ends the process.
private func workUntilKilled(folder: String, seed: UInt64) throws {
  let database = FerryDatabase(Home(folder: FilePath(folder)))
  let note = open(folder + "/accepted", O_WRONLY | O_CREAT | O_APPEND, 0o600)
  func accept(_ what: String, _ number: Int) {
    let line = Array("\(what) \(number) .\n".utf8)
    precondition(write(note, line, line.count) == line.count)
  }
  let queue = database.queue
  let worker = try queue.register()
  let batch = try queue.makeBatch()
  var random = SeededGenerator(seed)
  let delay = useconds_t.random(in: 1000...150_000, using: &random)
  killSelf(after: delay)
  var (appended, done) = (0, 0)
  for round in 1... {
    try queue.append((0..<7).map { download("\($0)") }, to: batch)
    appended += 7
    accept("appended", appended)
    let items = try queue.claim(5, for: worker)
    try queue.apply(items.map { JournalUpdate($0.id, .done()) }, by: worker, round % 2 == 0 ? .flushed : .written)
    done += items.count
    accept("done", done)
    try database.sites.add("site \(round)", address: exampleServer)
    accept("site", round)
    // A change that was accepted: the new certificate takes the place of the old one, in one step.
    let old = try database.trust.list()
    try database.trust.replace(
      old, host: "files.example.org", port: 21, mode: .explicit, chain: [try selfSigned("\(round)")])
    accept("trusted", round)
  }
}

private func killSelf(after microseconds: useconds_t) {
  let argument = UnsafeMutablePointer<useconds_t>.allocate(capacity: 1)
  argument.initialize(to: microseconds)
  var thread = pthread_t()
  let result = pthread_create(
    &thread, nil,
    { argument in
      usleep(argument!.load(as: useconds_t.self))
      kill(getpid(), SIGKILL)
      return nil
    }, argument)
  precondition(result == 0)
}
