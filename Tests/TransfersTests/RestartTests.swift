import FTP
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

@Suite("What a queue does that finds the work of a process that was killed", .timeLimit(.minutes(2)))
struct RestartTests {
  private static let size = 3_000_000
  private static let time = Timestamp(seconds: 1_600_000_000)

  /// How far the earlier process had come.
  enum Left: CaseIterable, Sendable {
    case nothing, tinyPart, part, wholePart, target, targetAndPart
  }

  private func touch(_ path: FilePath) {
    var times = [timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0)]
    #expect(utimes(path.string, &times) == 0)
  }

  private func item(_ world: QueueWorld, isDownload: Bool, changedSince: Bool) throws -> (TransferBatch, TransferItem) {
    let (here, there) = (ItemPath(world.here("a")), ItemPath(bytes: Array("/a".utf8)))
    let batch = TransferBatch(
      id: TransferBatch.ID(1), source: isDownload ? .remote(world.address) : .local,
      target: isDownload ? .local : .remote(world.address))
    var time = Self.time
    if !isDownload { time = Timestamp(seconds: time.seconds, precision: .nanosecond) }
    if changedSince { time = Timestamp(seconds: 1) }
    let item = TransferItem(
      id: 7, batch: batch.id, kind: .file, source: isDownload ? there : here, target: isDownload ? here : there,
      size: Int64(Self.size), modified: time, token: 99)
    return (batch, item)
  }

  private func run(
    _ left: Left, isDownload: Bool, changedSince: Bool = false, _ check: (QueueWorld) async throws -> Void
  ) async throws {
    let journal = LeftJournal()
    try await QueueWorld.with(journal: journal) { world in
      let (from, to) = isDownload ? (world.remote, world.local.folder) : (world.local.folder, world.remote)
      let bytes = content(Self.size)
      touch(try from.write(bytes, to: "a"))
      let (batch, item) = try item(world, isDownload: isDownload, changedSince: changedSince)
      let part = item.partName.text
      let older: [UInt8] = changedSince ? content(Self.size, seed: 3) : bytes
      switch left {
      case .nothing: break
      case .tinyPart: try to.write(Array(older.prefix(1_000)), to: part)
      case .part: try to.write(Array(older.prefix(2_000_000)), to: part)
      case .wholePart: try to.write(older, to: part)
      case .target: touch(try to.write(bytes, to: "a"))
      case .targetAndPart:
        touch(try to.write(bytes, to: "a"))
        try to.write(Array(older.prefix(2_000_000)), to: part)
      }
      await journal.leave(batch, [item])
      try await world.queue.restore()
      #expect(try await eventually { await world.queue.row(7)?.state.isDone ?? false })
      #expect(try FileTree.read(to.appending("a")) == bytes)
      #expect(try FileTree.names(in: to.path).map(\.string) == ["a"])
      try await check(world)
    }
  }

  @Test(
    "it is completed without a question, and what is there already is not transferred again", arguments: Left.allCases,
    [true, false])
  func completes(_ left: Left, _ isDownload: Bool) async throws {
    try await run(left, isDownload: isDownload) { world in
      let verb = isDownload ? "RETR" : "STOR"
      switch left {
      case .nothing, .tinyPart: #expect(world.commands.count(verb) == 1)
      case .part:
        // The last 64 KiB are compared, and then added to.
        #expect(world.commands.all.contains("REST 1934464"))
        #expect(world.commands.all.contains("REST 2000000") == !isDownload)
        #expect(world.commands.count(verb) == 1)
      case .wholePart: break
      case .target, .targetAndPart: #expect(world.commands.count(verb) == 0)
      }
    }
  }

  @Test("a part of a source that has changed since is not used", arguments: [Left.part, .wholePart], [true, false])
  func changed(_ left: Left, _ isDownload: Bool) async throws {
    try await run(left, isDownload: isDownload, changedSince: true) { world in
      #expect(world.commands.count("REST") == 0)
    }
  }
}

@Suite("The queue on disk", .timeLimit(.minutes(2)))
struct StoredJournalTests {
  private func database(_ folder: TemporaryFolder) throws -> FerryDatabase {
    FerryDatabase(try Home(environment: ["FERRY_HOME": folder.path.string]))
  }

