import FTP
import Synchronization
import TestSupport
import Testing
import Transfers

@Suite("Commands that come in between", .timeLimit(.minutes(2)))
struct QueueRaceTests {
  @Test("an item that is cancelled before its job has begun stays cancelled")
  func cancelledBeforeItBegan() async throws {
    let journal = SlowJournal()
    try await QueueWorld.with(journal: journal, jobs: 1) { world in
      try world.remote.write("newer", to: "a")
      try world.local.folder.write("old", to: "a")
      let batch = try await world.queue.enqueue(
        TransferRequest(from: world.there(), [.init("a", kind: .file)], to: world.here()))
      let id = try #require(await world.queue.items(of: batch).first)
      #expect(try await eventually { await world.queue.rows(.needsYou, from: 0, count: 1).first?.id == id })
      await journal.hold()
      let answering = Task { await world.queue.setPolicy(.overwrite, of: batch) }
      #expect(try await eventually { await journal.isWaitedFor })
      let cancelling = Task { await world.queue.cancel([id]) }
      #expect(try await eventually { await world.queue.row(id)?.state == .cancelled })
      await journal.release()
      await answering.value
      await cancelling.value
      #expect(try await eventually { await !world.queue.isBusy })
      #expect(await world.queue.row(id)?.state == .cancelled)
      #expect(try FileTree.text(world.local.folder.appending("a")) == "old")
      #expect(world.commands.count("RETR") == 0)
    }
  }

  @Test("an item that is tried again waits until what it left before is removed")
  func retriedWhileClearing() async throws {
    let files = FaultyFiles()
    try await QueueWorld.with(files: files, jobs: 1) { world in
      try world.remote.write(content(60_000_000), to: "a")
      let batch = try await world.queue.enqueue(TransferRequest(from: world.there(), [.init("a")], to: world.here()))
      let id = try #require(await world.queue.items(of: batch).first)
      #expect(try await eventually { await world.queue.row(id).map { $0.bytes > 1 << 20 } ?? false })
      files.holdNextRemoval()
      await world.queue.cancel([id])
      #expect(try await eventually { files.isHoldingRemoval })
      await world.queue.retry([id])
      // A second attempt that did not wait would be under way by then.
      try await waitBriefly(for: world)
      files.letRemovalGoOn()
      #expect(try await eventually { await world.queue.row(id)?.state.isFinal == true })
      #expect(await world.queue.row(id)?.state == .done(.length(60_000_000)))
      #expect(try world.local.names() == ["a"])
      #expect(try FileTree.read(world.local.folder.appending("a")) == content(60_000_000))
    }
  }

  @Test("a removal whose job ends while the journal is busy returns when it is kept")
  func removedWhileItsJobEnds() async throws {
    let journal = SlowJournal()
    try await QueueWorld.with(journal: journal, jobs: 1) { world in
      try world.remote.write(content(60_000_000), to: "a")
      try world.remote.write("other", to: "b")
      let batch = try await world.queue.enqueue(
        TransferRequest(from: world.there(), [.init("a", kind: .file), .init("b", kind: .file)], to: world.here()))
      let ids = await world.queue.items(of: batch)
      #expect(try await eventually { await world.queue.row(ids[0]).map { $0.bytes > 1 << 20 } ?? false })
      await journal.holdSaves()
      let pausing = Task { await world.queue.pause([ids[1]]) }
      #expect(try await eventually { await journal.isWaitedFor })
      let isOver = Flag()
      let removing = Task {
        await world.queue.remove([ids[0]])
        isOver.set()
      }
      #expect(try await eventually { await world.queue.row(ids[0]) == nil })
      await journal.letThrough()
      // The journal is told now that the item is not wanted any more, and has not taken it yet.
      #expect(try await eventually { await journal.isWaitedFor })
      #expect(try await eventually(within: .milliseconds(200)) { isOver.isSet } == false)
      await journal.release()
      await removing.value
      await pausing.value
    }
  }

  private func waitBriefly(for world: QueueWorld) async throws {
    _ = try await eventually(within: .milliseconds(500)) { world.commands.count("RETR") > 1 }
  }
}

/// Whether something has happened.
private final class Flag: Sendable {
  private let value = Mutex(false)
  func set() { value.withLock { $0 = true } }
  var isSet: Bool { value.withLock { $0 } }
}
