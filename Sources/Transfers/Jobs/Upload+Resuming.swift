import FTP
import FTPSClient

/// Uploads that go on where an earlier attempt ended.
extension Upload {
  /// What an earlier attempt left of this file on the server, proved to be its beginning: bytes; 0 for nothing.
  ///
  /// How much is there is asked, never remembered. What is of no use is removed, as a session of that attempt may have a
  /// lock on it: when a process was killed before its data connection was there, vsftpd waits a minute for that one
  /// (`accept_timeout`), and all others for the lock. A new file is free of it.
  func beginning(at path: RemotePath) async throws -> Int64 {
    guard mayGoOn || job.item.hasStarted else { return 0 }
    if mayGoOn {
      let there = try await lengthThere(path)
      if let there, (Resumption.overlap...max(size, Resumption.overlap)) ~= there, there <= size,
        try await isBeginning(path, there)
      {
        return there
      }
      if there == nil, session.features.size || session.features.mlst != nil { return 0 }
    }
    await discardTemporary()
    return 0
  }

  /// Whether the first bytes of the source are what is there: the last 64 KiB of them are read back, or all of them
  /// compared by a digest where the server does not let them be read.
  func isBeginning(_ path: RemotePath, _ there: Int64) async throws -> Bool {
    let start = max(0, there - Resumption.overlap)
    guard source.canBegin(at: there) else { return false }
    if memory.mayRestart(on: server, at: start) {
      do {
        let stretch = try await readBack(path, from: start, count: Int(there - start))
        if stretch.bytes == (try await source.stretch(from: start, upTo: there)), !stretch.isMore { return true }
        // More than was there: the server began somewhere else.
        if !stretch.isMore || start == 0 { return false }
        memory.learnRestartLimit(0, of: server)
      } catch let error as FTPSError where error.isPermanentRefusal {
        // Folders that may only be written to are common.
      }
    }
    guard let algorithm = memory.digest(on: server, session.features) else { return false }
    let digest = ContentDigest(algorithm)
    try await source.add(there, to: digest)
    let theirs = try await JobRunner.digest(of: path, digest, length: there, session, server, memory)
    return theirs == digest.value
  }

  /// Adds the rest behind what is there.
  ///
  /// - Returns: the digest, as ``send(to:from:)``; nil in it where the server could not do it and nothing of use is
  ///   there any more.
  func sendRest(to path: RemotePath, from offset: Int64) async throws -> Sent? {
    if !memory.refusesRestart(server) {
      do {
        let sent = try await sendOnce(to: path, from: offset, appending: false)
        memory.forgetDoubts(of: server)
        if try await isSeamless(path, at: offset) { return sent }
        // Filled with zeros up to the offset, or begun somewhere else.
        memory.learnRefusedRestart(server)
        return nil
      } catch let error as FTPSError where job.progress.bytes == offset {
        guard error.refusesOffset ?? memory.isSecondDoubt(of: server, appending: false) else { throw error }
        memory.learnRefusedRestart(server)
      }
    }
    // What is there is asked once more: APPE adds to whatever that is.
    guard !memory.refusesAppending(server), try await lengthThere(path) == offset else { return nil }
    do {
      let sent = try await sendOnce(to: path, from: offset, appending: true)
      memory.forgetDoubts(of: server)
      if try await lengthThere(path) == size { return sent }
    } catch let error as FTPSError where job.progress.bytes == offset {
      guard error.refusesOffset ?? memory.isSecondDoubt(of: server, appending: true) else { throw error }
    }
    memory.learnRefusedAppending(server)
    return nil
  }

  /// Whether a resumed upload has the right length and both sides of the seam, as far as they can be read: asked of a
  /// server until it has shown once that it does this right.
  private func isSeamless(_ path: RemotePath, at offset: Int64) async throws -> Bool {
    if let there = try await lengthThere(path), there != size { return false }
    if memory.restartIsProved(server) { return true }
    let (start, end) = (max(0, offset - Resumption.overlap), min(size, offset + Resumption.overlap))
    guard memory.mayRestart(on: server, at: start) else { return true }
    do {
      let stretch = try await readBack(path, from: start, count: Int(end - start))
      guard stretch.bytes == (try await source.stretch(from: start, upTo: end)) else { return false }
      memory.learnRestartProved(server)
    } catch let error as FTPSError where error.isPermanentRefusal {
      return true
    }
    return true
  }

  private func readBack(
    _ path: RemotePath, from start: Int64, count: Int
  ) async throws -> (bytes: [UInt8], isMore: Bool) {
    let sink = StretchSink(count)
    do {
      _ = try await session.retrieve(path, from: start, into: sink)
    } catch let error as LocalFailure where error.underlying is StretchSink.Enough {}
    return (sink.bytes, sink.isMore)
  }

  /// The length of a file on the server; nil where there is none, or it cannot be told.
  private func lengthThere(_ path: RemotePath) async throws -> Int64? {
    do {
      if session.features.size { return try await session.size(of: path) }
      return session.features.mlst != nil ? try await session.status(of: path)?.size : nil
    } catch let error as FTPSError where error.isPermanentRefusal {
      return nil
    }
  }
}

extension FTPSError {
  /// Before a byte has moved: the server does not begin in the middle of a file. Whatever else it refuses an upload for,
  /// a full disk, a data connection that did not come or has broken, says nothing of that. Nil where it may be that, or
  /// may not.
  fileprivate var refusesOffset: Bool? {
    guard case .refused(_, let reply) = self, !saysInUse else { return false }
    switch reply.code {
    case 500...504, 550, 554: return true
    // "Append/Restart not permitted" says ProFTPD, where its AllowStoreRestart is off, to STOR after REST, and to APPE;
    // others mean that they have too much to do, or some fault of theirs.
    case 451: return ["restart", "append", "resum"].contains { replyWords.contains($0) } ? true : nil
    default: return false
    }
  }
}
