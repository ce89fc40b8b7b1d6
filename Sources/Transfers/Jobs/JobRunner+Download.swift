import FTP
import FTPSClient
import Glibc
import NIOCore

/// What is at the place that a download goes to.
private struct LocalTarget: Sendable {
  var folder: OpenFolder
  /// Under the target's name.
  var status: LocalStatus?
  /// Under the part file's name.
  var part: LocalStatus?
}

/// What may be done at the target.
private enum Clearance: Sendable {
  case stop(JobOutcome)
  /// Nothing is there, or it may be replaced.
  case write(isReplacing: Bool)
  /// What is there is the beginning.
  case extend(Int64)
  /// Under the first free name.
  case rename
}

extension JobRunner {
  /// Below this, a part file is not worth the questions that going on with it needs.
  private static let smallestRest: Int64 = 64 << 10

  /// Brings a file here, from a server or from another folder.
  func download(_ job: Job) async throws -> JobOutcome {
    let item = job.item
    let there = try await disk.run { files in
      let folder = try LocalFolders.target(job, files)
      return LocalTarget(
        folder: folder, status: try files.status(of: item.target.name, in: folder, following: false),
        part: item.hasStarted ? try files.status(of: item.partName, in: folder, following: false) : nil)
    }
    let planned = FileFacts(size: item.size, modified: item.modified)
    let source = try await currentFacts(job, planned, isPart: there.part != nil)
    if item.wasInterrupted, let status = there.status, isSame(status, as: source),
      let proof = try await proveTarget(job, length: status.size)
    {
      // The process ended between the rename and the note of it.
      if there.part != nil { await discardPart(of: item, in: job.batch) }
      return try await afterProof(job, proof)
    }
    let clearance = try clear(job, source, there.status)
    if case .stop(let outcome) = clearance { return outcome }
    let part = try await openPart(job, there, clearance, source, planned)
    let proof: Proof
    do {
      try await fetch(job, into: part.file, from: part.offset)
      proof = try await prove(job, part.file, source)
      try await finish(job, part.file, clearance, source, in: there.folder)
    } catch {
      await abandon(part.file, after: error)
      if case .local(let fault) = TransferError(error), fault.call == .rename, fault.code == EEXIST {
        return .conflict(Conflict(source: source, target: FileFacts()))
      }
      throw error
    }
    return try await afterProof(job, proof)
  }

  // MARK: The source

  /// The source's facts: those of the plan, as long as nothing depends on their being fresh.
  private func currentFacts(_ job: Job, _ planned: FileFacts, isPart: Bool) async throws -> FileFacts {
    if planned.size != nil, planned.modified?.isUTC == true, !isPart, !job.item.hasStarted { return planned }
    let facts = try await freshFacts(job, planned)
    if facts != planned { await job.note(.source(facts)) }
    return facts
  }

  private func freshFacts(_ job: Job, _ planned: FileFacts) async throws -> FileFacts {
    let name = job.item.source.name
    switch job.batch.source {
    case .local:
      return try await disk.run { files in
        let folder = try LocalFolders.source(job, files)
        let follows = LocalFolders.followsSource(job)
        guard let status = try files.status(of: name, in: folder, following: follows) else {
          throw TransferError.sourceMissing(name)
        }
        return FileFacts(size: status.size, modified: status.modified)
      }
    case .remote(let server):
      let path = job.item.source.remote
      let isFirst = !job.item.hasStarted && planned.size != nil
      return try await sessions.with(server) { session in
        // A list without times in UTC (LIST): only the time is missing.
        if isFirst {
          guard session.features.mdtm, let time = try? await session.modificationTime(of: path) else { return planned }
          return FileFacts(size: planned.size, modified: time)
        }
        guard let entry = try await session.status(of: path) else { throw TransferError.sourceMissing(name) }
        return FileFacts(size: entry.size, modified: entry.modified)
      }
    }
  }

  private func isSame(_ status: LocalStatus, as source: FileFacts) -> Bool {
    status.kind == .file && status.size == source.size && status.modified.agrees(with: source.modified)
  }

  // MARK: The target

  private func clear(_ job: Job, _ source: FileFacts, _ target: LocalStatus?) throws -> Clearance {
    guard let target else { return .write(isReplacing: false) }
    let name = job.item.target.name
    var policy = job.policy
    switch target.kind {
    case .file: break
    case .folder:
      if policy != .rename { throw TransferError.targetIsFolder(name) }
    case .other: throw TransferError.notAFile(name)
    // The link itself may be replaced, but says nothing about a size or a time.
    case .symbolicLink: if policy != .overwrite, policy != .skip, policy != .rename { policy = .ask }
    }
    let facts = FileFacts(size: target.size, modified: target.modified)
    switch policy.decide(source: source, target: facts) {
    case .ask: return .stop(.conflict(Conflict(source: source, target: facts)))
    case .skip(let reason): return .stop(.skipped(reason))
    case .overwrite: return .write(isReplacing: true)
    case .rename: return .rename
    case .resume(let offset): return .extend(offset)
    }
  }

