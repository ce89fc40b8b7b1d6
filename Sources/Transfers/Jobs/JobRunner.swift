import FTP
import FTPSClient
import Glibc

/// Does the work of single items: asks, transfers, proves, cleans up. Knows nothing of the queue.
struct JobRunner: Sendable {
  let disk: LocalDisk
  let sessions: any RemoteSessions
  var segmentation = Segmentation.off
  var memory = ServerMemory()
  let knownKinds = KnownKinds()
  let listedPermissions = ListedPermissions()

  func run(_ job: Job) async -> JobResult {
    do {
      return try await perform(job)
    } catch {
      return .outcome(.failed(await located(TransferError(error), job)))
    }
  }

  /// A full disk together with which one it is.
  func located(_ error: TransferError, _ job: Job) async -> TransferError {
    guard case .local(var fault) = error, fault.isFull, job.batch.target == .local else { return error }
    fault.device = try? await disk.run { files in
      try files.status(of: try LocalFolders.target(job, files)).identity.device
    }
    return .local(fault)
  }

  /// A batch has come to its end.
  func forget(_ batch: TransferBatch.ID) {
    memory.forget(batch)
    knownKinds.forget(batch)
    listedPermissions.forget(batch)
  }

  private func perform(_ job: Job) async throws -> JobResult {
    if job.batch.removesListed { return .outcome(try await removeListed(job)) }
    if let task = job.batch.treeTask { return try await work(task, job) }
    if let outcome = try await handedOver(job) { return .outcome(outcome) }
    if job.item.stage == .emptying { return .outcome(try await removeEmptySource(job)) }
    if job.batch.source.server != nil || job.batch.target.server != nil {
      for name in job.item.source.names(last: job.item.depth) where !name.isCarriedByFTP {
        throw TransferError.unsuitableName(name)
      }
    }
    try await bringBack(job)
    if let outcome = try await rename(job) { return .outcome(outcome) }
    switch job.item.kind {
    case .folder:
      if try await isLinkLeft(job) { return .outcome(.skipped(FolderWalk.linkIsLeft)) }
      return .contents(try await makeFolder(job))
    case .file: return .outcome(try await transfer(job))
    case .unknown:
      switch try await identify(job) {
      case .folder:
        if try await isLinkLeft(job) { return .outcome(.skipped(FolderWalk.linkIsLeft)) }
        await job.note(.kind(.folder))
        return .contents(try await makeFolder(job))
      case .file:
        await job.note(.kind(.file))
        return .outcome(try await transfer(job))
      case .symbolicLink, .other: throw TransferError.notAFile(job.item.source.name)
      }
    }
  }

  private func transfer(_ job: Job) async throws -> JobOutcome {
    try await expectOwnName(job)
    switch (job.batch.source, job.batch.target) {
    case (_, .local): return try await download(job)
    case (.local, .remote(let server)): return try await upload(job, to: server)
    case (.remote(let server), .remote(let farServer)): return try await relay(job, from: server, to: farServer)
    }
  }

  /// What an item is whose kind nobody has told.
  private func identify(_ job: Job) async throws -> LocalStatus.Kind {
    let item = job.item
    switch job.batch.source {
    case .local:
      return try await disk.run { files in
        let folder = try LocalFolders.source(job, files)
        guard let status = try files.status(of: item.source.name, in: folder, following: true) else {
          throw TransferError.sourceMissing(item.source.name)
        }
        return status.kind
      }
    case .remote(let server):
      let path = item.source.remote
      let entry = try await sessions.with(server) { try await $0.status(of: path) }
      switch entry?.kind {
      case .file: return .file
      case .directory: return .folder
      // Where it leads, the server follows by itself: a folder can be listed, a file retrieved.
      case .symbolicLink: return try await leadsToFolder(path, on: server) ? .folder : .file
      case .other: return .other
      case nil: throw TransferError.sourceMissing(item.source.name)
      }
    }
  }

  /// Whether a folder is a link that a move leaves where it is, with all that is behind it. Lists by MLSD may show such
  /// links as folders, and so did the pane in which somebody chose it; what is in a folder was told apart with its list.
  private func isLinkLeft(_ job: Job) async throws -> Bool {
    guard job.batch.operation == .move, !job.batch.followsLinks else { return false }
    guard job.item.depth == 1 || job.item.kind == .unknown else { return false }
    return try await isLink(job)
  }

  /// Whether a folder is a link to one.
  ///
  /// - Throws: ``TransferError/perhapsLink(_:)`` where nobody can tell.
  private func isLink(_ job: Job) async throws -> Bool {
    let source = job.item.source
    switch job.batch.source {
    case .local:
      return try await disk.run { files in
        let folder = try LocalFolders.source(job, files)
        return try files.status(of: source.name, in: folder, following: false)?.kind == .symbolicLink
      }
    case .remote(let server):
      let kind = try await sessions.with(server) { [knownKinds] session in
        try await RemoteTree(server: server, session: session, batch: job.batch.id, known: knownKinds).kind(of: source)
      }
      if kind == .perhapsFolder { throw TransferError.perhapsLink(source.name) }
      return kind != .folder
    }
  }

  private func leadsToFolder(_ path: RemotePath, on server: ServerAddress) async throws -> Bool {
    try await sessions.with(server) { session in
      do { _ = try await session.size(of: path) } catch let error as FTPSError where error.isPermanentRefusal {
        return true
      }
      return false
    }
  }
}
