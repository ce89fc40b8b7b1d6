import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// One item between a server in memory and a folder, of which an earlier attempt has left a part.
private final class ResumeWorld: Sendable {
  static let size = 600_000
  static let partSize = 400_000

  let remote: MemoryServer
  let local: LocalPlace
  let runner: JobRunner

  init(_ habits: MemoryServer.Habits = MemoryServer.Habits()) throws {
    remote = MemoryServer(habits)
    local = try LocalPlace()
    runner = JobRunner(disk: local.disk, sessions: remote)
  }

  /// The item as an earlier attempt has left it in the journal.
  func item(isDownload: Bool, _ facts: FileFacts) -> (TransferBatch, TransferItem) {
    let (here, there) = (ItemPath(.local(local.folder.appending("a"))), ItemPath(bytes: Array("/a".utf8)))
    let batch = batch(from: isDownload ? .remote(server) : .local, to: isDownload ? .local : .remote(server))
    var item = TransferItem(
      id: 1, batch: batch.id, kind: .file, source: isDownload ? there : here, target: isDownload ? here : there,
      size: facts.size, modified: facts.modified, identity: facts.identity, token: 7)
    item.hasStarted = true
    item.bytes = Int64(Self.partSize)
    return (batch, item)
  }

  func run(_ batch: TransferBatch, _ item: TransferItem) async -> (outcome: JobOutcome, restarts: [String]) {
    let notes = Notes()
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { await notes.add($0) }
    guard case .outcome(let outcome) = await runner.run(job) else { return (.failed(.cancelled), []) }
    return (outcome, await notes.restarts)
  }

  private actor Notes {
    var restarts: [String] = []
    func add(_ note: ItemNote) { if case .startsAgain(let reason) = note { restarts.append(reason) } }
  }

  var path: FilePath { local.folder.appending("a") }

  func touch() {
    var times = [timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0)]
    #expect(utimes(path.string, &times) == 0)
  }
}

@Suite("Going on where an earlier attempt ended", .timeLimit(.minutes(1)))
struct ResumeTests {
  private static let unable = Resumption.Problem.unableServer.text
  private let bytes = content(ResumeWorld.size)
  private var part: [UInt8] { Array(bytes.prefix(ResumeWorld.partSize)) }

  /// Downloads with a part of `part` bytes here.
  private func download(
    _ world: ResumeWorld, part: [UInt8], planned: FileFacts? = nil
  ) async throws -> (outcome: JobOutcome, restarts: [String]) {
    world.remote["/a"] = MemoryServer.File(bytes)
    let facts =
      planned ?? FileFacts(size: Int64(bytes.count), modified: Timestamp(seconds: 1_600_000_000), identity: "1")
    let (batch, item) = world.item(isDownload: true, facts)
    try world.local.folder.write(part, to: item.partName.text)
    let result = await world.run(batch, item)
    #expect(result.outcome == .done(.length(Int64(bytes.count))))
    #expect(try world.local.names() == ["a"])
    #expect(try FileTree.read(world.path) == bytes)
    return result
  }

  @Test("a download asks for the last 64 KiB once more, and adds the rest")
  func downloads() async throws {
    let world = try ResumeWorld()
    let result = try await download(world, part: part)
    #expect(result.restarts == [])
    #expect(world.remote.log.filter { $0.hasPrefix("RETR") } == ["RETR /a \(ResumeWorld.partSize - 65_536)"])
  }

  @Test("a part that is whole already is proved by its end, and nothing is added")
  func wholePart() async throws {
    let world = try ResumeWorld()
    let result = try await download(world, part: bytes)
    #expect(result.restarts == [])
    #expect(world.remote.log.filter { $0.hasPrefix("RETR") } == ["RETR /a \(ResumeWorld.size - 65_536)"])
  }

  @Test("a part of another file with the same size and time is not added to")
  func otherContent() async throws {
    let world = try ResumeWorld()
    var other = part
    other[other.count - 1_000] ^= 1
    let result = try await download(world, part: other)
    #expect(result.restarts == [Resumption.Problem.otherContent.text])
    #expect(world.remote.log.last { $0.hasPrefix("RETR") } == "RETR /a 0")
  }

