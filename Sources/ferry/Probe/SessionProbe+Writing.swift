import FTP
import FTPSClient
import NIOCore
import Synchronization
import TLS

/// The checks that write a file, which is removed again.
extension SessionProbe {
  private static let size = 4096
  private static let half = 1024
  private static let time = Timestamp(seconds: 1_234_567_890)
  private static let content: [UInt8] = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

  /// Uploads a file in two parts, reads it back, and has its time set and its hash computed.
  func writeTrial() async throws -> Bool {
    var hasFailed = try await attempt(.restart) {
      let content = Self.content
      _ = try await session.store(trial, source: Bits(content[..<Self.half]))
      do {
        _ = try await session.store(trial, from: Int64(Self.half), source: Bits(content[Self.half...]))
      } catch let error as FTPSError {
        guard case .refused(_, let reply) = error else { throw error }
        return ProbeStep(
          .restart, .warn, "REST before STOR: \(reply.summary)", "Uploads that break off begin anew on this server.")
      }
      let sink = Kept()
      _ = try await session.retrieve(trial, from: 1, into: sink)
      guard sink.bytes == Array(content[1...]) else {
        return ProbeStep(
          .restart, .fail, "a file sent in two parts comes back different",
          "Do not resume transfers with this server: it takes REST, and does not do what it says.")
      }
      return ProbeStep(.restart, .ok, "REST before STOR and RETR: a file sent in two parts came back whole")
    }
    hasFailed = try await attempt(.hash) { try await hashTrial() } || hasFailed
    hasFailed = try await attempt(.fileTime) { try await timeTrial() } || hasFailed
    return hasFailed
  }

  private func hashTrial() async throws -> ProbeStep {
    guard !hashNames.isEmpty else {
      return ProbeStep(.hash, .note, "none offered: files are proved by their length, or read back")
    }
    let usesHash = features.hashes.contains(.sha256)
    let offered = "offered: " + hashNames.joined(separator: ", ")
    guard usesHash || features.checksums.contains(.sha256) else { return ProbeStep(.hash, .ok, offered) }
    if usesHash { _ = try await session.ask(.opts(.hash(.sha256))) }
    let reply = try await session.ask(usesHash ? .hash(trial) : .checksum(.sha256, trial))
    let whole = try await session.size(of: trial) == Int64(Self.size)
    let wanted = Fingerprint(of: whole ? Self.content : Array(Self.content[..<Self.half])).bytes
      .hexadecimal
    let isRight = reply.isCompletion && reply.text.lowercased().contains(wanted)
    return isRight
      ? ProbeStep(.hash, .ok, "\(offered); SHA-256 is right")
      : ProbeStep(.hash, .fail, "SHA-256: \(reply.summary)", "Do not rely on this server's hashes.")
  }

  private func timeTrial() async throws -> ProbeStep {
    guard try await session.setModificationTime(Self.time, of: trial) else {
      return ProbeStep(.fileTime, .warn, "times cannot be set", "Uploads get the time of their arrival.")
    }
    let way = features.mfmt ? "MFMT" : "MDTM with a time"
    let told = try await session.modificationTime(of: trial)
    return told == Self.time
      ? ProbeStep(.fileTime, .ok, "\(way): the time that was set is the time that is told")
      : ProbeStep(
        .fileTime, .warn, "\(way): set to \(Self.time.minuteText), told as \(told.minuteText)",
        "The server's clock or zone is set wrongly.")
  }

  /// Removes what was written, with a new session if the first is lost.
  ///
  /// - Returns: whether something may be left.
  func leaveNothing(_ engine: Engine, _ configuration: SessionConfiguration) async -> Bool {
    do {
      if await session.isUsable {
        try await remove(with: session)
      } else {
        let other = try await engine.sessions.open(configuration)
        try await remove(with: other)
        await other.quit()
      }
      tell(ProbeStep(.cleanUp, .ok, "the trial file is gone"))
      return false
    } catch {
      let name = SafeText.escape(trial.bytes)
      tell(ProbeStep(.cleanUp, .fail, "\(name) may be left on the server: \(error)", "Delete it by hand."))
      return true
    }
  }

  private func remove(with session: FTPSession) async throws {
    if try await session.status(of: trial) != nil { try await session.delete(trial) }
  }
}

/// A source of a few bytes.
private final class Bits: ByteSource {
  private let rest: Mutex<[UInt8]>
  init(_ bytes: ArraySlice<UInt8>) { rest = Mutex(Array(bytes)) }

  func read(upTo count: Int) async throws -> ByteBuffer? {
    rest.withLock { rest in
      let part = rest.prefix(count)
      rest.removeFirst(part.count)
      return part.isEmpty ? nil : ByteBuffer(bytes: part)
    }
  }
}

/// Keeps what is downloaded.
private final class Kept: ByteSink {
  private let all = Mutex<[UInt8]>([])
  var bytes: [UInt8] { all.withLock { $0 } }
  func write(_ bytes: ByteBuffer) async throws { all.withLock { $0 += bytes.readableBytesView } }
}
