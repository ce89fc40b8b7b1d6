import FTP
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// The queue is kept on a disk that runs full, a real one: a small file system in memory, mounted for this test alone in
/// a process of its own, which runs this same test on it.
@Suite("A journal on a full disk", .serialized, .timeLimit(.minutes(2)))
struct FullJournalTests {
  private static let place = "FERRY_SMALL_DISK"
  private static let local = "FERRY_SMALL_DISK_TARGET"

  @Test("nothing that was accepted is lost, it is said, and it goes on when there is room")
  func full() async throws {
    if let disk = getenv(Self.place), let local = getenv(Self.local) {
      return try await play(FilePath(String(cString: disk)), FilePath(String(cString: local)))
    }
    let disk = try TemporaryFolder("small-disk")
    let local = try TemporaryFolder("transfers")
    let run = "'\(try Self.executable())' --testing-library swift-testing --filter FullJournalTests"
    // The second process takes up what the first one could not keep.
    let script = "mount -t tmpfs -o size=2m none '\(disk.path)' && \(run) && rm '\(disk.path)/filler' && \(run)"
    // An ordinary user mounts in a name space of users, too.
    let program = Program(
      "unshare", [getuid() == 0 ? "-m" : "-Urm", "sh", "-c", script],
      environment: [Self.place: disk.path.string, Self.local: local.path.string])
    let result = try await program.run(timeout: .seconds(90))
    #expect(result.succeeded, "\(result)")
    for number in 0..<40 {
      #expect(try FileTree.read(local.appending("\(number)")) == content(100_000, seed: number))
    }
    #expect(try FileTree.names(in: local.path).count == 40)
  }

  private static func executable() throws -> String {
    var path = [CChar](repeating: 0, count: 4_096)
    guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { throw TestFailure("who am I?") }
    return String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func play(_ disk: FilePath, _ local: FilePath) async throws {
    let isSecond = FileTree.facts(disk.appending("home")) != nil
    let database = FerryDatabase(Home(folder: disk.appending("home")))
    let remote = MemoryServer()
    for number in 0..<40 { remote["/\(number)"] = MemoryServer.File(content(100_000, seed: number)) }
    let queue = TransferQueue(
      runner: JobRunner(disk: LocalDisk(), sessions: remote), journal: StoredJournal(database.queue), jobs: 2,
      retries: .quick)
    try await queue.restore()
    if isSecond {
      // That it was to go on could not be kept either.
      await queue.resumeAll()
      let isOver = try await eventually(within: .seconds(30)) { await queue.items(in: .finished).count == 40 }
      var states: [ItemState] = []
      for tab in QueueTab.allCases { states += await queue.rows(tab, from: 0, count: 40).map(\.state) }
      #expect(isOver && states.allSatisfy { $0.isDone }, "\(states.count): \(states.filter { !$0.isDone })")
      return await queue.stop()
    }
    func request(_ names: [String]) -> TransferRequest {
      TransferRequest(
        from: .remote(server, .root), names.map { .init(FileName(stringLiteral: $0), kind: .file, size: 100_000) },
        to: .local(local))
    }
    await queue.pauseAll()
    try await queue.enqueue(request((0..<20).map { "\($0)" }))
    try fill(disk)

    // What is not accepted is not shown, and the reason is a sentence.
    let many = (0..<500).map { String(repeating: "x", count: 200) + "\($0)" }
    await #expect { try await queue.enqueue(request(many)) } throws: { "\($0)".hasPrefix(Self.noSpace) }
    #expect(await queue.items(in: .waiting).count == 20)

    await queue.resumeAll()
    #expect(try await isSaid(queue, disk))
    #expect(await queue.journalProblem?.hasPrefix(Self.noSpace) == true)
    #expect(await queue.items(in: .failed) == [])
    unlink(disk.appending("filler").string)
    #expect(try await eventually(within: .seconds(30)) { await queue.items(in: .finished).count == 20 })
    #expect(try await eventually { await queue.journalProblem == nil })

    // This time the process ends while the disk is full.
    await queue.pauseAll()
    try await queue.enqueue(request((20..<40).map { "\($0)" }))
    try fill(disk)
    await queue.resumeAll()
    #expect(try await isSaid(queue, disk))
    await queue.stop()
  }

  /// Waits for the problem. The room that the journal finds in its own log is taken away from it, too.
  private func isSaid(_ queue: TransferQueue, _ disk: FilePath) async throws -> Bool {
    try await eventually(every: .milliseconds(1)) {
      try fill(disk)
      return await queue.journalProblem != nil
    }
  }

  private static let noSpace = "No space is left on the disk of "

  /// Takes all room that is left.
  private func fill(_ disk: FilePath) throws {
    let file = open(disk.appending("filler").string, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard file >= 0 else { throw TestFailure("no filler: \(errno)") }
    defer { close(file) }
    let bytes = [UInt8](repeating: 1, count: 4_096)
    errno = 0
    while write(file, bytes, bytes.count) > 0 {}
    guard errno == ENOSPC else { throw TestFailure("the disk does not fill: \(errno)") }
  }
}
