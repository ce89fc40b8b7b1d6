import FTP
import FTPSClient

/// What is known of the source of a download.
extension JobRunner {
  /// The source's facts: those of the plan, as long as nothing depends on their being fresh.
  func currentFacts(_ job: Job, _ planned: FileFacts, isPart: Bool) async throws -> FileFacts {
    if planned.size != nil, planned.modified?.isExact == true, !isPart, !job.item.hasStarted { return planned }
    let facts = try await freshFacts(job, planned)
    if facts != planned { await job.note(.source(facts)) }
    return facts
  }

  /// What the far end says now.
  func freshFacts(_ job: Job, _ planned: FileFacts) async throws -> FileFacts {
    let name = job.item.source.name
    switch job.batch.source {
    case .local:
      return try await disk.run { files in
        let folder = try LocalFolders.source(job, files)
        let follows = LocalFolders.followsSource(job)
        guard let status = try files.status(of: name, in: folder, following: follows) else {
          throw TransferError.sourceMissing(name)
        }
        return status.facts
      }
    case .remote(let server):
      let path = job.item.source.remote
      let isFirst = !job.item.hasStarted && planned.size != nil
      return try await sessions.with(server) { session in
        // A list without seconds, or without a known zone (LIST): only the time is missing.
        if isFirst {
          guard session.features.mdtm, let time = try? await session.modificationTime(of: path) else { return planned }
          return FileFacts(size: planned.size, modified: time, identity: planned.identity)
        }
        guard let entry = try await session.status(of: path) else { throw TransferError.sourceMissing(name) }
        return FileFacts(size: entry.size, modified: entry.modified, identity: entry.unique)
      }
    }
  }

  /// A file that was put together in several attempts is whole only if its source has been the same all the time.
  func expectUnchanged(_ job: Job, _ source: FileFacts) async throws {
    let now = try await freshFacts(job, source)
    guard now.isSameFile(as: source) else { throw TransferError.sourceChanged(job.item.source.name) }
  }
}

extension FileFacts {
  /// Whether both are of one file with one content, as far as facts can tell: then both are known well enough.
  func isSameFile(as other: FileFacts) -> Bool {
    guard let size, size == other.size, let modified, modified.agrees(with: other.modified) else { return false }
    guard let identity, let others = other.identity else { return true }
    return identity == others
  }
}

extension Timestamp {
  /// Whether it is worth to be kept as it is: LIST shows no seconds, for which MDTM can be asked.
  var isExact: Bool { isUTC && precision < .minute }
}

extension LocalStatus {
  var facts: FileFacts {
    FileFacts(size: size, modified: modified, identity: "\(identity.device):\(identity.inode)")
  }
}