  @Test(
    "a source that is another one by its facts is not asked for its rest",
    arguments: [
      FileFacts(size: 600_001, modified: Timestamp(seconds: 1_600_000_000), identity: "1"),
      FileFacts(size: 600_000, modified: Timestamp(seconds: 1_600_000_001), identity: "1"),
      FileFacts(size: 600_000, modified: Timestamp(seconds: 1_600_000_000), identity: "2"),
      FileFacts(size: 600_000, modified: nil, identity: "1"),
    ])
  func changed(_ planned: FileFacts) async throws {
    let world = try ResumeWorld()
    let result = try await download(world, part: part, planned: planned)
    #expect(result.restarts == [Resumption.sourceHasChanged])
    #expect(world.remote.log.filter { $0.hasPrefix("RETR") } == ["RETR /a 0"])
  }

  @Test("a server that ignores REST, or refuses it, is found out once", arguments: [true, false])
  func unable(_ refuses: Bool) async throws {
    var habits = MemoryServer.Habits()
    habits.retrieving = refuses ? .refused : .ignored
    let world = try ResumeWorld(habits)
    #expect(try await download(world, part: part).restarts == [Self.unable])
    let before = world.remote.log.count
    FileTree.remove(world.path)
    #expect(try await download(world, part: part).restarts == [Self.unable])
    #expect(world.remote.log[before...].filter { $0.hasPrefix("RETR") } == ["RETR /a 0"])
  }

  @Test("offsets that wrap at 2 or 4 GiB are found out, and smaller ones are used still", arguments: [31, 32])
  func wraps(_ bits: Int) async throws {
    var habits = MemoryServer.Habits()
    habits.retrieving = .wraps(bits: bits)
    let world = try ResumeWorld(habits)
    let modulus = Int64(1) << bits
    let size = modulus + 900_000
    let all: @Sendable (Int64, Int) -> [UInt8] = { offset, count in
      (offset..<offset + Int64(count)).map { position in
        let mixed = (UInt64(position) ^ UInt64(position) >> 29) &* 0xBF58_476D_1CE4_E5B9
        return UInt8(truncatingIfNeeded: mixed >> 40)
      }
    }
    world.remote["/a"] = MemoryServer.File(size: size, read: all)
    let (batch, item) = world.item(
      isDownload: true, FileFacts(size: size, modified: Timestamp(seconds: 1_600_000_000), identity: "1"))
    let folder = try world.local.open()
    let file = try world.local.files.create(item.partName, in: folder, permissions: 0o600)
    let offset = modulus + 500_000
    // What the comparison reads: the end, and what a wrapped offset leads to. The rest is a hole.
    for start in [offset - 65_536, offset - 65_536 - modulus] {
      try all(start, 65_536).withUnsafeBytes { try world.local.files.write($0, to: file, at: start) }
    }
    let part = PartFile(file, name: item.partName, in: folder, from: offset, disk: world.local.disk)
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { _ in }
    #expect(try await world.runner.fetch(job, into: part, from: offset) == .unableServer)
    #expect(!world.runner.memory.mayRestart(on: server, at: modulus))
    #expect(world.runner.memory.mayRestart(on: server, at: modulus - 1))
  }

  @Test("what may be trusted follows from where the server began instead")
  func limits() {
    let gib = Int64(1) << 30
    /// What is learnt where the server began at `began` when it was asked for `start`.
    func limit(_ start: Int64, began: Int64?) -> Int64? { Resumption.limit(start: start) { $0 == began } }
    #expect(limit(100, began: 0) == 0)
    #expect(limit(3 * gib, began: 0) == 2 * gib - 1)
    #expect(limit(5 * gib, began: 0) == 4 * gib - 1)
    #expect(limit(5 * gib, began: gib) == 4 * gib - 1)
    #expect(limit(7 * gib, began: gib) == 2 * gib - 1)
    #expect(limit(7 * gib, began: 3 * gib) == 4 * gib - 1)
    #expect(limit(7 * gib, began: nil) == nil)
  }

