import FTP
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

@Suite("A queue of 100,000 items", .serialized, .timeLimit(.minutes(3)))
struct LargeQueueTests {
  private static let count = 100_000

  @Test("it is queued at once and taken up again within 200 MiB, and its tabs stay quick to show")
  func large() async throws {
    let folder = try TemporaryFolder("home")
    let database = FerryDatabase(try Home(environment: ["FERRY_HOME": folder.path.string]))
    let local = try LocalPlace()
    let clock = ContinuousClock()
    func queue() -> TransferQueue {
      TransferQueue(
        runner: JobRunner(disk: local.disk, sessions: MemoryServer()), journal: StoredJournal(database.queue), jobs: 3,
        retries: RetryPolicy())
    }
    let before = Memory.resetPeak()
    let first = queue()
    await first.pauseAll()
    let entries = (0..<Self.count).map { number in
      TransferRequest.Entry(
        FileName(stringLiteral: "a file with a name of usual length \(number).jpeg"), kind: .file, size: 4_096,
        modified: Timestamp(seconds: 1_600_000_000))
    }
    let queued = try await clock.measure {
      try await first.enqueue(
        TransferRequest(from: .remote(server, try RemotePath("/photos")), entries, to: .local(local.folder.path)))
    }
    let shown = await clock.measure {
      for tab in QueueTab.allCases { #expect(await first.rows(tab, from: 0, count: 200).count <= 200) }
    }
    let end = await first.rows(.waiting, from: Self.count - 1, count: 1)
    #expect(end.count == 1)
    let peak = Memory.peak - before
    await first.stop()

    let beforeRestart = Memory.resetPeak()
    let second = queue()
    await second.pauseAll()
    let restored = try await clock.measure { try await second.restore() }
    #expect(await second.rows(.waiting, from: Self.count - 1, count: 1).count == 1)
    #expect(try database.queue.counts().total == Self.count)
    let restoredPeak = Memory.peak - beforeRestart
    await second.stop()
    Sweep.report(
      "100,000 items: queued in \(queued), \(peak >> 20) MiB; five tabs shown in \(shown); taken up again in "
        + "\(restored), \(restoredPeak >> 20) MiB")
    #expect(peak < 200 << 20)
    #expect(restoredPeak < 200 << 20)
    #expect(shown < .milliseconds(200))
  }
}

/// Memory of this process, as the system counts it.
private enum Memory {
  /// Forgets the peak, and gives what is in use now, in bytes.
  static func resetPeak() -> Int {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    if file >= 0 {
      write(file, "5", 1)
      close(file)
    }
    return value("VmRSS:")
  }

  static var peak: Int { value("VmHWM:") }

  private static func value(_ name: String) -> Int {
    let text = (try? FileTree.text("/proc/self/status")) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
    return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 } ?? 0
  }
}
