import FTP
import FTPSClient

/// What stood at the target and was put aside: for the moment in which a move looks whether the source is another file
/// than the target, or in which a file takes its place on a server that renames to free names only. It bears a name of
/// its own, which nothing else ever writes to or removes; the journal knows of it before it is there.
extension JobRunner {
  func aside(_ job: Job) -> ItemPath { job.item.target.renamed(job.item.asideName) }

  /// Brings back what an earlier attempt, which was ended in the middle of it, had put aside.
  ///
  /// - Returns: false where it is still aside, as it must not be renamed.
  /// - Throws: ``TransferError/targetIsSource(_:)`` where it is the source of a move, too, and all that there is.
  @discardableResult
  func bringBack(_ job: Job) async throws -> Bool {
    guard job.item.hasAside, job.item.kind != .folder else { return true }
    let (target, aside) = (job.item.target, aside(job))
    if try await isThere(job, aside, job.batch.target) {
      if try await isThere(job, target, job.batch.target) {
        try await settle(asideOf: job)
      } else if try await renameAtTarget(job, aside, to: target) {
        if job.batch.operation == .move, try await !isThere(job, job.item.source, job.batch.source) {
          await job.note(.aside(false))
          throw TransferError.targetIsSource(job.item.source.name)
        }
      } else {
        await tell(asideOf: job)
        return false
      }
    }
    await job.note(.aside(false))
    return true
  }

  /// What is aside while something else has its name: it is removed where that is surely what was to replace it, and not
  /// all that is left of a source.
  private func settle(asideOf job: Job) async throws {
    let isReplaced: Bool
    if job.batch.operation == .move {
      let isSource = try await isSource(job, job.item.target)
      isReplaced = try await isThere(job, job.item.source, job.batch.source) && isSource
    } else {
      isReplaced = try await hasReplaced(job)
    }
    if isReplaced { await remove(asideOf: job) } else { await tell(asideOf: job) }
  }

  /// Whether a copy has got its name. Where the server sets no times, its length tells, and that its part file is gone.
  private func hasReplaced(_ job: Job) async throws -> Bool {
    if try await isSource(job, job.item.target) { return true }
    guard let size = job.item.size, try await targetFacts(job, job.item.target)?.size == size else { return false }
    return try await !isThere(job, job.item.target.renamed(job.item.partName), job.batch.target)
  }

  /// What an earlier attempt had moved, when its process ended before that was known.
  func handedOver(_ job: Job) async throws -> JobOutcome? {
    guard let proof = job.item.handover, try await !isThere(job, job.item.source, job.batch.source),
      try await isThere(job, job.item.target, job.batch.target)
    else { return nil }
    guard job.item.hasAside, try await isThere(job, aside(job), job.batch.target) else { return .done(proof) }
    // The source has replaced it; or it is the source itself, after a move between two names of one folder.
    if proof == .renamed, try await isSource(job, job.item.target) {
      await remove(asideOf: job)
    } else {
      await tell(asideOf: job)
      if try await isAnother(job, job.item.target) { return nil }
    }
    return .done(proof)
  }

  /// Removes what was replaced. The item is done whether that succeeds or not.
  private func remove(asideOf job: Job) async {
    do {
      let path = aside(job)
      switch job.batch.target {
      case .local: try await disk.run { files in try files.remove(path.name, in: try LocalFolders.target(job, files)) }
      case .remote(let server): try await sessions.with(server) { try await $0.delete(path.remote) }
      }
    } catch {
      await tell(asideOf: job)
    }
  }

  private func tell(asideOf job: Job) async { await job.note(.remark(job.item.asideRemark)) }

  /// Whether a file has the size and the time that the source had.
  private func isSource(_ job: Job, _ path: ItemPath) async throws -> Bool {
    guard let facts = try await targetFacts(job, path), facts.size == job.item.facts.size,
      let modified = facts.modified
    else { return false }
    return job.item.facts.modified?.agrees(with: modified) == true
  }

  /// Whether a file has surely not been the source.
  private func isAnother(_ job: Job, _ path: ItemPath) async throws -> Bool {
    guard let facts = try await targetFacts(job, path) else { return true }
    return FileFacts(size: job.item.size, modified: job.item.modified).isOtherFile(
      than: FileFacts(size: facts.size, modified: facts.modified))
  }

  private func targetFacts(_ job: Job, _ path: ItemPath) async throws -> FileFacts? {
    switch job.batch.target {
    case .local:
      return try await disk.run { files in
        try files.status(of: path.name, in: try LocalFolders.target(job, files), following: false)?.facts
      }
    case .remote(let server):
      return try await sessions.with(server) { try await $0.status(of: path.remote) }.map { FileFacts($0) }
    }
  }
}

extension TransferItem {
  /// What a person is told where something stays aside.
  var asideRemark: String { "What stood there before is now called “\(SafeText.escape(asideName.bytes))”." }
}
