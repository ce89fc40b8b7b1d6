import FTP
import FTPSClient
import Glibc
import Storage
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

extension Segmentation {
  /// For files of tests.
  static let small = Segmentation(sessions: 4, threshold: 500_000, smallest: 100_000)
}

@Suite("One file over several sessions", .serialized, .timeLimit(.minutes(3)))
struct SegmentedDownloadTests {
  private static let size = 3_000_000
  private let bytes = content(size)

  private struct Ran {
    var outcome: JobOutcome
    var restarts: [String]
  }

  private actor Notes {
    var restarts: [String] = []
    func add(_ note: ItemNote) { if case .startsAgain(let reason) = note { restarts.append(reason) } }
  }

  /// One attempt to bring `/a` here from a server in memory.
  private func run(
    _ remote: MemoryServer, _ local: LocalPlace, hasStarted: Bool = false, verifies: Bool = false,
    segmentation: Segmentation = .small
  ) async -> Ran {
    let runner = JobRunner(disk: local.disk, sessions: remote, segmentation: segmentation)
    let batch = TransferBatch(
      id: TransferBatch.ID(1), source: .remote(server), target: .local, operation: .copy, policy: .ask,
      verifies: verifies)
    var item = TransferItem(
      id: 1, batch: batch.id, kind: .file, source: ItemPath(bytes: Array("/a".utf8)),
      target: ItemPath(.local(local.folder.appending("a"))), size: Int64(Self.size),
      modified: Timestamp(seconds: 1_600_000_000), identity: "1", token: 7)
    item.hasStarted = hasStarted
    let notes = Notes()
    let progress = ByteProgress()
    let job = Job(item: item, batch: batch, progress: progress) { await notes.add($0) }
    guard case .outcome(let outcome) = await runner.run(job) else { return Ran(outcome: .notBegun, restarts: []) }
    if case .done = outcome { #expect(progress.bytes == Self.size) }
    return Ran(outcome: outcome, restarts: await notes.restarts)
  }

  private func retrievals(_ remote: MemoryServer) -> [String] { remote.log.filter { $0.hasPrefix("RETR") } }

  @Test("it comes in segments, each joins the next, and only its own name is left", arguments: [false, true])
  func whole(_ verifies: Bool) async throws {
    let (remote, local) = (MemoryServer(), try LocalPlace())
    remote["/a"] = MemoryServer.File(bytes)
    let ran = await run(remote, local, verifies: verifies)
    #expect(ran.outcome == .done(verifies ? .readBack(Int64(Self.size)) : .length(Int64(Self.size))))
    #expect(try FileTree.read(local.folder.appending("a")) == bytes)
    #expect(try local.names() == ["a"])
    // The end once more, to see whether the server begins where it is asked to.
    #expect(retrievals(remote).count { $0 == "RETR /a \(Self.size - 65_536)" } == 1)
    #expect(Set(["0", "750000", "1500000", "2250000"].map { "RETR /a \($0)" }).isSubset(of: retrievals(remote)))
  }

  @Test("the session that sees how the server begins in the middle may be lost, once or twice", arguments: [1, 2])
  func lostAsking(_ times: Int) async throws {
    let (remote, local) = (MemoryServer(), try LocalPlace())
    remote["/a"] = MemoryServer.File(bytes)
    let end = Int64(Self.size - 65_536)
    remote.change { $0.cutsRetrieval = (end, times) }
    let ran = await run(remote, local)
    #expect(ran.outcome == .done(.length(Int64(Self.size))))
    #expect(ran.restarts == [])
    #expect(try FileTree.read(local.folder.appending("a")) == bytes)
    #expect(retrievals(remote).count { $0 == "RETR /a \(end)" } >= 2)
  }

  @Test("a server that ignores, refuses or wraps offsets sends it over one session", arguments: [0, 1, 2])
  func unable(_ habit: Int) async throws {
    var habits = MemoryServer.Habits()
    habits.retrieving = [.ignored, .refused, .wraps(bits: 20)][habit]
    let (remote, local) = (MemoryServer(habits), try LocalPlace())
    remote["/a"] = MemoryServer.File(bytes)
    #expect(await run(remote, local).outcome == .done(.length(Int64(Self.size))))
    #expect(try FileTree.read(local.folder.appending("a")) == bytes)
    #expect(try local.names() == ["a"])
    #expect(retrievals(remote).contains("RETR /a \(Self.size - 65_536)"))
    #expect(retrievals(remote).last == "RETR /a 0")
  }

  /// What a kill leaves: a part that is as long as the file from its first second on, with holes.
  private func leave(_ local: LocalPlace, _ change: (inout [UInt8]) -> Void = { _ in }) throws {
    var plan = SegmentPlan(size: Int64(Self.size), count: 4, smallest: 100_000)
    for id in 0..<4 { plan.wrote(id, upTo: plan[id].start + [750_000, 200_000, 0, 100][id]) }
    var part = [UInt8](repeating: 0, count: Self.size)
    for range in plan.ranges {
      part[Int(range.start)..<Int(range.written)] = bytes[Int(range.start)..<Int(range.written)]
    }
    change(&part)
    let name = PartName.make(for: "a", token: 7)
    try local.folder.write(part + SegmentRecord.bytes(plan), to: name.text)
  }

  @Test("the next process goes on with each segment where it ended", arguments: [Segmentation.small, .off])
  func goesOn(_ segmentation: Segmentation) async throws {
    let (remote, local) = (MemoryServer(), try LocalPlace())
    remote["/a"] = MemoryServer.File(bytes)
    try leave(local)
    let ran = await run(remote, local, hasStarted: true, segmentation: segmentation)
    #expect(ran.outcome == .done(.length(Int64(Self.size))))
    #expect(ran.restarts == [])
    #expect(try FileTree.read(local.folder.appending("a")) == bytes)
    #expect(try local.names() == ["a"])
    let wanted = ["RETR /a \(750_000 - 65_536)", "RETR /a \(950_000 - 65_536)", "RETR /a 1500000", "RETR /a 2250000"]
    #expect(Set(wanted).isSubset(of: retrievals(remote)))
    #expect(!retrievals(remote).contains("RETR /a 0"))
  }

  @Test("what is left of another content, or of another source, is not added to", arguments: [true, false])
  func changed(_ isOnlyContent: Bool) async throws {
    let (remote, local) = (MemoryServer(), try LocalPlace())
    try leave(local) { if isOnlyContent { $0[940_000] ^= 1 } }
    remote["/a"] = MemoryServer.File(bytes, unique: isOnlyContent ? "1" : "2")
    let ran = await run(remote, local, hasStarted: true)
    #expect(ran.outcome == .done(.length(Int64(Self.size))))
    #expect(ran.restarts == [isOnlyContent ? Resumption.Problem.otherContent.text : Resumption.sourceHasChanged])
    #expect(try FileTree.read(local.folder.appending("a")) == bytes)
    #expect(try local.names() == ["a"])
  }

  @Test("a source that changes meanwhile is brought again, and nothing of the old one stays")
  func changesMeanwhile() async throws {
    let (remote, local) = (MemoryServer(), try LocalPlace())
    let new = content(Self.size, seed: 9)
    let switched = Switch()
    let old = bytes
    remote["/a"] = MemoryServer.File(size: Int64(Self.size)) { offset, count in
      if offset > 1_000_000, switched.turnOnce() {
        var file = MemoryServer.File(new, modified: Timestamp(seconds: 1_700_000_000), unique: "2")
        file.size = Int64(new.count)
        remote["/a"] = file
      }
      return Array(old[Int(offset)..<Int(offset) + count])
    }
    let first = await run(remote, local)
    guard case .failed(.sourceChanged("a")) = first.outcome else {
      Issue.record("\(first.outcome)")
      return
    }
    #expect(try local.names() == [])
    #expect(await run(remote, local, hasStarted: true).outcome == .done(.length(Int64(Self.size))))
    #expect(try FileTree.read(local.folder.appending("a")) == new)
  }

  private final class Switch: Sendable {
    private let isOn = Mutex(false)
    func turnOnce() -> Bool {
      isOn.withLock { isOn in
        defer { isOn = true }
        return !isOn
      }
    }
  }

  // MARK: Real servers

  @Test(
    "real servers end a segment in order, and send the rest of it to others",
    arguments: [ServerSoftware.vsftpd, .proFTPD])
  func real(_ software: ServerSoftware) async throws {
    let server = try await RealServer.start(software)
    let large = content(24 << 20, seed: 5)
    try FileTree.write(large, to: server.root.appending("a"))
    try await server.adopt()
    for limit in [8, 2] {
      // With two sessions for four segments, two wait for the others.
      let provider = TestProvider(limit: limit)
      provider.setPassword(server.password)
      let local = try LocalPlace()
      let queue = TransferQueue(
        sessions: provider, disk: local.disk, jobs: 1, retries: .quick,
        segmentation: Segmentation(sessions: 4, threshold: 1 << 20, smallest: 1 << 20))
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let request = TransferRequest(
        from: .remote(address, try RemotePath(server.home)), [.init("a")], to: .local(local.folder.path),
        isAttended: false)
      var states: [ItemState] = []
      var postponed: [String?] = []
      for await event in try await queue.run(request) {
        if case .finished(let row) = event { states.append(row.state) }
        if case .postponed(let row) = event { postponed.append(row.problem) }
      }
      #expect(states == [.done(.length(Int64(large.count)))])
      #expect(postponed == [])
      #expect(try FileTree.read(local.folder.appending("a")) == large)
      #expect(try local.names() == ["a"])
      await queue.stop()
      await provider.close()
    }
    await server.stop()
  }
}
