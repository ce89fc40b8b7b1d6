import FTP
import FTPSClient
import Foundation
import Glibc
import NIOPosix
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// What one process does that may be killed.
struct KillRound: Codable, Sendable {
  enum Work: String, Codable, CaseIterable {
    case download, upload, both
    /// Both, while items are paused, resumed, cancelled, tried again and removed.
    case edits
    /// Moves within this machine, within the server, and to another disk.
    case moves
    /// Only what is in the journal.
    case recovery
  }

  var work: Work
  var home: String
  var port: Int
  var password: String
  /// The folder of the server that holds `down` and `up`, and the one here.
  var remote: String
  var local: String
  /// A folder on another disk, for moves.
  var elsewhere = ""
  /// Where a line is added for everything that was accepted.
  var ledger: String
  /// Microseconds until it kills itself; nil: it goes on to the end of its work.
  var killAfter: Int?
  var seed: UInt64

  /// Where a process says why it did not come to an end.
  var complaint: String { ledger + ".complaint" }
}

/// The engine in a process of its own, as the program runs it, killed by itself at a moment that nothing waits for.
enum KillProcess {
  /// Runs a round in a process of its own, which has to end as it was meant to.
  static func expectEnd(_ round: KillRound) async {
    if round.killAfter == nil {
      let ended = await #expect(processExitsWith: .success) { [round = round as KillRound] in
        do { try await KillProcess.run(round) } catch {
          try "\(error)".write(toFile: round.complaint, atomically: false, encoding: .utf8)
          throw error
        }
      }
      if ended == nil {
        let complaint = (try? String(contentsOfFile: round.complaint, encoding: .utf8)) ?? "nothing"
        Issue.record("it said: \(complaint)")
      }
    } else {
      await #expect(processExitsWith: .signal(SIGKILL)) { [round = round as KillRound] in
        try await KillProcess.run(round)
      }
    }
  }

  static func run(_ round: KillRound) async throws {
    if let delay = round.killAfter {
      Thread.detachNewThread {
        usleep(UInt32(delay))
        kill(getpid(), SIGKILL)
      }
    }
    let database = FerryDatabase(Home(folder: FilePath(round.home)))
    let provider = TestProvider(limit: 4)
    provider.setPassword(round.password)
    let queue = TransferQueue(
      sessions: provider, disk: LocalDisk(), journal: StoredJournal(database.queue), jobs: 3, retries: .quick,
      segmentation: Segmentation(sessions: 3, threshold: 200_000, smallest: 40_000))
    try await queue.restore()
    for request in try requests(round) {
      let batch = try await queue.enqueue(request)
      try note("batch \(batch.rawValue)", round)
    }
    if round.work == .edits { try await edit(queue, round) }
    if round.killAfter == nil {
      // What was paused by a person stays so until a person lets it go on.
      await queue.resume(await queue.rows(.waiting, from: 0, count: 1_000).filter { $0.state == .paused }.map(\.id))
    }
    // vsftpd keeps the lock of a killed session for a minute where that one's data connection was not there yet.
    guard try await eventually(within: .seconds(150), { await !queue.isBusy }) else {
      throw TestFailure("the queue does not come to an end")
    }
    await queue.stop()
    await provider.close()
    while round.killAfter != nil { try await Task.sleep(for: .seconds(1)) }
  }

  private static func requests(_ round: KillRound) throws -> [TransferRequest] {
    let server = ServerAddress(host: "127.0.0.1", port: round.port, user: RealServer.user)
    func there(_ name: String) throws -> Location { .remote(server, try RemotePath(round.remote + "/" + name)) }
    func here(_ name: String) -> Location { .local(FilePath(round.local).appending(name)) }
    func request(_ from: Location, _ to: Location) -> TransferRequest {
      TransferRequest(
        from: from, [.init("tree", kind: .folder), .init("single", kind: .file)], to: to, onConflict: .overwrite)
    }
    let down = try request(there("down"), here("down"))
    let up = try request(here("up"), there("up"))
    func move(_ from: Location, _ to: Location) -> TransferRequest {
      var request = request(from, to)
      request.operation = .move
      return request
    }
    return switch round.work {
    case .moves:
      try [
        move(here("left"), here("right")), move(there("left"), there("right")),
        move(here("across"), .local(FilePath(round.elsewhere))),
      ]
    case .download: [down]
    case .upload: [up]
    case .both, .edits: [down, up]
    case .recovery: []
    }
  }

  private static func edit(_ queue: TransferQueue, _ round: KillRound) async throws {
    var random = SeededRandom(seed: round.seed)
    for _ in 0..<40 {
      let rows = await [QueueTab.running, .waiting, .failed, .finished].asyncRows(queue)
      guard let row = rows.randomElement(using: &random), row.kind == .file else { continue }
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        await queue.pause([row.id])
        try note("paused \(row.id.rawValue)", round)
      case 2: await queue.resume([row.id])
      // What was wanted may be kept without having been said to be.
      case 3:
        try note("cancelling \(row.id.rawValue)", round)
        await queue.cancel([row.id])
        try note("cancelled \(row.id.rawValue)", round)
      case 4: await queue.retry(rows.filter { $0.state != .cancelled }.map(\.id))
      default:
        try note("removing \(row.id.rawValue)", round)
        await queue.remove([row.id])
        try note("removed \(row.id.rawValue)", round)
      }
    }
  }

  private static func note(_ line: String, _ round: KillRound) throws {
    let file = open(round.ledger, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(file) }
    let bytes = Array((line + "\n").utf8)
    guard write(file, bytes, bytes.count) == bytes.count else { throw TestFailure("the ledger cannot be written") }
  }
}

extension [QueueTab] {
  fileprivate func asyncRows(_ queue: TransferQueue) async -> [QueueSnapshot.Row] {
    var rows: [QueueSnapshot.Row] = []
    for tab in self { rows += await queue.rows(tab, from: 0, count: 100) }
    return rows
  }
}
