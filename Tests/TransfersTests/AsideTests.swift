import FTP
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Ends of a process between the two renames that a server needs which renames to free names only.
@Suite("What a move has put aside", .timeLimit(.minutes(1)))
struct AsideTests {
  private let aside = "/to/" + PartName.aside(for: "a", token: 7).text

  private func move(
    _ world: JobWorld, policy: ConflictPolicy = .overwrite, _ change: (inout TransferItem) -> Void = { _ in }
  ) async -> (outcome: JobOutcome, notes: [ItemNote]) {
    await world.run(
      from: .remote(server), "/from/a", to: .remote(server), "/to/a", .move, policy: policy
    ) { item in
      (item.hasStarted, item.hasAside) = (true, true)
      item.size = 3
      item.modified = Timestamp(seconds: 1_000)
      change(&item)
    }
  }

  private func world(
    _ files: [String: String], _ habits: MemoryServer.Habits = MemoryServer.Habits()
  ) async throws -> JobWorld {
    let world = try JobWorld(habits)
    for folder in ["/from", "/to"] { try await world.remote.makeDirectory(RemotePath(folder)) }
    for (path, text) in files {
      world.remote[path] = MemoryServer.File(Array(text.utf8), modified: Timestamp(seconds: 1_000), unique: path)
    }
    return world
  }

  private func remarks(_ notes: [ItemNote]) -> [String] {
    notes.compactMap { if case .remark(let text) = $0 { text } else { nil } }
  }

  @Test("is removed by the next attempt, when the source has its name")
  func removed() async throws {
    let world = try await world(["/to/a": "new", aside: "old"])
    let result = await move(world) { $0.handover = .renamed }
    #expect(result.outcome == .done(.renamed) && remarks(result.notes).isEmpty)
    #expect(world.remote.names == ["/to/a"])
  }

  @Test("stays, and is named, where what has its name now is not the source")
  func notTheSource() async throws {
    let world = try await world(["/to/a": "somebody's", aside: "new"])
    let result = await move(world) { $0.handover = .renamed }
    #expect(result.outcome == .failed(.sourceMissing("a")))
    #expect(remarks(result.notes).contains { $0.contains(".ferry.aside") })
    #expect(world.remote[aside]?.bytes == Array("new".utf8))
    #expect(world.remote["/to/a"]?.bytes == Array("somebody's".utf8))
  }

  @Test("gets its name back before anything else is done")
  func broughtBack() async throws {
    let world = try await world(["/from/a": "new", aside: "old"])
    guard case .conflict = await move(world, policy: .ask).outcome else {
      Issue.record("nobody is asked about what had been there")
      return
    }
    #expect(world.remote.names == ["/from/a", "/to/a"])
    #expect(world.remote["/to/a"]?.bytes == Array("old".utf8))
  }

  @Test("is named where it cannot be brought back")
  func refused() async throws {
    var habits = MemoryServer.Habits()
    habits.refusesRenaming = true
    let world = try await world(["/from/a": "new", aside: "old"], habits)
    let result = await move(world)
    #expect(remarks(result.notes).contains { $0.contains(".ferry.aside") }, "\(result)")
    #expect(world.remote[aside]?.bytes == Array("old".utf8))
  }

  @Test("of an upload gets its name back before the part file goes, and is removed where the upload has its name")
  func ofUpload() async throws {
    let world = try JobWorld()
    try world.folder.write("new", to: "a")
    let batch = TransferBatch(
      id: TransferBatch.ID(1), source: .local, target: .remote(server), operation: .copy, policy: .overwrite)
    var item = TransferItem(
      id: 1, batch: batch.id, kind: .file, source: ItemPath(bytes: Array(world.folder.appending("a").string.utf8)),
      target: ItemPath(bytes: Array("/a".utf8)), size: 3, modified: Timestamp(seconds: 1_000), token: 7,
      state: .cancelled)
    item.hasAside = true
    let (part, aside) = ("/" + item.partName.text, "/" + item.asideName.text)
    world.remote[aside] = MemoryServer.File(Array("old".utf8), unique: "1")
    world.remote[part] = MemoryServer.File(Array("new".utf8), unique: "2")
    #expect(await world.runner.discardPart(of: item, in: batch) == .gone)
    #expect(world.remote.names == ["/a"] && world.remote["/a"]?.bytes == Array("old".utf8))
    world.remote[aside] = world.remote["/a"]
    world.remote["/a"] = MemoryServer.File(Array("new".utf8), modified: Timestamp(seconds: 1_000), unique: "2")
    #expect(await world.runner.discardPart(of: item, in: batch) == .gone)
    #expect(world.remote.names == ["/a"] && world.remote["/a"]?.bytes == Array("new".utf8))
    // Nor does the server have to have set the time.
    world.remote[aside] = MemoryServer.File(Array("old".utf8), unique: "1")
    world.remote["/a"] = MemoryServer.File(Array("new".utf8), unique: "2")
    #expect(await world.runner.discardPart(of: item, in: batch) == .gone)
    #expect(world.remote.names == ["/a"] && world.remote["/a"]?.bytes == Array("new".utf8))
  }