  private func openPart(
    _ job: Job, _ there: LocalTarget, _ clearance: Clearance, _ source: FileFacts, _ planned: FileFacts
  ) async throws -> (file: PartFile, offset: Int64) {
    let name = job.item.partName
    let target = job.item.target.name
    let rest = restOffset(there.part, source, planned)
    let digest = try await newDigest(job)
    let (file, offset) = try await disk.run { files in
      if let rest {
        if let digest {
          let beginning = try files.openForReading(name, in: there.folder, following: false)
          try LocalDigest.add(rest, of: beginning, to: digest, files)
        }
        return (try files.openForWriting(name, in: there.folder), rest)
      }
      if there.part != nil { try files.remove(name, in: there.folder) }
      let file = try files.create(name, in: there.folder, permissions: 0o600)
      guard case .extend(let offset) = clearance else { return (file, 0) }
      let beginning = try files.openForReading(target, in: there.folder, following: false)
      try LocalCopy.copy(beginning, to: file, count: offset, files)
      if let digest { try LocalDigest.add(offset, of: beginning, to: digest, files) }
      return (file, offset)
    }
    job.progress.restart(at: offset)
    let part = PartFile(
      file, name: name, in: there.folder, from: offset, disk: disk, progress: job.progress, digest: digest)
    return (part, offset)
  }

  /// Where to go on: at the end of the part file, if the source is still what it was when that was begun.
  private func restOffset(_ part: LocalStatus?, _ source: FileFacts, _ planned: FileFacts) -> Int64? {
    guard let part, part.kind == .file, part.size >= Self.smallestRest, let size = source.size, part.size <= size,
      size == planned.size, let time = source.modified, time.agrees(with: planned.modified)
    else { return nil }
    return part.size
  }

  private func fetch(_ job: Job, into part: PartFile, from offset: Int64) async throws {
    let path = job.item.source
    switch job.batch.source {
    case .local:
      let source = try await openSource(job)
      try await LocalCopy.pump(FileSource(source.file, status: source.status, from: offset, disk: disk), into: part)
    case .remote(let server):
      _ = try await sessions.with(server) { session in
        try await session.retrieve(path.remote, from: offset, into: part)
      }
    }
  }

  private func finish(
    _ job: Job, _ part: PartFile, _ clearance: Clearance, _ source: FileFacts, in folder: OpenFolder
  ) async throws {
    var completion = PartFile.Completion(
      target: job.item.target.name, expectedLength: source.size, modified: source.modified, isReplacing: false)
    switch clearance {
    case .write(let isReplacing): completion.isReplacing = isReplacing
    case .extend: completion.isReplacing = true
    case .rename:
      try await finishUnderFreeName(job, part, completion)
      return
    case .stop: preconditionFailure("nothing was to be written")
    }
    try await part.finish(completion)
  }

  private func finishUnderFreeName(_ job: Job, _ part: PartFile, _ completion: PartFile.Completion) async throws {
    var completion = completion
    for number in 2...9_999 {
      completion.target = FreeName.numbered(job.item.target.name, number)
      do {
        try await part.finish(completion)
        await job.note(.target(job.item.target.renamed(completion.target)))
        return
      } catch let fault as LocalFault where fault.call == .rename && fault.code == EEXIST {
        continue
      } catch TransferError.targetIsFolder, TransferError.notAFile {
        continue
      }
    }
    throw TransferError.targetExists(job.item.target.name)
  }

  private func abandon(_ part: PartFile, after error: any Error) async {
    switch TransferError(error) {
    case .lengthDiffers, .contentDiffers: return await part.abandon(keeping: false)
    default: break
    }
    await part.abandon(keeping: part.length > 0)
  }

  // MARK: After the proof

  /// What is moved loses its source, now that it is proved to be over there.
  func afterProof(_ job: Job, _ proof: Proof) async throws -> JobOutcome {
    guard job.batch.operation == .move else { return .done(proof) }
    let name = job.item.source.name
    do {
      switch job.batch.source {
      case .local:
        try await disk.run { files in try files.remove(name, in: try LocalFolders.source(job, files)) }
      case .remote(let server):
        let path = job.item.source.remote
        try await sessions.with(server) { try await $0.delete(path) }
      }
    } catch {
      throw Self.notRemoved(name, error)
    }
    return .done(proof)
  }
}
