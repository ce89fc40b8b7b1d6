import FTP
import FTPSClient

extension JobRunner {
  /// Brings a local file to a server.
  func upload(_ job: Job, to server: ServerAddress) async throws -> JobOutcome {
    let source = try await openSource(job)
    let planned = job.item.facts
    let isAsPlanned = planned.isSameFile(as: source.facts)
    if planned != source.facts { await job.note(.source(source.facts)) }
    if !isAsPlanned, job.item.hasStarted, job.item.bytes >= Resumption.overlap {
      await job.note(.startsAgain(Resumption.sourceHasChanged))
    }
    let outcome = try await sessions.with(server) { session in
      let upload = Upload(
        job: job, source: source, session: session, server: server, memory: memory,
        mayGoOn: isAsPlanned && job.item.hasStarted)
      return try await upload.run()
    }
    if case .done(let proof) = outcome { return try await afterProof(job, proof) }
    return outcome
  }

  func openSource(_ job: Job) async throws -> OpenSource {
    let name = job.item.source.name
    return try await disk.run { [disk] files in
      let folder = try LocalFolders.source(job, files)
      let file = try files.openForReading(name, in: folder, following: LocalFolders.followsSource(job))
      return OpenSource(name: name, file: file, status: try files.status(of: file), disk: disk)
    }
  }
}

/// One attempt to bring one file to a server, within one session with it.
///
/// The bytes go to a temporary name beside the target, which is checked for its length, gets the source's time, and is
/// renamed last: so whatever has the target's name is whole. Where the server refuses that, the target is written in
/// place.
struct Upload: Sendable {
  let job: Job
  let source: any UploadSource
  let session: any RemoteFiles
  let server: ServerAddress
  let memory: ServerMemory
  /// Whether what an earlier attempt left may be the beginning of this file.
  let mayGoOn: Bool

  var size: Int64 { source.size }

  func run() async throws -> JobOutcome {
    let target = job.item.target.remote
    let existing = memory.isNew(target.parent, on: server) ? nil : try await session.status(of: target)
    if let existing, job.item.hasStarted, job.policy != .overwrite, existing.kind == .file, existing.size == size,
      source.facts.modified?.agrees(with: existing.modified) == true, let proof = try await proveTarget()
    {
      // An earlier attempt ended, or its process did, between the rename and the note of it.
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
    case .resume(let offset):
      guard try await isBeginning(target, offset) else { throw TransferError.notTheBeginning(existing.name) }
      return try await storeDirectly(target, from: offset)
    }
  }

  private func storeUnderFreeName() async throws -> JobOutcome {
    for number in 2...9_999 {
      let path = job.item.target.renamed(FreeName.numbered(job.item.target.name, number))
      guard try await session.status(of: path.remote) == nil else { continue }
      // Kept first: a process that ends after the rename finds what it made, and makes no second one.
      await job.note(.target(path))
      return try await store(as: path.remote, replacing: false)
    }
    throw TransferError.targetExists(job.item.target.name)
  }

  // MARK: Under a temporary name

  private func store(as target: RemotePath, replacing: Bool) async throws -> JobOutcome {
    guard !memory.storesDirectly(server), let folder = target.parent else {
      return try await storeDirectly(target, from: 0)
    }
    let temporary = folder.appending(job.item.partName)
    let sent: Sent
    do {
      sent = try await send(to: temporary, from: mayGoOn ? try await beginning(at: temporary) : 0)
    } catch let error as FTPSError where error.refusesTheName {
      // If the target's own name is taken, it was the temporary one that the server does not like.
      let outcome = try await storeDirectly(target, from: 0)
      memory.learnDirectStores(server)
      return outcome
    }
    let proof: Proof
    do { proof = try await prove(temporary, sent.digest) } catch let error as TransferError {
      try? await session.delete(temporary)
      throw error
    }
    try await setTime(of: temporary)
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
    let sent = try await send(to: target, from: offset)
    let proof: Proof
    do { proof = try await prove(target, sent.digest) } catch let error as TransferError {
      // Nothing that is known to be wrong keeps the final name.
      if case .contentDiffers = error { try await session.delete(target) }
      throw error
    }
    try await setTime(of: target)
    return .done(proof)
  }

  /// Times that are in nobody knows which zone are not handed on.
  private func setTime(of path: RemotePath) async throws {
    guard let modified = source.facts.modified, modified.isUTC else { return }
    _ = try await session.setModificationTime(modified, of: path)
  }

  // MARK: Bytes

  /// What was sent; with the digest of all of the file, where the batch asks for one.
  struct Sent {
    var digest: ContentDigest?
  }

  /// Sends all that is missing.
  ///
  /// - Parameter offset: what is there already and is the beginning of the source.
  /// - Throws: also ``TransferError/sourceChanged(_:)``.
  private func send(to path: RemotePath, from offset: Int64) async throws -> Sent {
    var sent: Sent?
    if offset == size, offset > 0 {
      job.progress.restart(at: offset)
      sent = Sent(digest: try await newDigest(of: offset))
    } else if offset > 0 {
      sent = try await sendRest(to: path, from: offset)
      if sent == nil { await job.note(.startsAgain(Resumption.Problem.unableServer.text)) }
    }
    if sent == nil { sent = try await sendOnce(to: path, from: 0, appending: false) }
    guard try await source.isUnchanged() else { throw TransferError.sourceChanged(source.name) }
    return sent ?? Sent()
  }

  func sendOnce(to path: RemotePath, from offset: Int64, appending: Bool) async throws -> Sent {
    job.progress.restart(at: offset)
    let digest = try await newDigest(of: offset)
    try await source.withBytes(from: offset, job.progress, digest) { bytes in
      if appending {
        _ = try await session.append(path, source: bytes)
      } else {
        _ = try await session.store(path, from: offset, source: bytes)
      }
    }
    return Sent(digest: digest)
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