  @Test("of an upload is there all the time, and the journal knows of it before")
  func uploadCut() async throws {
    var habits = MemoryServer.Habits()
    habits.renamesToFreeNamesOnly = true
    let world = try JobWorld(habits)
    try world.folder.write("new", to: "a")
    world.remote["/a"] = MemoryServer.File(Array("old".utf8))
    let remote = world.remote
    let seen = Mutex<[[String]]>([])
    remote.before { line in
      if line.hasPrefix("RNFR") || line.hasPrefix("DELE") { seen.withLock { $0.append(remote.names) } }
    }
    let result = await world.run(
      from: .local, world.folder.appending("a").string, to: .remote(server), "/a", policy: .overwrite)
    #expect(result.outcome == .done(.length(3)) && remote["/a"]?.bytes == Array("new".utf8))
    #expect(remote.names == ["/a"])
    #expect(seen.withLock { $0.allSatisfy { $0.count == 2 } })
    let asides = result.notes.filter { if case .aside = $0 { true } else { false } }
    #expect(asides == [.aside(true), .aside(false)])
  }

  @Test("a move is done also where the server does not remove it")
  func notRemoved() async throws {
    var habits = MemoryServer.Habits()
    habits.renamesToFreeNamesOnly = true
    let world = try await world(["/from/a": "new", "/to/a": "old"], habits)
    let remote = world.remote
    remote.before { line in if line.hasPrefix("DELE") { remote.change { $0.isInUse = 1 } } }
    let result = await move(world) { $0.hasStarted = false }
    #expect(result.outcome == .done(.renamed))
    #expect(remarks(result.notes).contains { $0.contains(".ferry.aside") }, "\(result)")
    #expect(remote["/to/a"]?.bytes == Array("new".utf8))
  }
}

@Suite("A free name that an earlier attempt has taken", .timeLimit(.minutes(1)))
struct TakenNameTests {
  @Test("is found again by its content, where the server has set no time")
  func found() async throws {
    let world = try JobWorld()
    try world.folder.write(content(100_000), to: "a")
    world.remote["/a (2)"] = MemoryServer.File(content(100_000))
    let again = await upload(world)
    #expect(again == .done(.readBack(100_000)))
    #expect(world.remote.names == ["/a (2)"])
  }

  @Test("is left to whoever else has a file of that length there")
  func somebodyElse() async throws {
    let world = try JobWorld()
    try world.folder.write(content(100_000), to: "a")
    world.remote["/a (2)"] = MemoryServer.File(content(100_000, seed: 5))
    guard case .done = await upload(world) else {
      Issue.record("not brought")
      return
    }
    #expect(world.remote.names == ["/a (2)", "/a (2) (2)"])
    #expect(world.remote["/a (2)"]?.bytes == content(100_000, seed: 5))
  }

  @Test("is not what somebody had there before, though it is the same")
  func notTaken() async throws {
    let world = try JobWorld()
    try world.folder.write(content(100_000), to: "a")
    world.remote["/a (2)"] = MemoryServer.File(content(100_000))
    #expect(await upload(world, hasTaken: false) == .done(.length(100_000)))
    #expect(world.remote.names == ["/a (2)", "/a (2) (2)"])
  }

  @Test("is left where it cannot be read")
  func unreadable() async throws {
    var habits = MemoryServer.Habits()
    habits.refusesReading = true
    let world = try JobWorld(habits)
    try world.folder.write(content(100_000), to: "a")
    world.remote["/a (2)"] = MemoryServer.File(content(100_000))
    #expect(await upload(world) == .done(.length(100_000)))
    #expect(world.remote.names == ["/a (2)", "/a (2) (2)"])
  }

  private func upload(_ world: JobWorld, hasTaken: Bool = true) async -> JobOutcome {
    await world.run(
      from: .local, world.folder.appending("a").string, to: .remote(server), "/a (2)", policy: .rename
    ) { item in
      item.hasStarted = true
      if hasTaken { item.newName = "a (2)" }
    }.outcome
  }
}