  // MARK: Uploads

  /// Uploads with the first bytes of `there` on the server.
  private func upload(
    _ world: ResumeWorld, there: [UInt8], planned: FileFacts? = nil
  ) async throws -> [String] {
    try world.local.folder.write(bytes, to: "a")
    world.touch()
    let status = try #require(try world.local.files.status(of: "a", in: world.local.open(), following: false))
    let (batch, item) = world.item(isDownload: false, planned ?? status.facts)
    world.remote["/\(item.partName.text)"] = MemoryServer.File(there, unique: "9")
    let result = await world.run(batch, item)
    #expect(result.outcome == .done(.length(Int64(bytes.count))))
    #expect(world.remote["/a"]?.bytes == bytes)
    #expect(world.remote.names == ["/a"])
    return result.restarts
  }

  private func stores(_ world: ResumeWorld) -> [String] {
    world.remote.log.filter { $0.hasPrefix("STOR") || $0.hasPrefix("APPE") }.map { line in
      let words = line.split(separator: " ")
      return words.count == 3 ? "\(words[0]) \(words[2])" : "\(words[0])"
    }
  }

  @Test("an upload asks how much is there, reads its end back, and adds the rest")
  func uploads() async throws {
    let world = try ResumeWorld()
    #expect(try await upload(world, there: part) == [])
    #expect(stores(world) == ["STOR \(ResumeWorld.partSize)"])
    #expect(world.runner.memory.restartIsProved(server))
  }

  @Test("an upload that is there whole is proved by its end, and nothing is sent")
  func wholeUpload() async throws {
    let world = try ResumeWorld()
    #expect(try await upload(world, there: bytes) == [])
    #expect(stores(world) == [])
  }

  @Test("what is there and is not the beginning of the source is replaced")
  func otherUpload() async throws {
    let world = try ResumeWorld()
    var other = part
    other[other.count - 1] ^= 1
    _ = try await upload(world, there: other)
    #expect(stores(world) == ["STOR 0"])
  }

  @Test("a source that has changed since is sent from the start, and that is said")
  func changedUpload() async throws {
    let world = try ResumeWorld()
    let planned = FileFacts(size: Int64(bytes.count), modified: Timestamp(seconds: 1_600_000_000), identity: "0:0")
    #expect(try await upload(world, there: part, planned: planned) == [Resumption.sourceHasChanged])
    #expect(stores(world) == ["STOR 0"])
  }

  @Test(
    "a server that does something else with REST and STOR is found out, and then not used so",
    arguments: [MemoryServer.Storing.fillsWithZeros, .ignored, .appends])
  func storing(_ storing: MemoryServer.Storing) async throws {
    var habits = MemoryServer.Habits()
    habits.storing = storing
    let world = try ResumeWorld(habits)
    let restarts = try await upload(world, there: part)
    // Added at the end is what was wanted, if that is where it was to begin.
    #expect(restarts == (storing == .appends ? [] : [Self.unable]))
    #expect(world.runner.memory.refusesRestart(server) == (storing != .appends))
  }

  @Test("where REST and STOR are refused, APPE adds to what was just asked for; and where that is refused, all is sent")
  func appending() async throws {
    var habits = MemoryServer.Habits()
    habits.storing = .refused
    let world = try ResumeWorld(habits)
    #expect(try await upload(world, there: part) == [])
    #expect(stores(world) == ["STOR \(ResumeWorld.partSize)", "APPE"])
    world.remote.change { $0.refusesAppending = true }
    world.remote["/a"] = nil
    #expect(try await upload(world, there: part) == [Self.unable])
    #expect(stores(world).suffix(2) == ["APPE", "STOR 0"])
  }

  @Test("what may not be read back is compared by a digest, and without one sent again", arguments: [true, false])
  func writeOnly(_ hasDigest: Bool) async throws {
    var habits = MemoryServer.Habits()
    habits.refusesReading = true
    if hasDigest { habits.features.append("HASH SHA-256*") }
    let world = try ResumeWorld(habits)
    _ = try await upload(world, there: part)
    #expect(stores(world) == [hasDigest ? "STOR \(ResumeWorld.partSize)" : "STOR 0"])
  }

