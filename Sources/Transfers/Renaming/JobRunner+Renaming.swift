import FTP
import FTPSClient

/// Moves within one machine.
extension JobRunner {
  /// Whether an item, and with a folder what is in it, is moved by renaming.
  func mayRename(_ job: Job) -> Bool {
    job.batch.operation == .move && job.batch.source == job.batch.target
      && memory.renames.mayRename(job.item, on: job.batch.source)
  }

  /// Moves an item within its machine by a change of its name.
  ///
  /// - Returns: nil where it has to be moved by other means.
  func rename(_ job: Job) async throws -> JobOutcome? {
    try expectOutside(job)
    guard mayRename(job) else {
      if job.item.parent != nil { memory.renames.learnRefusal(job.item) }
      // In the list of a folder that is moved, only links and devices are unknown.
      if job.batch.operation == .move, job.item.kind == .unknown, job.item.depth > 1, !job.batch.followsLinks {
        return .skipped(FolderWalk.linkIsLeft)
      }
      return nil
    }
    try await expectOwnName(job)
    let outcome: JobOutcome?
    switch job.batch.source {
    case .local:
      outcome = try await Rename(job: job, side: LocalRename(job: job, disk: disk), memory: memory.renames).run()
    case .remote(let server):
      outcome = try await sessions.with(server) { [memory] session in
        let side = RemoteRename(job: job, session: session, server: server, memory: memory.renames)
        return try await Rename(job: job, side: side, memory: memory.renames).run()
      }
    }
    // An earlier attempt may have begun to copy it.
    if case .done = outcome, job.item.hasStarted { await discardPart(of: job.item, in: job.batch) }
    return outcome
  }

  /// Whatever a name says; where links lead, the machine itself has to know.
  private func expectOutside(_ job: Job) throws {
    guard job.batch.operation.isTransfer, job.batch.source == job.batch.target else { return }
    let (source, target) = (job.item.source, job.item.target)
    if source == target { throw TransferError.targetIsSource(source.name) }
    if target.isInside(source) { throw TransferError.folderIntoItself(source.name) }
  }
}
