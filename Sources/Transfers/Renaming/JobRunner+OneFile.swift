import FTP
import FTPSClient

/// Two paths may lead to one file: by a link, by another address of the same server, by another case of a name. Then
/// what stands at the target is the source, and there is no copy that may be removed.
extension JobRunner {
  /// Makes sure that the source, which is about to be removed, is another file than its target.
  ///
  /// One machine is asked for the identities of both. Where it knows none, or there are two, the target is away for a
  /// moment, under a name of its own, and the source has to be there all the same.
  ///
  /// - Throws: ``TransferError/targetIsSource(_:)``, ``TransferError/sourceNotRemoved(_:reason:)``.
  func expectTwoFiles(_ job: Job) async throws {
    let name = job.item.source.name
    if job.batch.source == job.batch.target, let isOne = try await isOneByIdentity(job) {
      if isOne { throw TransferError.targetIsSource(name) }
      return
    }
    await job.note(.aside(true))
    try await withGrace { try await expectTwoNames(job) }
    await job.note(.aside(false))
  }

  private func expectTwoNames(_ job: Job) async throws {
    let name = job.item.source.name
    let aside = aside(job)
    guard try await renameAtTarget(job, job.item.target, to: aside) else {
      await job.note(.aside(false))
      throw TransferError.sourceNotRemoved(name, reason: "whether it is another file than the target cannot be told.")
    }
    let isLeft: Bool
    do { isLeft = try await isThere(job, job.item.source, job.batch.source) } catch {
      _ = try await renameAtTarget(job, aside, to: job.item.target)
      throw error
    }
    guard try await renameAtTarget(job, aside, to: job.item.target) else {
      throw TransferError.sourceNotRemoved(name, reason: "the copy could not get its name again.")
    }
    if !isLeft {
      await job.note(.aside(false))
      throw TransferError.targetIsSource(name)
    }
  }

  /// Nil where that is not known.
  private func isOneByIdentity(_ job: Job) async throws -> Bool? {
    let (source, target) = (job.item.source, job.item.target)
    let identities: [String?]
    switch job.batch.source {
    case .local:
      identities = try await disk.run { files in
        let follows = LocalFolders.followsSource(job)
        return [
          try files.status(of: source.name, in: try LocalFolders.source(job, files), following: follows),
          try files.status(of: target.name, in: try LocalFolders.target(job, files), following: false),
        ].map { $0?.facts.identity }
      }
    case .remote(let server):
      identities = try await sessions.with(server) { session in
        guard session.features.mlst != nil else { return [nil, nil] }
        return [try await session.status(of: source.remote), try await session.status(of: target.remote)].map(
          \.?.unique)
      }
    }
    guard let one = identities[0], let other = identities[1] else { return nil }
    return one == other
  }

  /// - Returns: false where that is refused.
  func renameAtTarget(_ job: Job, _ path: ItemPath, to newPath: ItemPath) async throws -> Bool {
    do {
      switch job.batch.target {
      case .local:
        try await disk.run { files in
          let folder = try LocalFolders.target(job, files)
          try files.rename(path.name, to: newPath.name, in: folder, replacing: false)
        }
      case .remote(let server):
        try await sessions.with(server) { try await $0.rename(path.remote, to: newPath.remote) }
      }
      return true
    } catch let error as FTPSError where error.isPermanentRefusal {
      return false
    } catch let fault as LocalFault where fault.call == .rename {
      return false
    }
  }

  /// Whether something stands at one of the item's two paths.
  func isThere(_ job: Job, _ path: ItemPath, _ place: Place) async throws -> Bool {
    switch place {
    case .local:
      return try await disk.run { files in
        let isSource = path == job.item.source
        let folder = isSource ? try LocalFolders.source(job, files) : try LocalFolders.target(job, files)
        return try files.status(of: path.name, in: folder, following: false) != nil
      }
    case .remote(let server): return try await sessions.with(server) { try await $0.status(of: path.remote) } != nil
    }
  }
}
