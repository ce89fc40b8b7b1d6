import FTP
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// A file that was fetched, edited and is sent back: it replaces what was fetched, and nothing else.
@Suite("What is replaced only as long as it is what it was", .timeLimit(.minutes(1)))
struct ExpectedTargetTests {
  private let old = MemoryServer.File(Array("old".utf8), unique: "7")
  private let fetched = FileFacts(size: 3, modified: Timestamp(seconds: 1_600_000_000), identity: "7")

  private func world(_ file: MemoryServer.File) throws -> JobWorld {
    let world = try JobWorld()
    try world.folder.write("edited", to: "a")
    world.remote["/a"] = file
    return world
  }

  private func text(_ world: JobWorld) -> String { String(decoding: world.remote["/a"]?.bytes ?? [], as: UTF8.self) }

  @Test("it is replaced without a question where it is the same")
  func same() async throws {
    let world = try world(old)
    guard case .done = await world.upload(.move, policy: .overwrite, { $0.expected = fetched }) else {
      Issue.record("not done")
      return
    }
    #expect(text(world) == "edited")
    #expect(try world.local.names().isEmpty)
  }

  @Test("a person is asked where its size, its time or its identity is another one", arguments: 0..<3)
  func changed(_ what: Int) async throws {
    let theirs = [
      MemoryServer.File(Array("theirs".utf8), unique: "7"),
      MemoryServer.File(Array("new".utf8), modified: Timestamp(seconds: 1_600_000_060), unique: "7"),
      MemoryServer.File(Array("new".utf8), unique: "8"),
    ][what]
    let world = try world(theirs)
    let outcome = await world.upload(.move, policy: .overwrite) { $0.expected = fetched }
    guard case .conflict(let conflict) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(conflict.target == FileFacts(size: theirs.size, modified: theirs.modified, identity: theirs.unique))
    #expect(world.remote["/a"]?.bytes == theirs.bytes)
    #expect(!world.remote.log.contains { $0.hasPrefix("STOR") })
    #expect(try world.local.names() == ["a"])
    let answered = await world.upload(.move, policy: .overwrite) {
      $0.expected = fetched
      $0.answer = .overwrite
    }
    guard case .done = answered else {
      Issue.record("\(answered)")
      return
    }
    #expect(text(world) == "edited")
  }

  @Test("what others write while it is sent is not replaced either")
  func meanwhile() async throws {
    let world = try world(old)
    world.remote.before { [remote = world.remote] line in
      if line.hasPrefix("STOR") { remote["/a"] = MemoryServer.File(Array("theirs".utf8), unique: "9") }
    }
    guard case .conflict = await world.upload(.move, policy: .overwrite, { $0.expected = fetched }) else {
      Issue.record("no question")
      return
    }
    #expect(text(world) == "theirs")
  }

  @Test("what an earlier attempt has replaced it with is no change by others")
  func own() async throws {
    let world = try world(old)
    guard case .done = await world.upload(.copy, policy: .overwrite, { $0.expected = fetched }) else {
      Issue.record("not done")
      return
    }
    let again = await world.upload(.move, policy: .overwrite) {
      $0.expected = fetched
      $0.hasStarted = true
    }
    guard case .done = again else {
      Issue.record("\(again)")
      return
    }
    #expect(text(world) == "edited")
  }

  @Test("the next process asks, too; and knows which copies are still to be sent")
  func restarted() async throws {
    let home = try TemporaryFolder("home")
    let database = FerryDatabase(try Home(environment: ["FERRY_HOME": home.path.string]))
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      try world.local.folder.write("edited", to: "copy")
      try world.remote.write("old", to: "a")
      let facts = try #require(FileTree.facts(world.remote.appending("a")))
      var entry = TransferRequest.Entry("copy", kind: .file, newName: "a")
      entry.expected = FileFacts(size: 3, modified: Timestamp(seconds: Int64(facts.st_mtim.tv_sec)))
      await world.queue.pauseAll()
      let batch = try await world.queue.enqueue(
        TransferRequest(from: world.here(), [entry], to: world.there(), operation: .move, onConflict: .overwrite))
      let id = try #require(await world.queue.items(of: batch).first)
      await world.queue.stop()
      try world.remote.write("theirs", to: "a")

      let next = TransferQueue(
        sessions: world.provider, disk: world.local.disk, journal: StoredJournal(database.queue), jobs: 1,
        retries: .quick)
      try await next.restore()
      let copy = world.local.folder.appending("copy")
      #expect(await next.awaited([copy, world.local.folder.appending("other")]) == [copy])
      await next.resumeAll()
      #expect(try await eventually { await next.items(in: .needsYou) == [id] })
      #expect(try FileTree.text(world.remote.appending("a")) == "theirs")
      await next.answer(id, .overwrite)
      #expect(try await eventually { await next.row(id)?.state.isDone ?? false })
      #expect(try FileTree.text(world.remote.appending("a")) == "edited")
      #expect(await next.awaited([copy]) == [])
      await next.stop()
    }
  }

  @Test("it comes back from the journal as it was, or not at all")
  func journal() {
    let times: [Timestamp?] = [
      nil, Timestamp(seconds: -5, nanoseconds: 7, precision: .nanosecond),
      Timestamp(seconds: 60, precision: .minute, isUTC: false),
    ]
    for time in times {
      for facts in [FileFacts(size: 0, modified: time), FileFacts(modified: time, identity: "a b,=\u{1B}")] {
        #expect(FileFacts(journaled: facts.journaled) == facts)
        #expect(!facts.journaled.contains(" "))
      }
    }
    for text in ["", "1,2", "1,2,3,4,5,6"] { #expect(FileFacts(journaled: text) == nil) }
  }
}
