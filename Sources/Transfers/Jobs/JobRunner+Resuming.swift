import FTP
import FTPSClient

/// Downloads that go on where an earlier attempt ended.
extension JobRunner {
  /// Brings the rest of a file, or all of it.
  ///
  /// - Parameter offset: bytes that are in the part already. The last of them are asked for once more and compared.
  /// - Returns: why nothing was added, and it has to begin again; nil where all came.
  func fetch(_ job: Job, into part: PartFile, from offset: Int64) async throws -> Resumption.Problem? {
    guard offset > 0 else {
      try await receive(job, into: part, from: 0)
      return nil
    }
    if let server = job.batch.source.server, !memory.mayRestart(on: server, at: offset) { return .unableServer }
    let expected = try await stretch(job, part.name, at: max(0, offset - Resumption.overlap), upTo: offset)
    let start = offset - Int64(expected.count)
    let sink = OverlapSink(expected, before: part)
    do {
      try await receive(job, into: sink, from: start)
    } catch let error as LocalFailure where error.underlying is OverlapSink.Mismatch {
    } catch is OverlapSink.Mismatch {
    } catch let error as FTPSError where error.refusesRestart && sink.received.isEmpty {
      if let server = job.batch.source.server, error.isOf("REST") { memory.learnRestartLimit(0, of: server) }
      return .unableServer
    }
    if sink.isProved { return nil }
    return try await diagnose(job, part, start: start, sink.received)
  }

  /// Whether the server sent another stretch of the same file, or another file.
  private func diagnose(
    _ job: Job, _ part: PartFile, start: Int64, _ received: [UInt8]
  ) async throws -> Resumption.Problem {
    guard let server = job.batch.source.server, start > 0, !received.isEmpty else { return .otherContent }
    let limit = try await disk.run { files in
      let file = try files.openForReading(part.name, in: LocalFolders.target(job, files), following: false)
      return try Resumption.limit(start: start) { position in
        try LocalStretch.read(file, at: position, count: received.count, files) == received
      }
    }
    guard let limit else { return .otherContent }
    memory.learnRestartLimit(limit, of: server)
    return .unableServer
  }

  /// Makes sure that the first bytes of a part are those of the file that it is to take the place of.
  ///
  /// - Throws: ``TransferError/notTheBeginning(_:)``
  func expectBeginning(_ job: Job, _ part: PartFile, count: Int64) async throws {
    let name = job.item.target.name
    let isSame = try await disk.run { files in
      let folder = try LocalFolders.target(job, files)
      let target = try files.openForReading(name, in: folder, following: false)
      let beginning = try files.openForReading(part.name, in: folder, following: false)
      guard try files.status(of: target).size == count else { return false }
      return try LocalStretch.isSame(target, beginning, count: count, files)
    }
    if !isSame { throw TransferError.notTheBeginning(name) }
  }

  private func stretch(
    _ job: Job, _ name: FileName, at start: Int64, upTo end: Int64
  ) async throws -> [UInt8] {
    try await disk.run { files in
      let file = try files.openForReading(name, in: LocalFolders.target(job, files), following: false)
      return try LocalStretch.read(file, at: start, count: Int(end - start), files)
    }
  }

  private func receive(_ job: Job, into sink: some ByteSink, from offset: Int64) async throws {
    switch job.batch.source {
    case .local:
      let source = try await openSource(job)
      let bytes = FileSource(source.file, status: source.status, from: offset, disk: disk)
      try await LocalCopy.pump(bytes, into: sink, named: job.item.source.name)
    case .remote(let server):
      let path = job.item.source.remote
      _ = try await sessions.with(server) { try await $0.retrieve(path, from: offset, into: sink) }
    }
  }
}

extension FTPSError {
  /// Whether a server refuses to begin in the middle of a file. RETR may be refused for the file's own sake (550, 450),
  /// which says nothing of that, and takes nothing away from what is here already.
  var refusesRestart: Bool {
    guard case .refused(_, let reply) = self, reply.isPermanentFailure else { return false }
    return isOf("REST") || isOf("RETR") && [501, 504, 551, 554].contains(reply.code)
  }
}
