import FTP
import FTPSClient

/// Downloads of one file over several sessions.
extension JobRunner {
  /// Brings a large file in segments.
  ///
  /// - Returns: nil where it is not to be divided, or the server cannot do it: then one session brings it, and nothing is
  ///   left that would be in its way.
  func downloadInSegments(
    _ job: Job, _ there: LocalTarget, _ clearance: Clearance, _ source: FileFacts, _ planned: FileFacts
  ) async throws -> Proof? {
    guard case .remote(let server) = job.batch.source, let size = source.size, source.modified?.isUTC == true else {
      return nil
    }
    if case .extend = clearance { return nil }
    guard memory.mayRestart(on: server, at: size - 1),
      let (part, isNew) = try await openSegments(job, there, source, isAsPlanned: planned.isSameFile(as: source))
    else { return nil }
    do {
      await sessions.warm(server, upTo: segmentation.sessions)
      if isNew { try await part.record() }
      try await fetch(part, job, server, source, isNew: isNew)
      try await expectUnchanged(job, source)
      guard try await part.isSeamless() else { throw SegmentProblem.otherContent }
      let whole = try await part.whole(try await newDigest(job))
      let proof = try await prove(job, whole, source)
      try await finish(job, whole, clearance, source, in: there.folder)
      return proof
    } catch let problem as SegmentProblem {
      if problem == .noRestart {
        memory.learnRestartLimit(0, of: server)
      } else {
        await job.note(.startsAgain(problem.text))
      }
      await part.remove()
      return nil
    } catch {
      await abandon(part, after: error)
      throw error
    }
  }

  /// The segments of an earlier attempt, or new ones; nil where one session is enough, or has begun already.
  private func openSegments(
    _ job: Job, _ there: LocalTarget, _ source: FileFacts, isAsPlanned: Bool
  ) async throws -> (SegmentedPart, isNew: Bool)? {
    let name = job.item.partName
    let size = source.size ?? 0
    let segmentation = segmentation
    let isOfOneSession =
      there.part.map { $0.kind == .file && $0.size >= Resumption.overlap && $0.size <= size } ?? false
    if isOfOneSession { return nil }
    let hasRecord = there.part?.size == size + SegmentRecord.length
    if hasRecord, !isAsPlanned { await job.note(.startsAgain(Resumption.sourceHasChanged)) }
    let opened = try await disk.run { files -> (SegmentPlan, OpenFile, OpenFile, isNew: Bool)? in
      if hasRecord, isAsPlanned {
        let readable = try files.openForReading(name, in: there.folder, following: false)
        let record = try LocalStretch.read(readable, at: size, count: Int(SegmentRecord.length), files)
        if let plan = SegmentRecord.plan(record, size: size, smallest: segmentation.smallest) {
          return (plan, try files.openForWriting(name, in: there.folder), readable, false)
        }
      }
      guard segmentation.divides(size) else { return nil }
      try files.remove(name, in: there.folder)
      let file = try files.create(name, in: there.folder, permissions: 0o600)
      let readable = try files.openForReading(name, in: there.folder, following: false)
      let plan = SegmentPlan(size: size, count: segmentation.sessions, smallest: segmentation.smallest)
      return (plan, file, readable, true)
    }
    guard let (plan, file, readable, isNew) = opened else { return nil }
    let part = SegmentedPart(
      plan, file, readable: readable, name: name, in: there.folder, disk: disk, progress: job.progress)
    return (part, isNew)
  }

  /// Sees whether the server begins where it is asked to, and not at the start, or at an offset that has wrapped: asked
  /// for the end of a file, it has to send just that.
  private func expectRestart(anywhereIn part: SegmentedPart, _ job: Job, _ server: ServerAddress) async throws {
    let size = part.plan.size
    let count = min(Resumption.overlap, size)
    let path = job.item.source.remote
    let end = StretchSink(Int(count))
    do {
      try await sessions.with(server) { session in _ = try await session.retrieve(path, from: size - count, into: end) }
    } catch let error as LocalFailure where error.underlying is StretchSink.Enough {
      throw SegmentProblem.noRestart
    } catch let error as FTPSError where error.refusesRestart {
      throw SegmentProblem.noRestart
    }
    guard end.bytes.count == Int(count) else { throw TransferError.sourceChanged(job.item.source.name) }
    part.add(seam: end.bytes, at: size - count)
  }

  // MARK: Sessions

