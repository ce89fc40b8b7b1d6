import FTP
import FTPSClient
import SystemPackage
import TestSupport

@testable import Transfers

/// Jobs of single files between a server in memory and a folder, without a queue.
final class JobWorld: Sendable {
  let remote: MemoryServer
  let local: LocalPlace
  let runner: JobRunner

  init(_ habits: MemoryServer.Habits = MemoryServer.Habits(), _ files: any LocalFiles = PosixFiles()) throws {
    remote = MemoryServer(habits)
    local = try LocalPlace(files)
    runner = JobRunner(disk: local.disk, sessions: remote)
  }

  var folder: TemporaryFolder { local.folder }

  /// - Parameter change: of what the queue knows of the file "a".
  func run(
    from source: Place, _ path: String, to target: Place, _ newPath: String,
    _ operation: TransferRequest.Operation = .copy, policy: ConflictPolicy = .skip, verifies: Bool = false,
    _ change: (inout TransferItem) -> Void = { _ in }
  ) async -> (outcome: JobOutcome, notes: [ItemNote]) {
    let batch = TransferBatch(
      id: TransferBatch.ID(1), source: source, target: target, operation: operation, policy: policy,
      verifies: verifies)
    var item = TransferItem(
      id: 1, batch: batch.id, kind: .file, source: ItemPath(bytes: Array(path.utf8)),
      target: ItemPath(bytes: Array(newPath.utf8)), token: 7)
    change(&item)
    let notes = Notes()
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { await notes.add($0) }
    guard case .outcome(let outcome) = await runner.run(job) else { return (.failed(.cancelled), []) }
    return (outcome, await notes.all)
  }

  func upload(
    _ operation: TransferRequest.Operation = .copy, policy: ConflictPolicy = .skip, verifies: Bool = false,
    _ change: (inout TransferItem) -> Void = { _ in }
  ) async -> JobOutcome {
    await run(
      from: .local, folder.appending("a").string, to: .remote(server), "/a", operation, policy: policy,
      verifies: verifies, change
    ).outcome
  }

  func download(
    _ operation: TransferRequest.Operation = .copy, policy: ConflictPolicy = .skip,
    _ change: (inout TransferItem) -> Void = { _ in }
  ) async -> JobOutcome {
    await run(
      from: .remote(server), "/a", to: .local, folder.appending("a").string, operation, policy: policy, change
    ).outcome
  }

  private actor Notes {
    var all: [ItemNote] = []
    func add(_ note: ItemNote) { all.append(note) }
  }
}
