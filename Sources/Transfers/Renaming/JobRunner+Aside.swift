import FTP
import FTPSClient

/// What a move has put aside: for the moment in which it looks whether the source is another file than the target, or
/// gives its name to the source. It bears a name of its own, which nothing else ever writes to or removes.
extension JobRunner {
  func aside(_ job: Job) -> ItemPath { job.item.target.renamed(job.item.asideName) }

  /// Brings back what an earlier attempt, which was ended in the middle of it, had put aside.
  ///
  /// - Returns: false where it is still aside, as it must not be renamed.
  /// - Throws: ``TransferError/targetIsSource(_:)`` where it is the source, too, and all that there is.
  @discardableResult
  func bringBack(_ job: Job) async throws -> Bool {
    guard job.batch.operation == .move, job.item.hasStarted, job.item.kind != .folder else { return true }
    let (target, aside) = (job.item.target, aside(job))
    guard try await isThere(job, aside, job.batch.target) else { return true }
    if try await isThere(job, target, job.batch.target) {
      // Somebody has made a new one since.
      await noteAside(job)
      return true
    }
    guard try await renameAtTarget(job, aside, to: target) else {
      await noteAside(job)
      return false
    }
    if try await !isThere(job, job.item.source, job.batch.source) {
      throw TransferError.targetIsSource(job.item.source.name)
    }
    return true
  }

  /// Removes what the source has taken the place of. The move is done whether that succeeds or not.
  func remove(aside job: Job) async {
    do {
      let path = aside(job)
      switch job.batch.target {
      case .local: try await disk.run { files in try files.remove(path.name, in: try LocalFolders.target(job, files)) }
      case .remote(let server): try await sessions.with(server) { try await $0.delete(path.remote) }
      }
    } catch {
      await noteAside(job)
    }
  }

  func noteAside(_ job: Job) async {
    let name = SafeText.escape(job.item.asideName.bytes)
    await job.note(.remark("What stood there before is now called “\(name)”."))
  }

  /// Whether a file has the size and the time that the source had.
  func isSource(_ job: Job, _ path: ItemPath) async throws -> Bool {
    let facts: FileFacts?
    switch job.batch.target {
    case .local:
      facts = try await disk.run { files in
        try files.status(of: path.name, in: try LocalFolders.target(job, files), following: false)?.facts
      }
    case .remote(let server):
      facts = try await sessions.with(server) { try await $0.status(of: path.remote) }.map { FileFacts($0) }
    }
    guard let facts, facts.size == job.item.facts.size, let modified = facts.modified else { return false }
    return job.item.facts.modified?.agrees(with: modified) == true
  }
}
