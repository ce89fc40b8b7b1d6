import FTP
import FTPSClient

/// Proofs of downloads and of local copies, beyond their length.
extension JobRunner {
  /// What is made of a file while its bytes come, where more than the length is to be proved: the best digest that the
  /// source's server computes too, else one to compare two readings with.
  ///
  /// - Parameter isWanted: whether one is made in any case.
  func newDigest(_ job: Job, isWanted: Bool = false) async throws -> ContentDigest? {
    guard job.batch.verifies || isWanted else { return nil }
    guard case .remote(let server) = job.batch.source else { return ContentDigest(.sha256) }
    return try await sessions.with(server) { session in
      ContentDigest(memory.digest(on: server, session.features) ?? .sha256)
    }
  }

  /// Proves what has come, before it gets its name.
  ///
  /// - Throws: ``TransferError/lengthDiffers(expected:found:)``, ``TransferError/contentDiffers(_:)``, and whatever
  ///   keeps the question from being answered.
  func prove(_ job: Job, _ part: PartFile, _ source: FileFacts) async throws -> Proof {
    let length = try await part.settled()
    if let expected = source.size, expected != length {
      throw TransferError.lengthDiffers(expected: expected, found: length)
    }
    guard let digest = part.digest else { return source.size == nil ? .acknowledged(length) : .length(length) }
    return try await compare(job, digest, length: length) { files, again in
      let folder = try LocalFolders.target(job, files)
      let file = try files.openForReading(part.name, in: folder, following: false)
      try LocalDigest.add(length, of: file, to: again, files)
    }
  }

  /// Proves what stands at the target already to be the source; nil where it is something else. Of a move, which takes
  /// the source away, more is asked than size and time: who knows whose file it is.
  func proveTarget(_ job: Job, length: Int64) async throws -> Proof? {
    guard let digest = try await newDigest(job, isWanted: job.batch.operation == .move) else { return .length(length) }
    let name = job.item.target.name
    do {
      try await disk.run { files in
        let folder = try LocalFolders.target(job, files)
        let file = try files.openForReading(name, in: folder, following: false)
        try LocalDigest.add(length, of: file, to: digest, files)
      }
      return try await compare(job, digest, length: length) { files, again in
        let file = try files.openForReading(
          job.item.source.name, in: try LocalFolders.source(job, files), following: LocalFolders.followsSource(job))
        try LocalDigest.add(length, of: file, to: again, files)
      }
    } catch TransferError.contentDiffers {
      return nil
    }
  }

  /// Compares a digest of what is here with the source's: the server's own, else that of a second reading.
  ///
  /// - Parameter local: reads what a local copy is compared with.
  private func compare(
    _ job: Job, _ digest: ContentDigest, length: Int64,
    local: @escaping @Sendable (any LocalFiles, ContentDigest) throws -> Void
  ) async throws -> Proof {
    let name = job.item.source.name
    let again = ContentDigest(digest.algorithm)
    switch job.batch.source {
    case .local: try await disk.run { files in try local(files, again) }
    case .remote(let server):
      let path = job.item.source.remote
      let theirs = try await sessions.with(server) { session -> [UInt8]? in
        let theirs = try await Self.digest(of: path, digest, length: length, session, server, memory)
        if theirs == nil { _ = try await session.retrieve(path, from: 0, into: DigestSink(digest: again)) }
        return theirs
      }
      if let theirs {
        guard theirs == digest.value else { throw TransferError.contentDiffers(name) }
        return .hash(digest.algorithm, theirs, bytes: length)
      }
    }
    guard again.count == length, again.value == digest.value else { throw TransferError.contentDiffers(name) }
    return .readBack(length)
  }

  /// The server's digest of a file; nil where it computes none of this kind, or refuses to.
  static func digest(
    of path: RemotePath, _ digest: ContentDigest, length: Int64, _ session: any RemoteFiles, _ server: ServerAddress,
    _ memory: ServerMemory
  ) async throws -> [UInt8]? {
    guard memory.digest(on: server, session.features) == digest.algorithm else { return nil }
    do {
      if let theirs = try await session.digest(of: path, digest.algorithm, size: length) { return theirs }
    } catch let error as FTPSError where error.isPermanentRefusal {
      // Announced, but not for files of this size, or not for this user (mod_digest's limits).
    }
    memory.learnNoDigest(server)
    return nil
  }
}

extension FTPSError {
  /// The server said no for good (5yz) to one command.
  var isPermanentRefusal: Bool {
    if case .refused(_, let reply) = self { reply.isPermanentFailure } else { false }
  }

  /// Whether it is a command of this verb that was refused.
  func isOf(_ verb: String) -> Bool {
    if case .refused(let command, _) = self { command.hasPrefix(verb) } else { false }
  }
}
