import FTP
import FTPSClient

extension JobRunner {
  /// Makes the folder at the target and tells what is in the source.
  func makeFolder(_ job: Job) async throws -> [NewItem] {
    if let server = job.batch.source.server ?? job.batch.target.server { await sessions.warm(server, upTo: nil) }
    try await expectOutside(job)
    // First the list: a folder that cannot be read leaves no empty one behind.
    let list = try await list(job)
    try await expectOwnName(job)
    switch job.batch.target {
    case .local: try await makeLocalFolder(job, try await keptPermissions(ofFolder: job))
    case .remote(let server): try await makeRemoteFolder(job, on: server, try await keptPermissions(ofFolder: job))
    }
    // A copy takes nothing away from behind a link, and the limit of depth ends what goes round in circles.
    let perhapsLinks = job.batch.operation == .move ? list.perhapsLinks : []
    let items = FolderWalk.items(
      in: job.item, entries: list.entries, perhapsLinks: perhapsLinks, followsLinks: job.batch.followsLinks,
      needsFTPNames: job.batch.target.server != nil, isRenamed: mayRename(job))
    let unclear = list.summary.unparsed
    return unclear == 0 ? items : items + [FolderWalk.unclear(unclear, in: job.item)]
  }

  /// A folder that is copied into itself would never come to its end, also where only a link leads back into it.
  private func expectOutside(_ job: Job) async throws {
    guard job.item.depth == 1, job.batch.source == .local, job.batch.target == .local else { return }
    let name = job.item.source.name
    try await disk.run { files in
      let source = try files.openFolder(name, in: try LocalFolders.source(job, files), following: true)
      guard try files.isWithin(try LocalFolders.target(job, files), source) else { return }
      throw TransferError.folderIntoItself(name)
    }
  }

  /// What is in the source.
  private func list(_ job: Job) async throws -> FolderList {
    switch job.batch.source {
    case .local:
      return try await disk.run { files in
        let name = job.item.source.name
        let parent = try LocalFolders.source(job, files)
        let folder = try files.openFolder(name, in: parent, following: LocalFolders.followsSource(job))
        let entries = try files.names(in: folder).compactMap { entry in
          // What is gone since the names were read is not missed.
          try files.status(of: entry.name, in: folder, following: false)?.entry(named: entry.name)
        }
        return FolderList(entries)
      }
    case .remote(let server):
      let path = job.item.source.remote
      let list = try await sessions.with(server) { try await $0.list(path) }
      if list.summary.isTruncated { throw TransferError.listingIncomplete(job.item.source.name) }
      return list
    }
  }

  private func makeLocalFolder(_ job: Job, _ permissions: UInt16?) async throws {
    let name = job.item.target.name
    try await disk.run { files in
      let folder = try LocalFolders.target(job, files)
      let isNew = try files.makeFolder(name, in: folder)
      if isNew, let permissions { try files.setPermissions(permissions, of: name, in: folder) }
    }
  }

  private func makeRemoteFolder(_ job: Job, on server: ServerAddress, _ permissions: UInt16?) async throws {
    let path = job.item.target.remote
    try await sessions.with(server) { session in
      do {
        try await session.makeDirectory(path)
        memory.learnNew(path, on: server, in: job.batch.id, isFinished: permissions == nil)
      } catch let error as FTPSError {
        // Servers word "it exists" in many ways (521, 550), so they are asked.
        guard case .refused(_, let reply) = error, reply.isPermanentFailure else { throw error }
        guard let there = try await session.status(of: path) else { throw error }
        switch there.kind {
        case .directory, .symbolicLink: break
        case .file, .other: throw TransferError.targetIsNoFolder(there.name)
        }
        // Of a folder that an earlier attempt has made, the session may have been lost before it had its permissions.
        guard memory.isUnfinished(path, on: server, in: job.batch.id) else {
          return memory.learnShared(path, on: server)
        }
      }
      if let permissions {
        try await memory.setPermissions(permissions, of: path, on: server, session, job)
        memory.learnFinished(path, on: server, in: job.batch.id)
      }
    }
  }
}
