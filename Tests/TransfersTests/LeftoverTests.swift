import FTP
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

@Suite("Part files of what is given up", .timeLimit(.minutes(2)))
struct LeftoverTests {
  private func database() throws -> FerryDatabase {
    let folder = try TemporaryFolder("home")
    return FerryDatabase(try Home(environment: ["FERRY_HOME": folder.path.string]))
  }

  private func queue(_ world: QueueWorld, _ database: FerryDatabase, _ provider: TestProvider) -> TransferQueue {
    TransferQueue(
      sessions: provider, disk: world.local.disk, journal: StoredJournal(database.queue), jobs: 2, retries: .quick)
  }

  @Test(
    "on a server that cannot be reached they are removed when it can, by this process or by the next",
    arguments: [false, true])
  func unreachable(_ isNextProcess: Bool) async throws {
    let database = try database()
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      for name in ["a", "b", "c"] { try world.local.folder.write(content(5_000), to: name) }
      await world.queue.pauseAll()
      let batch = try await world.queue.enqueue(
        TransferRequest(
          from: world.here(), ["a", "b", "c"].map { .init(FileName(stringLiteral: $0), kind: .file) },
          to: try world.there()))
      let ids = await world.queue.items(of: batch)
      for id in ids {
        let part = try #require(await world.queue.state[id]?.partName.text)
        try world.remote.write(content(2_000), to: part)
      }
      let provider = TestProvider(limit: 3)
      provider.setPassword(nil)
      let other = queue(world, database, provider)
      try await other.restore()
      // One stays: its part file is its own.
      await other.cancel(Array(ids.dropFirst()))
      #expect(try await eventually { await other.unclearedCount == 2 })
      #expect(try FileTree.names(in: world.remote.path).count == 3)
      #expect(try database.queue.leftovers().count == 2)
      if isNextProcess {
        await other.stop()
        provider.setPassword("lovelace")
        let next = queue(world, database, provider)
        try await next.restore()
        #expect(try await eventually { try FileTree.names(in: world.remote.path).count == 1 })
        #expect(try await eventually { try database.queue.leftovers().isEmpty })
        await next.stop()
      } else {
        // Cleared away, they are kept in mind all the same.
        await other.clearFinished()
        #expect(await other.items(in: .finished) == [])
        provider.setPassword("lovelace")
        await other.serverReady(world.address)
        #expect(try await eventually { try FileTree.names(in: world.remote.path).count == 1 })
        #expect(try await eventually { try database.queue.counts().total == 1 })
        await other.stop()
      }
      await provider.close()
    }
  }

  @Test("of a transfer that is cancelled in the middle of its first attempt they go at once", arguments: [true, false])
  func firstAttempt(_ isRemoval: Bool) async throws {
    let database = try database()
    try await QueueWorld.with(journal: StoredJournal(database.queue), pacer: Barrier()) { world in
      try world.local.folder.write(content(20_000_000), to: "big")
      let batch = try await world.queue.enqueue(
        TransferRequest(from: world.here(), [.init("big", kind: .file)], to: try world.there()))
      let id = try #require(await world.queue.items(of: batch).first)
      #expect(try await eventually { try FileTree.names(in: world.remote.path).count == 1 })
      if isRemoval { await world.queue.remove([id]) } else { await world.queue.cancel([id]) }
      #expect(try await eventually { try FileTree.names(in: world.remote.path).isEmpty })
      #expect(try await eventually { try database.queue.leftovers().isEmpty })
    }
  }

  @Test("what a move has put aside gets its name back, also where the next process clears up")
  func aside() async throws {
    let database = try database()
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      try world.local.folder.write("new", to: "a")
      await world.queue.pauseAll()
      let batch = try await world.queue.enqueue(
        TransferRequest(from: world.here(), [.init("a", kind: .file)], to: try world.there(), operation: .move))
      let id = try #require(await world.queue.items(of: batch).first)
      let aside = try #require(await world.queue.state[id]?.asideName.text)
      await world.queue.noted(id, .aside(true))
      try world.remote.write("old", to: aside)
      await world.queue.stop()
      let provider = TestProvider(limit: 3)
      provider.setPassword(nil)
      let one = queue(world, database, provider)
      try await one.restore()
      await one.cancel([id])
      #expect(try await eventually { await one.unclearedCount == 1 })
      await one.stop()
      provider.setPassword("lovelace")
      let next = queue(world, database, provider)
      try await next.restore()
      #expect(try await eventually { try database.queue.leftovers().isEmpty })
      #expect(try FileTree.names(in: world.remote.path).map(\.string) == ["a"])
      #expect(try FileTree.text(world.remote.path.appending("a")) == "old")
      #expect(try FileTree.text(world.local.folder.appending("a")) == "new")
      await next.stop()
      await provider.close()
    }
  }

  @Test(
    "what another copy has taken up again since keeps its part file, and its place in the journal",
    arguments: [false, true])
  func takenUp(_ isCleared: Bool) async throws {
    let database = try database()
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      for name in ["a", "b"] { try world.local.folder.write(content(5_000), to: name) }
      await world.queue.pauseAll()
      let batch = try await world.queue.enqueue(
        TransferRequest(
          from: world.here(), ["a", "b"].map { .init(FileName(stringLiteral: $0), kind: .file) },
          to: try world.there()))
      let ids = await world.queue.items(of: batch)
      var parts: [String] = []
      for id in ids { parts.append(try #require(await world.queue.state[id]?.partName.text)) }
      for part in parts { try world.remote.write(content(2_000), to: part) }
      await world.queue.stop()
      let away = TestProvider(limit: 3)
      away.setPassword(nil)
      let one = queue(world, database, away)
      try await one.restore()
      await one.cancel(ids)
      #expect(try await eventually { await one.unclearedCount == 2 })
      if isCleared { await one.clearFinished() }
      let other = queue(world, database, away)
      try await other.restore()
      await other.retry([ids[0]])
      away.setPassword("lovelace")
      await one.serverReady(world.address)
      #expect(try await eventually { await one.unclearedCount == 0 })
      #expect(try FileTree.names(in: world.remote.path).map(\.string) == [parts[0]])
      #expect(try database.queue.item(ids[0].rawValue)?.state == .waiting)
      await one.stop()
      await other.resumeAll()
      #expect(try await eventually { await other.row(ids[0])?.state.isDone ?? false })
      #expect(world.commands.count("DELE /\(parts[0])") == 0)
      await other.stop()
      await away.close()
    }
  }

  @Test("what has failed is given up without a running queue: local part files go, those on servers are kept in mind")
  func clearing() async throws {
    let database = try database()
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      try world.local.folder.write(content(5_000), to: "up")
      await world.queue.pauseAll()
      let down = try await world.queue.enqueue(
        TransferRequest(from: try world.there(), [.init("x", kind: .file), .init("y", kind: .file)], to: world.here()))
      let up = try await world.queue.enqueue(
        TransferRequest(from: world.here(), [.init("up", kind: .file)], to: try world.there()))
      let ids = await world.queue.items(of: down) + world.queue.items(of: up)
      let worker = try database.queue.register()
      _ = try database.queue.claim(items: ids.map(\.rawValue), for: worker)
      for id in ids {
        let part = try #require(await world.queue.state[id]?.partName.text)
        try (id == ids[2] ? world.remote : world.local.folder).write(content(2_000), to: part)
      }
      // One waits: its part file is its own.
      let failed = [ids[0], ids[2]]
      try database.queue.apply(failed.map { JournalUpdate($0.rawValue, .failed(reason: "item no")) }, by: worker)
      try database.queue.retire(worker)

      let clearing = JournalClearing(database.queue, disk: world.local.disk)
      #expect(try clearing.giveUpFailed() == 2)
      let report = try await clearing.removeParts()
      #expect(report == JournalClearing.Report(removed: 1, left: [world.address: 1]))
      #expect(try database.queue.clear([.failed, .cancelled]) == 1)
      #expect(
        try FileTree.names(in: world.local.folder.path).count == 2, "the part file of the one that waits, and “up”")
      #expect(try database.queue.leftovers().map(\.id) == [ids[2].rawValue])
      #expect(try database.queue.servers() == [world.address])

      // Or it is given up, where it is.
      let parts = try FileTree.names(in: world.remote.path).map { Array("/\($0.string)".utf8) }
      let forgotten = try clearing.forgetParts()
      #expect(parts.count == 1 && forgotten == [.init(server: world.address, path: parts[0])])
      #expect(try clearing.forgetParts().isEmpty && database.queue.leftovers().isEmpty)
      #expect(try database.queue.clear() == 1)
    }
  }

  @Test("while a file is moved, what bears the name of its part may be all that is left of it, and stays")
  func moved() async throws {
    try await QueueWorld.with { world in
      let batch = TransferBatch(id: TransferBatch.ID(1), source: .local, target: .local, operation: .move)
      let item = TransferItem(
        id: 7, batch: batch.id, kind: .file, source: ItemPath(world.here("old")), target: ItemPath(world.here("new")),
        token: 5)
      try world.local.folder.write([1, 2, 3], to: item.partName.text)
      let runner = JobRunner(disk: world.local.disk, sessions: PooledSessions(provider: world.provider))
      #expect(await runner.discardPart(of: item, in: batch) == .gone)
      #expect(try FileTree.names(in: world.local.folder.path).map(\.string) == [item.partName.text])
      try world.local.folder.write([1, 2, 3], to: "old")
      #expect(await runner.discardPart(of: item, in: batch) == .gone)
      #expect(try FileTree.names(in: world.local.folder.path).map(\.string) == ["old"])
    }
  }
}

extension TransferQueue {
  /// Part files that could not be removed, once none is being removed.
  fileprivate var unclearedCount: Int? { clearances.isEmpty ? leftovers.values.joined().count : nil }
}
