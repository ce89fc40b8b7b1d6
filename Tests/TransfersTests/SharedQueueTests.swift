import FTP
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Several queues, as of several running copies, on one journal on disk.
@Suite("Two copies of the program and one queue", .timeLimit(.minutes(2)))
struct SharedQueueTests {
  private let folder: TemporaryFolder
  private let database: FerryDatabase

  init() throws {
    folder = try TemporaryFolder("home")
    database = FerryDatabase(try Home(environment: ["FERRY_HOME": folder.path.string]))
  }

  private func journal() -> StoredJournal { StoredJournal(database.queue) }

  /// Another copy, on the same world, that has taken up what is in the journal.
  private func another(_ world: QueueWorld, _ sessions: TestProvider? = nil) async throws -> TransferQueue {
    let queue = TransferQueue(
      sessions: sessions ?? world.provider, disk: world.local.disk, journal: journal(), jobs: 3, retries: .quick)
    try await queue.restore()
    return queue
  }

  private func isDone(_ queue: TransferQueue, _ id: TransferItem.ID) async throws -> Bool {
    try await eventually { await queue.row(id)?.state.isDone ?? false }
  }

  /// Queues a file whose target exists, and waits for the question.
  private func ask(_ world: QueueWorld, _ name: String = "a") async throws -> TransferItem.ID {
    try world.remote.write("newer", to: name)
    try world.local.folder.write("old", to: name)
    let entry = TransferRequest.Entry(FileName(stringLiteral: name), kind: .file)
    let batch = try await world.queue.enqueue(TransferRequest(from: world.there(), [entry], to: world.here()))
    #expect(try await eventually { await world.queue.rows(.needsYou, from: 0, count: 9).count == 1 })
    return try #require(await world.queue.items(of: batch).first)
  }

  @Test("what waited for an answer when the process ended is asked again, and then done")
  func questionSurvives() async throws {
    try await QueueWorld.with(journal: journal()) { world in
      let id = try await ask(world)
      await world.queue.stop()
      let next = try await another(world)
      #expect(try await eventually { await next.rows(.needsYou, from: 0, count: 9).map(\.id) == [id] })
      await next.answer(id, .overwrite)
      #expect(try await isDone(next, id))
      #expect(try FileTree.text(world.local.folder.appending("a")) == "newer")
      await next.stop()
    }
  }

  @Test(
    "an item that another copy takes first counts as failed for whoever waits for the batch",
    arguments: [10, 200_000])
  func takenFirst(_ size: Int) async throws {
    try await QueueWorld.with(journal: journal()) { world in
      for number in 0..<4 { try world.remote.write(content(size, seed: number), to: "\(number)") }
      await world.queue.pauseAll()
      let entries = (0..<4).map {
        TransferRequest.Entry(FileName(stringLiteral: "\($0)"), kind: .file, size: Int64(size))
      }
      let events = try await world.queue.run(TransferRequest(from: world.there(), entries, to: world.here()))
      let taken = try #require(await world.queue.items(in: .waiting).dropFirst().first)
      let other = journal()
      #expect(try await other.claim([taken]) == [taken])
      await world.queue.resumeAll()
      let states = await world.results(events)
      #expect(states.values.count { $0.isDone } == 3)
      guard case .failed(let failure) = states["/1"] else {
        Issue.record("\(states)")
        return
      }
      #expect(failure.reason.contains("Another running copy"))
      #expect(try database.queue.item(taken.rawValue)?.state == .running, "it is the other one's")
      await other.retire()
    }
  }

  /// What a person may do with an item in one copy, while another one has done it.
  enum Command: CaseIterable, Sendable { case pause, cancel, answer, policy, serverReady, retry }