  @Test("what was not done when the queue was stopped is done by the next one")
  func continues() async throws {
    let folder = try TemporaryFolder("home")
    let database = try database(folder)
    var expected: TreeDigest?
    try await QueueWorld.with(journal: StoredJournal(database.queue), jobs: 1) { world in
      for number in 0..<30 { try world.remote.write(content(200_000, seed: number), to: "tree/\(number)") }
      expected = try await TreeDigest(of: world.remote.appending("tree"))
      let request = TransferRequest(from: try world.there(), [.init("tree")], to: world.here())
      var count = 0
      for await event in try await world.queue.run(request) {
        if case .finished = event { count += 1 }
        if count == 10 { break }
      }
      await world.queue.stop()
      // Another copy, on the same world.
      let next = TransferQueue(
        sessions: world.provider, disk: world.local.disk, journal: StoredJournal(database.queue), jobs: 3)
      try await next.restore()
      #expect(try await eventually(within: .seconds(30)) { await !next.isBusy })
      #expect(
        try await TreeDigest(of: world.local.folder.appending("tree")).differences(from: try #require(expected)) == [])
      #expect(await next.rows(.finished, from: 0, count: 99).count == 31)
      await next.clearFinished()
      #expect(try database.queue.counts().total == 0)
      await next.stop()
    }
  }

  @Test("a name that was taken because another one was not free is the one that the next process goes on with")
  func newNameIsKept() async throws {
    let folder = try TemporaryFolder("home")
    let database = try database(folder)
    let journal = StoredJournal(database.queue)
    let request = TransferRequest(
      from: .local("/from"), [.init("a b", kind: .file)], to: .local("/to"), onConflict: .rename)
    func path(_ text: String) -> ItemPath { ItemPath(bytes: Array(text.utf8)) }
    let new = NewItem(kind: .file, source: path("/from/a b"), target: path("/to/a b"), depth: 1)
    let item = try #require(try await journal.insert(request, [new]).items.first)
    var queue = QueueState(jobs: 1, retries: RetryPolicy(), seed: 1)
    _ = queue.added(batch(from: .local, to: .local), [item])
    _ = queue.noted(item.id, .target(path("/to/a (2)")))
    _ = try await journal.save([try #require(queue[item.id])])
    await journal.retire()
    let kept = try await StoredJournal(database.queue).restore()
    #expect(kept.flatMap(\.items).map(\.target) == [path("/to/a (2)")])
    #expect(kept.flatMap(\.items).map(\.partName) == [item.partName])
  }

  @Test("a paused queue is paused at the next start and in other copies, but not for a command")
  func pauseIsKept() async throws {
    let folder = try TemporaryFolder("home")
    let database = try database(folder)
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      try world.remote.write(content(50_000, seed: 1), to: "a")
      await world.queue.pauseAll()
      try await world.queue.enqueue(
        TransferRequest(from: try world.there(), [.init("a", kind: .file)], to: world.here()))
      func another() -> TransferQueue {
        TransferQueue(sessions: world.provider, disk: world.local.disk, journal: StoredJournal(database.queue), jobs: 3)
      }
      let screen = another()
      try await screen.restore()
      #expect(await screen.isPaused)
      let third = another()
      try await third.restore()
      await screen.resumeAll()
      #expect(try await eventually { await !third.isPaused })
      #expect(try await eventually { try database.queue.counts()[.done].items == 1 })
      await third.pauseAll()
      #expect(try await eventually { await screen.isPaused })
      await screen.stop()
      await third.stop()
      try world.remote.write(content(50_000, seed: 2), to: "b")
      try await world.queue.enqueue(
        TransferRequest(from: try world.there(), [.init("b", kind: .file)], to: world.here()))
      let command = another()
      try await command.restore(isAttended: false)
      #expect(try await eventually { try database.queue.counts()[.done].items == 2 })
      await command.stop()
    }
  }

  @Test("two queues on one journal do each item once")
  func shared() async throws {
    let folder = try TemporaryFolder("home")
    let database = try database(folder)
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      for number in 0..<40 { try world.remote.write(content(50_000, seed: number), to: "\(number)") }
      await world.queue.pauseAll()
      let entries = (0..<40).map { TransferRequest.Entry(FileName(stringLiteral: "\($0)"), kind: .file) }
      try await world.queue.enqueue(TransferRequest(from: try world.there(), entries, to: world.here()))
      let other = TransferQueue(
        sessions: world.provider, disk: world.local.disk, journal: StoredJournal(database.queue), jobs: 3)
      try await other.restore()
      await world.queue.resumeAll()
      #expect(try await eventually { try database.queue.counts()[.done].items == 40 })
      #expect(try await eventually { await !world.queue.isBusy })
      #expect(try await eventually { await !other.isBusy })
      #expect(world.commands.count("RETR") == 40)
      #expect(try world.local.names().count == 40)
      await other.stop()
    }
  }

  @Test("every state comes back as it was, and what ran waits")
  func states() async throws {
    let folder = try TemporaryFolder("home")
    let database = try database(folder)
    let journal = StoredJournal(database.queue)
    let entries = (0..<8).map { TransferRequest.Entry(FileName(stringLiteral: "\($0)"), kind: .file, size: 9) }
    let request = TransferRequest(
      from: .remote(server, .root), entries, to: .local("/tmp"), operation: .move, onConflict: .newer)
    let kept = try await journal.insert(
      request,
      entries.map { entry in
        NewItem(
          kind: .file, source: ItemPath(bytes: Array("/".utf8) + entry.name.bytes),
          target: ItemPath(bytes: Array("/tmp/".utf8) + entry.name.bytes), depth: 1, size: 9)
      })
    let states: [ItemState] = [
      .waiting, .running, .paused, .failed(TransferFailure(.login, "The server said no.")), .done(.length(9)),
      .skipped("Not now."), .cancelled, .needsYou(.volume(reason: "The disk is full.")),
    ]
    #expect(try await journal.claim(kept.items.map(\.id)).count == 8)
    let ended = zip(kept.items, states).map { item, state in
      var item = item
      item.state = state
      item.answer = .overwrite
      return item
    }
    #expect(try await journal.save(ended) == [])
    await journal.retire()
    let next = StoredJournal(database.queue)
    let restored = try #require(try await next.restore().first)
    #expect(restored.batch == kept.batch)
    var expected = states
    expected[1] = .waiting
    expected[7] = .waiting
    #expect(restored.items.map(\.state) == expected)
    #expect(restored.items.map(\.token) == kept.items.map(\.token))
    #expect(restored.items.map(\.source) == kept.items.map(\.source))
    #expect(restored.items.allSatisfy { $0.answer == .overwrite })
    let waiting = Set(restored.items.filter { $0.state == .waiting }.map(\.id))
    #expect(try await next.claim(restored.items.map(\.id)) == waiting, "what waits can be worked on")
  }
}
