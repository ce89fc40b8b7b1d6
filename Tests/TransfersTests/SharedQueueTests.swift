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
      #expect(try database.queue.item(id.rawValue)?.state == .done)
    }
  }
}