  @Test(
    "the policy to resume adds only to what is the beginning of the source", arguments: [true, false], [true, false])
  func policy(_ isDownload: Bool, _ isBeginning: Bool) async throws {
    let world = try ResumeWorld()
    var (batch, item) = world.item(isDownload: isDownload, FileFacts())
    batch.policy = .resume
    item.hasStarted = false
    var there = part
    if !isBeginning { there[there.count - 5] ^= 1 }
    if isDownload {
      world.remote["/a"] = MemoryServer.File(bytes)
      try world.local.folder.write(there, to: "a")
    } else {
      try world.local.folder.write(bytes, to: "a")
      world.remote["/a"] = MemoryServer.File(there)
    }
    let outcome = await world.run(batch, item).outcome
    let found = isDownload ? try FileTree.read(world.path) : world.remote["/a"]?.bytes
    if isBeginning {
      #expect(outcome == .done(.length(Int64(bytes.count))))
      #expect(found == bytes)
    } else {
      #expect(outcome == .failed(.notTheBeginning("a")))
      #expect(found == there)
    }
    #expect(try world.local.names() == ["a"])
    #expect(world.remote.names == ["/a"])
  }

  @Test(
    "where the server cannot begin in the middle, a file is replaced only if it is the beginning of the whole one",
    arguments: [true, false], [MemoryServer.Retrieving.refused, .ignored])
  func policyWithoutRestart(_ isBeginning: Bool, _ retrieving: MemoryServer.Retrieving) async throws {
    var habits = MemoryServer.Habits()
    habits.retrieving = retrieving
    let world = try ResumeWorld(habits)
    var (batch, item) = world.item(isDownload: true, FileFacts())
    batch.policy = .resume
    item.hasStarted = false
    var there = part
    if !isBeginning { there[5] ^= 1 }
    world.remote["/a"] = MemoryServer.File(bytes)
    try world.local.folder.write(there, to: "a")
    let outcome = await world.run(batch, item).outcome
    #expect(outcome == (isBeginning ? .done(.length(Int64(bytes.count))) : .failed(.notTheBeginning("a"))))
    #expect(try FileTree.read(world.path) == (isBeginning ? bytes : there))
    #expect(try world.local.names() == ["a"])
  }

  @Test("a part that was begun without the target is compared with it before it takes its place")
  func policyWithPart() async throws {
    let world = try ResumeWorld()
    var (batch, item) = world.item(
      isDownload: true,
      FileFacts(size: Int64(bytes.count), modified: Timestamp(seconds: 1_600_000_000), identity: "1"))
    batch.policy = .resume
    world.remote["/a"] = MemoryServer.File(bytes)
    try world.local.folder.write(part, to: item.partName.text)
    try world.local.folder.write("other", to: "a")
    #expect(await world.run(batch, item).outcome == .failed(.notTheBeginning("a")))
    #expect(try FileTree.text(world.path) == "other")
  }

  @Test("a file that may not be read says nothing of what the server can do with offsets, and its part stays")
  func unreadable() async throws {
    var habits = MemoryServer.Habits()
    habits.refusesReading = true
    let world = try ResumeWorld(habits)
    let (batch, item) = world.item(
      isDownload: true,
      FileFacts(size: Int64(bytes.count), modified: Timestamp(seconds: 1_600_000_000), identity: "1"))
    world.remote["/a"] = MemoryServer.File(bytes)
    try world.local.folder.write(part, to: item.partName.text)
    guard case .failed(.session(let error)) = await world.run(batch, item).outcome, error.isPermanentRefusal else {
      Issue.record("it was read")
      return
    }
    #expect(world.runner.memory.mayRestart(on: server, at: 1 << 40))
    #expect(try FileTree.read(world.local.folder.appending(item.partName.text)) == part)
  }
}