  @Test("what another copy has done stays done, whatever is said here", arguments: Command.allCases)
  func doneElsewhere(_ command: Command) async throws {
    try await QueueWorld.with(journal: journal()) { world in
      if command == .serverReady { world.provider.setPassword(nil) }
      let id: TransferItem.ID
      if command == .serverReady {
        try world.remote.write("new", to: "a")
        let request = TransferRequest(from: try world.there(), [.init("a", kind: .file)], to: world.here())
        let batch = try await world.queue.enqueue(request)
        #expect(try await eventually { await world.queue.rows(.needsYou, from: 0, count: 9).count == 1 })
        id = try #require(await world.queue.items(of: batch).first)
      } else {
        id = try await ask(world)
      }
      let sessions = TestProvider(limit: 4)
      let other = try await another(world, sessions)
      if command != .serverReady {
        #expect(try await eventually { await other.rows(.needsYou, from: 0, count: 9).count == 1 })
        await other.answer(id, .overwrite)
      }
      #expect(try await isDone(other, id))
      await other.stop()
      await sessions.close()
      // Somebody else has gone on with the file.
      try world.local.folder.write("later", to: "a")
      switch command {
      case .pause: await world.queue.pause([id])
      case .cancel: await world.queue.cancel([id])
      case .answer: await world.queue.answer(id, .overwrite)
      case .policy: await world.queue.setPolicy(.overwrite, of: try #require(await world.queue.row(id)).batch)
      case .serverReady:
        world.provider.setPassword("lovelace")
        await world.queue.serverReady(world.address)
      case .retry: await world.queue.retry([id])
      }
      #expect(try await eventually { await world.queue.row(id) == nil })
      #expect(try await eventually { await !world.queue.isBusy })
      #expect(try database.queue.item(id.rawValue)?.state == .done)
      #expect(world.commands.count("RETR") == 1)
      #expect(try FileTree.text(world.local.folder.appending("a")) == "later")
    }
  }

  @Test("what this copy has done stays listed, whatever is said about it")
  func doneHere() async throws {
    try await QueueWorld.with(journal: journal()) { world in
      let id = try await ask(world)
      await world.queue.answer(id, .overwrite)
      #expect(try await isDone(world.queue, id))
      await world.queue.pause([id])
      await world.queue.resume([id])
      await world.queue.retry([id])
      await world.queue.cancel([id])
      #expect(await world.queue.row(id)?.state == .done(.length(5)))
      #expect(try await eventually { try database.queue.item(id.rawValue)?.state == .done })
    }
  }

  /// Leaves a folder that is being moved: what is in it is known and waits, and it waits for that.
  private func leaveMovedFolder(_ world: QueueWorld) async throws -> (folder: TransferItem.ID, files: [TransferItem.ID])
  {
    try world.local.folder.makeFolder("d")
    for number in 0..<3 { try world.remote.write("\(number)", to: "d/\(number)") }
    let first = journal()
    let request = TransferRequest(
      from: try world.there(), [.init("d", kind: .folder)], to: world.here(), operation: .move)
    var folder = try #require(try await first.insert(request, request.items).items.first)
    _ = try await first.claim([folder.id])
    folder.stage = .emptying
    let children = (0..<3).map { number in
      let name = FileName(stringLiteral: "\(number)")
      return NewItem(
        kind: .file, source: folder.source.appending(name), target: folder.target.appending(name), depth: 2, size: 1)
    }
    let files = try await first.expand(folder, into: children).map(\.id)
    await first.retire()
    return (folder.id, files)
  }

  @Test(
    "a moved folder is not removed while another copy moves what is in it, and after that as it ended there",
    arguments: [true, false], [true, false])
  func movedTogether(_ isTakenFirst: Bool, _ comesToEnd: Bool) async throws {
    try await QueueWorld.with(journal: journal()) { world in
      let (folder, files) = try await leaveMovedFolder(world)
      await world.queue.pauseAll()
      let other = journal()
      if isTakenFirst { #expect(try await other.claim([files[1]]) == [files[1]]) }
      try await world.queue.restore()
      if !isTakenFirst { #expect(try await other.claim([files[1]]) == [files[1]]) }
      await world.queue.resumeAll()
      #expect(try await eventually { try database.queue.counts()[.done].items == 2 })
      #expect(try await eventually { await world.queue.row(folder)?.problem?.contains("Another running copy") == true })
      #expect(world.commands.count("RMD") == 0)
      var file = TransferItem(
        id: files[1], batch: try #require(await world.queue.row(folder)).batch, kind: .file,
        source: ItemPath(bytes: Array("/d/1".utf8)), target: ItemPath(world.here("d/1")), depth: 2, token: 1)
      if comesToEnd {
        FileTree.remove(world.remote.appending("d/1"))
        file.state = .done(.length(1))
      } else {
        file.state = .failed(TransferFailure(.item, "no"))
      }
      _ = try await other.save([file])
      #expect(try await eventually { await world.queue.row(folder)?.state.isFinal == true })
      let end = await world.queue.row(folder)?.state
      #expect(FileTree.exists(world.remote.appending("d")) != comesToEnd)
      if comesToEnd {
        #expect(end == .done(.folder))
      } else if case .skipped(let reason) = end {
        #expect(reason.contains("not everything in it was moved"))
      } else {
        Issue.record("\(String(describing: end))")
      }
      await other.retire()
    }
  }

  @Test("a folder that another copy has meanwhile is not done without what is in it")
  func expandsNothing() async throws {
    let (first, other) = (journal(), journal())
    let request = TransferRequest(from: .remote(server, .root), [.init("d", kind: .folder)], to: .local("/tmp"))
    let folder = try #require(try await first.insert(request, request.items).items.first)
    #expect(try await first.claim([folder.id]) == [folder.id])
    await first.retire()
    #expect(try await other.claim([folder.id]) == [folder.id])
    let child = NewItem(
      kind: .file, source: folder.source.appending("a"), target: folder.target.appending("a"), depth: 2)
    await #expect(throws: TransferError.takenElsewhere) { try await first.expand(folder, into: [child]) }
    #expect(try database.queue.counts().total == 1)
    try database.queue.forget([folder.id.rawValue], by: try database.queue.register())
    await other.retire()
  }

  @Test(
    "a row of the journal that holds no path of an item is left out, and ends nothing",
    arguments: ["/a/..", "/.", "/a/x\u{0}y", "/", "relative/.."], [true, false])
  func spoiltPath(_ path: String, _ isSource: Bool) async throws {
    let first = journal()
    let request = TransferRequest(from: .remote(server, .root), [.init("good")], to: .local("/tmp"))
    let kept = try await first.insert(request, request.items)
    let (there, here) = isSource ? (path, "/tmp/x") : ("/x", path)
    let options = TransferItem.options(kind: .file, depth: 1, token: 5, collides: false)
    try database.queue.append(
      [
        JournalEntry(
          .copy, .file, from: JournalEntry.Place(server: server, path: Array(there.utf8)),
          to: JournalEntry.Place(path: Array(here.utf8)), options: options)
      ], to: kept.batch.id.rawValue)
    await first.retire()
    let restored = try await journal().restore()
    #expect(restored.flatMap(\.items).map(\.id) == kept.items.map(\.id))
    #expect(restored.flatMap(\.items).map(\.partName).count == 1)
  }

  @Test("what a command has queued is its own as long as it lives, and everybody's after that")
  func exclusive() async throws {
    let command = StoredJournal(database.queue, isExclusive: true)
    let entries = ["a", "b", "c", "d"].map { TransferRequest.Entry(FileName(stringLiteral: $0), kind: .file) }
    let request = TransferRequest(from: .remote(server, .root), entries, to: .local("/tmp"))
    var items = try await command.insert(request, request.items).items
    let ids = items.map(\.id)
    let other = journal()
    #expect(try await other.restore() == [])
    #expect(try await other.claim(ids) == [])
    #expect(try await command.claim(ids) == Set(ids))
    let states: [ItemState] = [
      .waiting, .needsYou(.volume(reason: "full")), .paused, .failed(TransferFailure(.item, "no")),
    ]
    for index in items.indices { items[index].state = states[index] }
    #expect(try await command.save(items) == [])
    #expect(try await other.restore().flatMap(\.items).map(\.id) == [ids[3]], "what has failed is everybody's")
    #expect(try await other.claim(ids) == [])
    for index in 0..<3 { items[index].state = .cancelled }
    #expect(try await other.save(items) == Set(ids.prefix(3)))
    #expect(try await command.claim(Array(ids.prefix(2))) == Set(ids.prefix(2)))
    let child = NewItem(
      kind: .file, source: items[0].source.appending("x"), target: items[0].target.appending("x"), depth: 2)
    items[0].state = .done(.folder)
    let found = try await command.expand(items[0], into: [child]).map(\.id)
    #expect(try await other.claim(found) == [])
    await command.retire()
    let left = try await other.restore().flatMap(\.items)
    #expect(
      Dictionary(uniqueKeysWithValues: left.map { ($0.id, $0.state) }) == [
        ids[0]: .done(.folder), ids[1]: .waiting, ids[2]: .paused, ids[3]: states[3], found[0]: .waiting,
      ])
    #expect(try await other.claim(ids + found) == [ids[1], found[0]])
  }
}
