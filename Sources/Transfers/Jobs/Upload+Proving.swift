import FTP
import FTPSClient

/// Proofs that what was sent is over there.
extension Upload {
  /// The digest of the first bytes of the source, to which the rest is added as it goes out; nil where the length is
  /// enough.
  ///
  /// - Parameter isWanted: whether one is made in any case.
  func newDigest(of count: Int64, isWanted: Bool = false) async throws -> ContentDigest? {
    guard job.batch.verifies || isWanted else { return nil }
    let digest = ContentDigest(memory.digest(on: server, session.features) ?? .sha256)
    if count > 0 { try await source.add(count, to: digest) }
    return digest
  }

  /// Proves that a file on the server is the source.
  ///
  /// - Parameter digest: of all of the source; nil where the length is enough.
  /// - Throws: ``TransferError/lengthDiffers(expected:found:)``, ``TransferError/contentDiffers(_:)``.
  func prove(_ path: RemotePath, _ digest: ContentDigest?) async throws -> Proof {
    let isLengthKnown = try await hasRightLength(path)
    guard let digest else { return isLengthKnown ? .length(size) : .acknowledged(size) }
    try await source.confirm(digest)
    if let theirs = try await JobRunner.digest(of: path, digest, length: size, session, server, memory) {
      guard theirs == digest.value else { throw TransferError.contentDiffers(job.item.source.name) }
      return .hash(digest.algorithm, theirs, bytes: size)
    }
    let again = ContentDigest(digest.algorithm)
    _ = try await session.retrieve(path, from: 0, into: DigestSink(digest: again))
    guard again.count == size, again.value == digest.value else {
      throw TransferError.contentDiffers(job.item.source.name)
    }
    return .readBack(size)
  }

  /// Proves what was sent; what the servers have exchanged by their own digests, where more than the length is asked for.
  func prove(_ path: RemotePath, _ sent: Sent) async throws -> Proof {
    guard sent.isBetweenServers, job.batch.verifies, let fxp else { return try await prove(path, sent.digest) }
    if let proof = try await proveBetweenServers(path, fxp) { return proof }
    return try await prove(path, try await newDigest(of: size))
  }

  /// Proves what stands at the target already to be the source; nil where it is something else. Of a move, which takes
  /// the source away, more is asked than size and time: who knows whose file it is.
  ///
  /// - Parameter byContent: whether to compare the content in any case.
  func proveTarget(byContent: Bool = false) async throws -> Proof? {
    guard let digest = try await newDigest(of: size, isWanted: byContent || job.batch.operation == .move) else {
      return .length(size)
    }
    do { return try await prove(job.item.target.remote, digest) } catch TransferError.contentDiffers { return nil }
  }

  /// False where the server cannot tell.
  private func hasRightLength(_ path: RemotePath) async throws -> Bool {
    if session.features.size {
      do { return try check(try await session.size(of: path)) } catch let error as FTPSError
        where error.isPermanentRefusal
      {
        // Of a folder that may only be written to, sizes are not told either; others may tell them in another way.
      }
    }
    if session.features.mlst != nil, let there = try await session.status(of: path)?.size { return try check(there) }
    guard let listed = try await listedSize(path) else { return false }
    // Some old systems list blocks, of which the last one is not full.
    if listed > size, listed - size < 32 << 10, listed % 512 == 0 { return false }
    return try check(listed)
  }

  private func check(_ there: Int64) throws -> Bool {
    guard there == size else { throw TransferError.lengthDiffers(expected: size, found: there) }
    return true
  }

  private func listedSize(_ path: RemotePath) async throws -> Int64? {
    guard let folder = path.parent, let name = path.name else { return nil }
    do {
      let list = try await session.list(folder)
      if let entry = list.entries.first(where: { $0.name == name }) { return entry.size }
      // What was sent under its own name has been taken away; hidden names are not in every list.
      return list.isWhole && name.bytes.first != UInt8(ascii: ".") ? 0 : nil
    } catch let error as FTPSError where error.isPermanentRefusal {
      return nil
    }
  }
}
