package import FTP

/// What the content of both sides of a conflict was found to be.
package struct ContentComparison: Hashable, Sendable {
  package let algorithm: HashAlgorithm
  /// Digests; the source's and the target's.
  package let source: [UInt8]
  package let target: [UInt8]

  package var isSame: Bool { source == target }
}

extension JobRunner {
  /// Compares what an item would bring with what stands at its target, byte for byte, by digests. Servers compute theirs
  /// where they can; else the file is read, and nothing of it is kept.
  func compare(_ item: TransferItem, in batch: TransferBatch) async throws -> ContentComparison {
    let job = Job(item: item, batch: batch, progress: ByteProgress()) { _ in }
    let algorithm = try await algorithm(for: batch)
    async let source = digest(of: item.source, on: batch.source, algorithm) { files in
      let folder = try LocalFolders.source(job, files)
      return try files.openForReading(item.source.name, in: folder, following: LocalFolders.followsSource(job))
    }
    async let target = digest(of: item.target, on: batch.target, algorithm) { files in
      try files.openForReading(item.target.name, in: try LocalFolders.target(job, files), following: false)
    }
    return try await ContentComparison(algorithm: algorithm, source: source, target: target)
  }

  /// The best one that the batch's server computes by itself.
  private func algorithm(for batch: TransferBatch) async throws -> HashAlgorithm {
    guard let server = batch.server?.server else { return .sha256 }
    return try await sessions.with(server) { session in memory.digest(on: server, session.features) ?? .sha256 }
  }

  private func digest(
    of path: ItemPath, on place: Place, _ algorithm: HashAlgorithm,
    open: @escaping @Sendable (any LocalFiles) throws -> OpenFile
  ) async throws -> [UInt8] {
    let digest = ContentDigest(algorithm)
    switch place {
    case .local:
      try await disk.run { files in
        let file = try open(files)
        try LocalDigest.add(try files.status(of: file).size, of: file, to: digest, files)
      }
    case .remote(let server):
      let theirs = try await sessions.with(server) { session -> [UInt8]? in
        let size = try await session.status(of: path.remote)?.size ?? 0
        let theirs = try await Self.digest(of: path.remote, digest, length: size, session, server, memory)
        if theirs == nil { _ = try await session.retrieve(path.remote, from: 0, into: DigestSink(digest: digest)) }
        return theirs
      }
      if let theirs { return theirs }
    }
    return digest.value
  }
}
