import FTP
import FTPSClient

extension JobRunner {
  /// Makes the folder at the target and tells what is in the source.
  func makeFolder(_ job: Job) async throws -> [NewItem] {
    if let server = job.batch.source.server ?? job.batch.target.server { await sessions.warm(server) }
    // First the list: a folder that cannot be read leaves no empty one behind.
    let entries = try await entries(job)
    try await expectOwnName(job)
    switch job.batch.target {
    case .local: try await makeLocalFolder(job)
    case .remote(let server): try await makeRemoteFolder(job.item.target.remote, on: server)
    }
    return FolderWalk.items(
      in: job.item, entries: entries, followsLinks: job.batch.followsLinks,
      needsFTPNames: job.batch.target.server != nil)
  }

  private func entries(_ job: Job) async throws -> [ListingEntry] {
    switch job.batch.source {
    case .local:
      return try await disk.run { files in
        let name = job.item.source.name
        let parent = try LocalFolders.source(job, files)
        let folder = try files.openFolder(name, in: parent, following: LocalFolders.followsSource(job))
        return try files.names(in: folder).compactMap { entry in
          // What is gone since the names were read is not missed.
          try files.status(of: entry.name, in: folder, following: false)?.entry(named: entry.name)
        }
      }
    case .remote(let server):
      let path = job.item.source.remote
      return try await sessions.with(server) { try await $0.entries(of: path) }
    }
  }

  private func makeLocalFolder(_ job: Job) async throws {
    let name = job.item.target.name
    _ = try await disk.run { files in
      try files.makeFolder(name, in: try LocalFolders.target(job, files))
    }
  }

  private func makeRemoteFolder(_ path: RemotePath, on server: ServerAddress) async throws {
    let isNew = try await sessions.with(server) { session in
      do {
        try await session.makeDirectory(path)
        return true
      } catch let error as FTPSError {
        // Servers word "it exists" in many ways (521, 550), so they are asked.
        guard case .refused(_, let reply) = error, reply.isPermanentFailure else { throw error }
        guard let there = try await session.status(of: path) else { throw error }
        switch there.kind {
        case .directory, .symbolicLink: return false
        case .file, .other: throw TransferError.targetIsNoFolder(there.name)
        }
      }
    }
    if isNew { memory.learnNew(path, on: server) }
  }

  /// The last step of moving a folder.
  func removeEmptySource(_ job: Job) async throws -> JobOutcome {
    let name = job.item.source.name
    do {
      switch job.batch.source {
      case .local:
        try await disk.run { files in try files.removeFolder(name, in: try LocalFolders.source(job, files)) }
      case .remote(let server):
        let path = job.item.source.remote
        try await sessions.with(server) { try await $0.removeDirectory(path) }
      }
    } catch {
      throw Self.notRemoved(name, error)
    }
    return .done(.folder)
  }

  /// What is copied is not copied again because its source could not be removed; a lost connection is tried again.
  static func notRemoved(_ name: FileName, _ error: any Error) -> any Error {
    let error = TransferError(error)
    return FailureClass(error) == .final ? TransferError.sourceNotRemoved(name, reason: "\(error)") : error
  }
}
