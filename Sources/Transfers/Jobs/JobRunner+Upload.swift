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
    let job = job.setting(job.batch.keepsPermissions ? source.status.permissions & 0o777 : nil)
    let end = try await sessions.with(server) { session in
      let upload = Upload(
        job: job, source: source, session: session, server: server, memory: memory,
        mayGoOn: isAsPlanned && job.item.hasStarted)
      return try await upload.run()
    }
    // What had been the source itself would be another file by now, unless an earlier attempt had replaced it.
    if case .done(let proof) = end.outcome {
      return try await afterProof(
        job, proof, of: .local(source.status), stood: end.tookPlace && job.item.hasStarted)
    }
    return end.outcome
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
  /// How the servers bring it between themselves, if they do.
  var fxp: FXPWay?

  var size: Int64 { source.size }

  /// How an attempt has ended.
  struct End: Sendable {
    var outcome: JobOutcome
    /// Whether something stood at the target, which this one has taken the place of, or was found to be: of a move it may
    /// have been the source itself.
    var tookPlace: Bool
  }

  func run() async throws -> End {
    let target = job.item.target.remote
    let existing = memory.isFree(target, on: server, in: job.batch.id) ? nil : try await session.status(of: target)
    if let existing, job.item.hasStarted, job.policy != .overwrite || job.item.expected != nil,
      existing.kind == .file, existing.size == size, let proof = try await proveOwn(existing)
    {
      // An earlier attempt ended, or its process did, between the rename and the note of it.
      await discardTemporary()
      return End(outcome: .done(proof), tookPlace: true)
    }
    guard let existing else { return End(outcome: try await store(as: target, replacing: false), tookPlace: false) }
    return End(outcome: try await store(besides: existing, at: target), tookPlace: job.policy != .rename)
  }

  /// Proves what stands at the target to be what an earlier attempt has brought. Its time tells, or, of a name that was
  /// free when that attempt took it, on a server that sets no times, its content.
  private func proveOwn(_ existing: ListingEntry) async throws -> Proof? {
    if source.facts.modified?.agrees(with: existing.modified) == true { return try await proveTarget() }
    guard job.item.newName != nil, job.policy == .rename else { return nil }
    do { return try await proveTarget(byContent: true) } catch let error as FTPSError where error.isPermanentRefusal {
      // It cannot be read: another name is taken.
      return nil
    }
  }

  /// As the policy says, where something stands at the target.
  private func store(besides existing: ListingEntry, at target: RemotePath) async throws -> JobOutcome {
    if let outcome = try await finishExtending(existing, at: target) { return outcome }
    if existing.kind == .directory, job.policy != .rename { throw TransferError.targetIsFolder(existing.name) }
    if let question = changedSince(existing) { return question }
    let facts = FileFacts(size: existing.size, modified: existing.modified)
    switch job.policy.decide(source: source.facts, target: facts) {
    case .ask: return .conflict(Conflict(source: source.facts, target: facts))
    case .skip(let reason):
      // A question was asked when all had been sent.
      if job.item.hasStarted, job.item.bytes > 0 { await discardTemporary() }
      return .skipped(reason)
    case .overwrite: return try await store(as: target, replacing: true)
    case .rename: return try await storeUnderFreeName()
    case .resume(let offset):
      guard try await isBeginning(target, offset) else { throw TransferError.notTheBeginning(existing.name) }
      return try await storeDirectly(target, extending: offset)
    }
  }

  /// What an earlier attempt has added to, to the end, before it was proved.
  private func finishExtending(_ existing: ListingEntry, at target: RemotePath) async throws -> JobOutcome? {
    guard job.policy == .resume, job.item.hasStarted, existing.kind == .file, existing.size == size else { return nil }
    // A move takes the source away, so the end of the file is not enough.
    if job.batch.operation == .move, try await proveTarget() == nil { return nil }
    guard try await isBeginning(target, size) else { return nil }
    return try await storeDirectly(target, extending: size)
  }

  /// Times that are in nobody knows which zone are not handed on.
  func setTime(of path: RemotePath) async throws {
    guard let modified = source.facts.modified, modified.isUTC else { return }
    _ = try await session.setModificationTime(modified, of: path)
  }

  // MARK: Bytes

  /// What was sent; with the digest of all of the file, where the batch asks for one.
  struct Sent {
    var digest: ContentDigest?
    /// None of its bytes went by here.
    var isBetweenServers = false
  }

  /// Sends all that is missing.
  ///
  /// - Parameter offset: what is there already and is the beginning of the source.
  /// - Throws: also ``TransferError/sourceChanged(_:)``.
  func send(to path: RemotePath, from offset: Int64) async throws -> Sent {
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
    // Never straight to the target's name: what the servers do there cannot be seen.
    if let fxp, !appending, path == temporary {
      await job.note(.way(.betweenServers))
      try await fxp.send(to: path, from: offset, job.progress, size: size)
      return Sent(isBetweenServers: true)
    }
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
