package import FTP

extension FTPSession {
  /// Bytes a second at which a server is trusted to read its own disk, when its answer is waited for.
  private static let slowestReading: Int64 = 4 << 20

  /// The server's digest of a file: with `HASH` where the algorithm is among those that it offers
  /// (draft-bryan-ftpext-hash), else with the older command for this digest alone.
  ///
  /// - Parameters:
  ///   - algorithm: one of `Features.digests`.
  ///   - size: bytes of the file, which the server has to read before it answers: it gets more time for more of them.
  /// - Returns: nil where the answer holds no such digest.
  /// - Throws: ``FTPSError/refused(command:_:)`` where the server does not do so after all.
  package func digest(of path: RemotePath, _ algorithm: HashAlgorithm, size: Int64) async throws -> [UInt8]? {
    try await operation {
      let command = try await digestCommand(algorithm, path)
      let limit = configuration.timeouts.reply + .seconds(size / Self.slowestReading)
      let reply = try await control.exchange(command, within: limit)
      guard reply.isCompletion else { throw refusal(of: command.logged, reply) }
      return try? FileReply.digest(algorithm, in: reply)
    }
  }

  private func digestCommand(_ algorithm: HashAlgorithm, _ path: RemotePath) async throws -> Command {
    guard facts.features.hashes.contains(algorithm) else {
      return algorithm == .sha1 && facts.features.hasXSHAOnly ? .xsha(path) : .checksum(algorithm, path)
    }
    if selectedHash ?? facts.features.selectedHash != algorithm {
      _ = try await require(.opts(.hash(algorithm)))
      selectedHash = algorithm
    }
    return .hash(path)
  }
}