  /// - Parameter isNew: nothing is known yet of how the server begins in the middle. The last session finds that out,
  ///   while the others have begun: far away it takes as long as some megabytes do.
  private func fetch(
    _ part: SegmentedPart, _ job: Job, _ server: ServerAddress, _ source: FileFacts, isNew: Bool
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...segmentation.sessions {
        group.addTask {
          try await work(on: part, job, server, source, asksFirst: isNew && number == segmentation.sessions)
        }
      }
      // What ends one of them for good ends all.
      for try await _ in group {}
    }
    if !part.plan.isFetched { throw part.failure ?? TransferError.cancelled }
  }

  /// What one session does: one segment after another.
  ///
  /// A server that does not let it in, or drops it twice, has enough of sessions; the others go on without it.
  /// - Parameter asksFirst: it sees at first how the server begins in the middle. Where it gives that up, the seams of the
  ///   segments show whether the others got what they asked for.
  private func work(
    on part: SegmentedPart, _ job: Job, _ server: ServerAddress, _ source: FileFacts, asksFirst: Bool
  ) async throws {
    var (failures, isToAsk) = (0, asksFirst)
    // What is known of the source has just been asked when the first segment begins.
    var isFresh = true
    while true {
      let before = part.plan.writtenBytes
      do {
        if isToAsk { try await expectRestart(anywhereIn: part, job, server) }
        isToAsk = false
        let isOver = try await sessions.with(server) { [isFresh] session in
          guard let id = part.take() else { return true }
          try await fetch(id, of: part, job, session, isFresh ? nil : source)
          return false
        }
        if isOver { return }
        failures = 0
        isFresh = false
      } catch {
        switch FailureClass(TransferError(error)) {
        case .retryItem, .retryServer: break
        case .cancelled, .retryJournal, .ask, .full, .final: throw error
        }
        if error is SegmentProblem || (error as? TransferError)?.endsAll == true { throw error }
        failures = part.plan.writtenBytes > before ? 1 : failures + 1
        if failures > 1 { return part.gaveUp(error) }
        isFresh = false
      }
    }
  }

  /// - Parameter source: what the source still has to be; nil where that is known.
  private func fetch(
    _ id: Int, of part: SegmentedPart, _ job: Job, _ session: any RemoteFiles, _ source: FileFacts?
  ) async throws {
    let path = job.item.source.remote
    let segment = part.plan[id]
    var file: PartFile?
    do {
      if let source { try await expect(source, of: job, session) }
      let expected = try await part.overlap(before: segment.written, from: segment.start)
      let own = PartFile(
        part.file, name: part.name, in: part.folder, from: segment.written, disk: disk, limit: 1 << 20,
        progress: part.progress)
      file = own
      let sink = SegmentSink(expected, segment: id, of: part, to: own)
      do {
        _ = try await session.retrieve(path, from: segment.written - Int64(expected.count), into: sink)
      } catch let error as LocalFailure {
        if let problem = error.underlying as? SegmentProblem { throw problem }
        guard error.underlying is SegmentSink.Enough else { throw error }
      } catch FTPSError.refused(let command, let reply) where command.hasPrefix("REST") && reply.isPermanentFailure {
        throw SegmentProblem.noRestart
      }
      let written = try await own.settled()
      part.wrote(id, upTo: written)
      let end = part.plan[id].end
      let size = part.plan.size
      guard written == end, sink.following.count == Int(min(Resumption.overlap, size - end)) else {
        throw TransferError.lengthDiffers(expected: size, found: written + Int64(sink.following.count))
      }
      part.fetched(id, following: sink.following)
    } catch {
      if let file {
        _ = try? await file.settled()
        part.wrote(id, upTo: file.length)
      }
      part.released(id)
      throw error
    }
  }

  private func expect(_ source: FileFacts, of job: Job, _ session: any RemoteFiles) async throws {
    let name = job.item.source.name
    guard let there = try await session.status(of: job.item.source.remote) else {
      throw TransferError.sourceMissing(name)
    }
    let now = FileFacts(size: there.size, modified: there.modified, identity: there.unique)
    guard now.isSameFile(as: source) else { throw TransferError.sourceChanged(name) }
  }

  private func abandon(_ part: SegmentedPart, after error: any Error) async {
    switch TransferError(error) {
    case .lengthDiffers, .contentDiffers, .sourceChanged: return await part.remove()
    default: break
    }
    if part.plan.writtenBytes == 0 { return await part.remove() }
    // Where that fails the record before it still holds: it says less than is there.
    try? await part.record()
  }
}

extension TransferError {
  /// What one session has found out holds for all.
  fileprivate var endsAll: Bool {
    switch self {
    case .lengthDiffers, .sourceChanged, .sourceMissing: true
    default: false
    }
  }
}
