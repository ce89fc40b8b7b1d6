import FTP
import FTPSClient

/// A local file, open to be sent.
struct OpenSource: Sendable {
  var file: OpenFile
  var status: LocalStatus
  var facts: FileFacts { FileFacts(size: status.size, modified: status.modified) }
}

extension JobRunner {
  /// Brings a local file to a server.
  func upload(_ job: Job, to server: ServerAddress) async throws -> JobOutcome {
    let source = try await openSource(job)
    let isAsPlanned = source.status.size == job.item.size && source.status.modified == job.item.modified
    if !isAsPlanned { await job.note(.source(source.facts)) }
    let outcome = try await sessions.with(server) { session in
      let upload = Upload(
        job: job, source: source, session: session, server: server, disk: disk, memory: memory,
        mayGoOn: isAsPlanned && job.item.hasStarted)
      return try await upload.run()
    }
    if case .done(let proof) = outcome { return try await afterProof(job, proof) }
    return outcome
  }

  func openSource(_ job: Job) async throws -> OpenSource {
    let name = job.item.source.name
    return try await disk.run { files in
      let folder = try LocalFolders.source(job, files)
      let file = try files.openForReading(name, in: folder, following: LocalFolders.followsSource(job))
      return OpenSource(file: file, status: try files.status(of: file))
    }
  }
}

/// One attempt to bring one file to a server, within one session.
///
/// The bytes go to a temporary name beside the target, which is checked for its length, gets the source's time, and is
/// renamed last: so whatever has the target's name is whole. Where the server refuses that, the target is written in
/// place.
struct Upload: Sendable {
  let job: Job
  let source: OpenSource
  let session: any RemoteFiles
  let server: ServerAddress
  let disk: LocalDisk
  let memory: ServerMemory
  /// Whether what an earlier attempt left may be the beginning of this file.
  let mayGoOn: Bool

  var size: Int64 { source.status.size }

  func run() async throws -> JobOutcome {
    let target = job.item.target.remote
    let existing = memory.isNew(target.parent, on: server) ? nil : try await session.status(of: target)
    if let existing, job.item.wasInterrupted, existing.kind == .file, existing.size == size,
      source.status.modified.agrees(with: existing.modified), let proof = try await proveTarget()
    {
      // The process ended between the rename and the note of it, or wrote in place after an attempt beside it.
      if let folder = target.parent { try? await session.delete(folder.appending(job.item.partName)) }
      return .done(proof)
    }
    guard let existing else { return try await store(as: target, replacing: false) }
    if existing.kind == .directory, job.policy != .rename { throw TransferError.targetIsFolder(existing.name) }
    let facts = FileFacts(size: existing.size, modified: existing.modified)
    switch job.policy.decide(source: source.facts, target: facts) {
    case .ask: return .conflict(Conflict(source: source.facts, target: facts))
    case .skip(let reason): return .skipped(reason)
    case .overwrite: return try await store(as: target, replacing: true)
    case .rename: return try await storeUnderFreeName()
    case .resume(let offset): return try await storeDirectly(target, from: offset)
    }
  }

  private func storeUnderFreeName() async throws -> JobOutcome {
    for number in 2...9_999 {
      let path = job.item.target.renamed(FreeName.numbered(job.item.target.name, number))
      guard try await session.status(of: path.remote) == nil else { continue }
      let outcome = try await store(as: path.remote, replacing: false)
      await job.note(.target(path))
      return outcome
    }
    throw TransferError.targetExists(job.item.target.name)
  }

  // MARK: Under a temporary name

  private func store(as target: RemotePath, replacing: Bool) async throws -> JobOutcome {
    guard !memory.storesDirectly(server), let folder = target.parent else {
      return try await storeDirectly(target, from: 0)
    }
    let temporary = folder.appending(job.item.partName)
    let digest: ContentDigest?
    do {
      digest = try await send(to: temporary, from: try await restOffset(of: temporary))
    } catch let error as FTPSError where error.refusesTheName {
      // If the target's own name is taken, it was the temporary one that the server does not like.
      let outcome = try await storeDirectly(target, from: 0)
      memory.learnDirectStores(server)
      return outcome
    }
    let proof: Proof
    do { proof = try await prove(temporary, digest) } catch let error as TransferError {
      try? await session.delete(temporary)
      throw error
    }
    _ = try await session.setModificationTime(source.status.modified, of: temporary)
    do {
      try await rename(temporary, to: target, replacing: replacing)
    } catch let error as FTPSError where error.isPermanentRefusal {
      try await session.delete(temporary)
      let outcome = try await storeDirectly(target, from: 0)
      memory.learnDirectStores(server)
      return outcome
    }
    return .done(proof)
  }

  private func restOffset(of temporary: RemotePath) async throws -> Int64 {
    guard mayGoOn, size > 0, session.features.restStream, session.features.size, !memory.refusesRestart(server) else {
      return 0
    }
    do {
      let there = try await session.size(of: temporary)
      return there <= size ? there : 0
    } catch let error as FTPSError where error.isPermanentRefusal {
      return 0
    }
  }

  private func rename(_ temporary: RemotePath, to target: RemotePath, replacing: Bool) async throws {
    do {
      try await session.rename(temporary, to: target)
    } catch let error as FTPSError where error.isPermanentRefusal && replacing {
      // Some servers, those on Windows among them, rename to free names only.
      try await session.delete(target)
      try await session.rename(temporary, to: target)
    }
  }

  // MARK: In place

  private func storeDirectly(_ target: RemotePath, from offset: Int64) async throws -> JobOutcome {
    // From the first byte on, what has the target's name is this item's own work.
    await job.note(.replacesTarget)
    let digest = try await send(to: target, from: offset)
    let proof: Proof
    do { proof = try await prove(target, digest) } catch let error as TransferError {
      // Nothing that is known to be wrong keeps the final name.
      if case .contentDiffers = error { try await session.delete(target) }
      throw error
    }
    _ = try await session.setModificationTime(source.status.modified, of: target)
    return .done(proof)
  }

  // MARK: Bytes

  /// Returns the digest of all of the file, where the batch asks for one.
  private func send(to path: RemotePath, from offset: Int64) async throws -> ContentDigest? {
    if offset == size, offset > 0 {
      job.progress.restart(at: offset)
      return try await newDigest(of: offset)
    }
    var digest: ContentDigest?
    do {
      digest = try await sendOnce(to: path, from: offset)
    } catch let error as FTPSError {
      // ProFTPD says 451 where its AllowStoreRestart is off.
      guard offset > 0, case .refused = error else { throw error }
      memory.learnRefusedRestart(server)
      digest = try await sendOnce(to: path, from: 0)
    }
    let now = try await disk.run { [file = source.file] files in try files.status(of: file) }
    guard now.size == size, now.modified == source.status.modified, now.changed == source.status.changed else {
      throw TransferError.sourceChanged(job.item.source.name)
    }
    return digest
  }

  private func sendOnce(to path: RemotePath, from offset: Int64) async throws -> ContentDigest? {
    job.progress.restart(at: offset)
    let digest = try await newDigest(of: offset)
    let bytes = FileSource(
      source.file, status: source.status, from: offset, disk: disk, progress: job.progress, digest: digest)
    _ = try await session.store(path, from: offset, source: bytes)
    return digest
  }
}

extension FTPSError {
  /// The server does not want a file of this name, or in this place: not that its disk is full (452, 552).
  fileprivate var refusesTheName: Bool {
    guard case .refused(let command, let reply) = self, reply.isPermanentFailure, reply.code != 552 else {
      return false
    }
    return command.hasPrefix("STOR")
  }
}
