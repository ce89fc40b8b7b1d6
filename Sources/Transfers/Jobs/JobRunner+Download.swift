import FTP
import FTPSClient
import Glibc
import NIOCore

/// What is at the place that a download goes to.
struct LocalTarget: Sendable {
  var folder: OpenFolder
  /// Under the target's name.
  var status: LocalStatus?
  /// Under the part file's name.
  var part: LocalStatus?
}

/// A part file, open to be written.
private struct OpenPart {
  var file: PartFile
  /// Bytes that are in it already.
  var offset: Int64
  /// Whether it was made by this attempt.
  var isNew: Bool
}

/// What may be done at the target.
enum Clearance: Sendable {
  case stop(JobOutcome)
  /// Nothing is there, or it may be replaced.
  case write(isReplacing: Bool)
  /// What is there is the beginning.
  case extend(Int64)
  /// Under the first free name.
  case rename
}

extension JobRunner {
  /// Brings a file here, from a server or from another folder.
  func download(_ job: Job) async throws -> JobOutcome {
    let item = job.item
    let there = try await disk.run { files in
      let folder = try LocalFolders.target(job, files)
      return LocalTarget(
        folder: folder, status: try files.status(of: item.target.name, in: folder, following: false),
        part: item.hasStarted ? try files.status(of: item.partName, in: folder, following: false) : nil)
    }
    let planned = item.facts
    let source = try await currentFacts(job, planned, isPart: there.part != nil)
    let original = try await original(job, source)
    if item.hasStarted, job.policy != .overwrite, let status = there.status, isSame(status, as: source),
      let proof = try await proveTarget(job, length: status.size)
    {
      // An earlier attempt ended, or its process did, between the rename and the note of it.
      if there.part != nil { await discardPart(of: item, in: job.batch) }
      return try await afterProof(job, proof, of: original, stood: true)
    }
    let clearance = try clear(job, source, there.status)
    if case .stop(let outcome) = clearance {
      // A question was asked when all had come.
      if case .skipped = outcome, there.part != nil { await discardPart(of: item, in: job.batch) }
      return outcome
    }
    var stood = there.status != nil || item.hasStarted
    if case .rename = clearance { stood = false }
    do {
      if let proof = try await downloadInSegments(job, there, clearance, source, planned) {
        return try await afterProof(job, proof, of: original, stood: stood)
      }
    } catch let fault as LocalFault where fault.call == .rename && fault.code == EEXIST {
      return .conflict(Conflict(source: source, target: FileFacts()))
    }
    var part = try await openPart(job, there, clearance, source, planned)
    // A part that was made of the target need not be compared with it.
    var isOfTarget = part.isNew
    let proof: Proof
    do {
      if let problem = try await fetch(job, into: part.file, from: part.offset) {
        if case .extend = clearance, problem == .otherContent { throw TransferError.notTheBeginning(item.target.name) }
        await job.note(.startsAgain(problem.text))
        await part.file.abandon(keeping: false)
        part = try await newPart(job, there, .write(isReplacing: false))
        isOfTarget = false
        _ = try await fetch(job, into: part.file, from: 0)
      } else if part.offset > 0 {
        try await expectUnchanged(job, source)
      }
      proof = try await prove(job, part.file, source)
      if case .extend(let count) = clearance, !isOfTarget { try await expectBeginning(job, part.file, count: count) }
      try await finish(job, part.file, clearance, source, in: there.folder)
    } catch {
      await abandon(part.file, after: error)
      if case .local(let fault) = TransferError(error), fault.call == .rename, fault.code == EEXIST {
        return .conflict(Conflict(source: source, target: FileFacts()))
      }
      throw error
    }
    return try await afterProof(job, proof, of: original, stood: stood)
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
    let facts = target.facts
    switch policy.decide(source: source, target: facts) {
    case .ask: return .stop(.conflict(Conflict(source: source, target: facts)))
    case .skip(let reason): return .stop(.skipped(reason))
    case .overwrite: return .write(isReplacing: true)
    case .rename: return .rename
    case .resume(let offset): return .extend(offset)
    }
  }

  /// The part of an earlier attempt, or a new one.
  private func openPart(
    _ job: Job, _ there: LocalTarget, _ clearance: Clearance, _ source: FileFacts, _ planned: FileFacts
  ) async throws -> OpenPart {
    let name = job.item.partName
    guard let part = there.part, part.kind == .file, part.size >= Resumption.overlap, part.size <= source.size ?? 0
    else { return try await newPart(job, there, clearance) }
    guard planned.isSameFile(as: source) else {
      await job.note(.startsAgain(Resumption.sourceHasChanged))
      return try await newPart(job, there, clearance)
    }
    let digest = try await newDigest(job)
    let file = try await disk.run { files in
      if let digest {
        let beginning = try files.openForReading(name, in: there.folder, following: false)
        try LocalDigest.add(part.size, of: beginning, to: digest, files)
      }
      return try files.openForWriting(name, in: there.folder)
    }
    return OpenPart(
      file: partFile(job, file, in: there.folder, from: part.size, digest), offset: part.size, isNew: false)
  }

  private func newPart(
    _ job: Job, _ there: LocalTarget, _ clearance: Clearance
  ) async throws -> OpenPart {
    let name = job.item.partName
    let target = job.item.target.name
    let digest = try await newDigest(job)
    let (file, offset) = try await disk.run { files -> (OpenFile, Int64) in
      try files.remove(name, in: there.folder)
      let file = try files.create(name, in: there.folder, permissions: 0o600)
      guard case .extend(let offset) = clearance else { return (file, 0) }
      let beginning = try files.openForReading(target, in: there.folder, following: false)
      try LocalCopy.copy(beginning, to: file, count: offset, files)
      if let digest { try LocalDigest.add(offset, of: beginning, to: digest, files) }
      return (file, offset)
    }
    return OpenPart(file: partFile(job, file, in: there.folder, from: offset, digest), offset: offset, isNew: true)
  }

  private func partFile(
    _ job: Job, _ file: OpenFile, in folder: OpenFolder, from offset: Int64, _ digest: ContentDigest?
  ) -> PartFile {
    job.progress.restart(at: offset)
    return PartFile(
      file, name: job.item.partName, in: folder, from: offset, disk: disk, progress: job.progress, digest: digest)
  }

  func finish(
    _ job: Job, _ part: PartFile, _ clearance: Clearance, _ source: FileFacts, in folder: OpenFolder
  ) async throws {
    var completion = PartFile.Completion(
      target: job.item.target.name, expectedLength: source.size, modified: source.modified, isReplacing: false)
    completion.permissions = try await keptPermissions(job)
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
      if try await isTaken(completion.target, job) { continue }
      // Kept first: a process that ends after the rename finds what it made, and makes no second one.
      await job.note(.target(job.item.target.renamed(completion.target)))
      do {
        try await part.finish(completion)
        return
      } catch let fault as LocalFault where fault.call == .rename && fault.code == EEXIST {
        continue
      } catch TransferError.targetIsFolder, TransferError.notAFile {
        continue
      }
    }
    throw TransferError.targetExists(job.item.target.name)
  }

  private func isTaken(_ name: FileName, _ job: Job) async throws -> Bool {
    try await disk.run { files in
      try files.status(of: name, in: LocalFolders.target(job, files), following: false) != nil
    }
  }

  private func abandon(_ part: PartFile, after error: any Error) async {
    switch TransferError(error) {
    case .lengthDiffers, .contentDiffers, .notTheBeginning: return await part.abandon(keeping: false)
    default: break
    }
    await part.abandon(keeping: part.length > 0)
  }
}
