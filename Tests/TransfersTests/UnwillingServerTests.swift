import FTP
import FTPSClient
import TestSupport
import Testing

@testable import Transfers

/// Servers that do not tell, or not now, what a job wants to know.
@Suite("A server that does not tell everything", .timeLimit(.minutes(1)))
struct UnwillingServerTests {
  private let bytes = content(100_000)

  @Test("an upload whose size is not told is done all the same, and said to be no more than acknowledged")
  func writeOnly() async throws {
    var habits = MemoryServer.Habits()
    habits.sizeRefusal = 550
    habits.refusesListing = true
    let world = try JobWorld(habits)
    try world.folder.write(bytes, to: "a")
    #expect(await world.upload() == .done(.acknowledged(100_000)))
    #expect(world.remote.names == ["/a"])
    world.remote["/a"] = nil
    world.remote.change { $0.refusesRenaming = true }
    #expect(await world.upload() == .done(.acknowledged(100_000)))
    #expect(world.remote.names == ["/a"])
  }

  @Test("an upload whose size only a list tells is proved by that, and one that is not in the list is not done")
  func listed() async throws {
    var habits = MemoryServer.Habits()
    habits.sizeRefusal = 550
    habits.refusesRenaming = true
    let world = try JobWorld(habits)
    try world.folder.write(bytes, to: "a")
    #expect(await world.upload() == .done(.length(100_000)))
    world.remote["/a"] = nil
    world.remote.forgetLog()
    // As by a virus scanner.
    world.remote.before { [remote = world.remote] line in
      if line.hasPrefix("MLST /a"), remote.log.contains("STOR /a 0") { remote["/a"] = nil }
    }
    #expect(await world.upload() == .failed(.lengthDiffers(expected: 100_000, found: 0)))
  }

  @Test("what is moved keeps its source where nobody tells how long the copy is")
  func movedUnseen() async throws {
    var habits = MemoryServer.Habits()
    habits.sizeRefusal = 550
    habits.refusesListing = true
    let world = try JobWorld(habits)
    try world.folder.write(bytes, to: "a")
    guard case .failed(.sourceNotRemoved("a", _)) = await world.upload(.move) else {
      Issue.record("it was done")
      return
    }
    #expect(FileTree.exists(world.folder.appending("a")) && world.remote["/a"] != nil)
  }

  @Test("an upload whose size is not told now is tried again, and goes on from what is there")
  func later() async throws {
    var habits = MemoryServer.Habits()
    habits.sizeRefusal = 450
    let world = try JobWorld(habits)
    try world.folder.write(bytes, to: "a")
    guard case .failed(let error) = await world.upload() else {
      Issue.record("it was done")
      return
    }
    #expect(FailureClass(error) == .retryItem)
    #expect(world.remote.names.count == 1)
  }

  @Test("an upload whose content cannot be proved, as was wanted, leaves nothing behind")
  func unproved() async throws {
    var habits = MemoryServer.Habits()
    habits.refusesReading = true
    let world = try JobWorld(habits)
    try world.folder.write(bytes, to: "a")
    guard case .failed(.session(let error)) = await world.upload(verifies: true), error.isPermanentRefusal else {
      Issue.record("it was done")
      return
    }
    #expect(world.remote.names == [])
  }

  private func look(_ world: JobWorld) async -> (result: JobResult, notes: [ItemNote]) {
    let batch = batch(from: .remote(server), to: .local)
    let item = TransferItem(
      id: 1, batch: batch.id, kind: .unknown, source: ItemPath(bytes: Array("/a".utf8)),
      target: ItemPath(.local(world.folder.appending("a"))), token: 7)
    let notes = Notes()
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { await notes.add($0) }
    return (await world.runner.run(job), await notes.all)
  }

  private actor Notes {
    var all: [ItemNote] = []
    func add(_ note: ItemNote) { all.append(note) }
  }

  @Test("a link is a folder where its size is refused for good, and nothing yet where that fails for another reason")
  func links() async throws {
    var habits = MemoryServer.Habits()
    habits.links = [try RemotePath("/a")]
    let world = try JobWorld(habits)
    world.remote["/a"] = MemoryServer.File(bytes)
    let file = await look(world)
    #expect(file.notes.contains(.kind(.file)))
    FileTree.remove(world.folder.appending("a"))
    world.remote.change { $0.sizeRefusal = 550 }
    #expect(await look(world).notes == [.kind(.folder)])
    world.remote.change { $0.sizeRefusal = 450 }
    let failed = await look(world)
    #expect(failed.notes == [])
    guard case .outcome(.failed(.session(.refused(_, let reply)))) = failed.result else {
      Issue.record("\(failed.result)")
      return
    }
    #expect(reply.code == 450)
  }

  @Test("a folder of whose list a part was not understood is not done, and the rest of it is copied")
  func unclearList() async throws {
    var habits = MemoryServer.Habits()
    habits.unparsedLines = 2
    let world = try JobWorld(habits)
    try await world.remote.makeDirectory(RemotePath("/d"))
    world.remote["/d/a"] = MemoryServer.File(bytes)
    let queue = TransferQueue(runner: world.runner, journal: MemoryJournal(), jobs: 1, retries: .quick)
    let request = TransferRequest(
      from: .remote(server, .root), [.init("d", kind: .folder)], to: .local(world.folder.path),
      onConflict: .skip, isAttended: false)
    var ends: [ItemState] = []
    for await event in try await queue.run(request) { if case .finished(let row) = event { ends.append(row.state) } }
    let failures = ends.compactMap(\.reason)
    #expect(
      failures == [
        "2 lines of the server's list of \u{201C}d\u{201D} could not be understood, so not everything in it was "
          + "transferred."
      ])
    #expect(ends.count { $0.isDone } == 2)
    #expect(try FileTree.read(world.folder.appending("d/a")) == bytes)
    // Once more, when the server is a better one.
    world.remote.change { $0.unparsedLines = 0 }
    world.remote["/d/b"] = MemoryServer.File(bytes)
    await queue.retryFailed()
    #expect(try await eventually { await !queue.isBusy })
    #expect(await queue.items(in: .failed).isEmpty)
    #expect(try FileTree.read(world.folder.appending("d/b")) == bytes)
    await queue.stop()
  }
}
