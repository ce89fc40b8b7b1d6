import FTP
import FTPSClient

/// A file of a server, to be sent to another one, or to another place of the same one.
struct RemoteSource: UploadSource {
  let path: RemotePath
  let name: FileName
  let facts: FileFacts
  let size: Int64
  /// Its own: the upload has another one.
  let session: any RemoteFiles
  let server: ServerAddress
  let memory: ServerMemory

  func canBegin(at offset: Int64) -> Bool { memory.mayRestart(on: server, at: offset) }

  func withBytes<Value: Sendable>(
    from offset: Int64, _ progress: ByteProgress, _ digest: ContentDigest?,
    _ body: @Sendable (any ByteSource) async throws -> Value
  ) async throws -> Value {
    let relay = Relay(progress: progress, digest: digest)
    async let fetching: Void = fetch(from: offset, into: relay)
    do {
      let value = try await body(relay)
      await fetching
      return value
    } catch {
      // The download ends in step with its server, however the upload has failed.
      relay.abandon()
      await fetching
      throw error
    }
  }

  /// Brings all that is behind an offset, and its end only once the server has confirmed it.
  private func fetch(from offset: Int64, into relay: Relay) async {
    do {
      let report = try await session.retrieve(path, from: offset, into: relay)
      let end = offset + report.bytes
      relay.finish(end == size ? nil : TransferError.lengthDiffers(expected: size, found: end))
    } catch {
      relay.finish(error)
    }
  }

  func stretch(from start: Int64, upTo end: Int64) async throws -> [UInt8] {
    let sink = StretchSink(Int(end - start))
    do {
      _ = try await session.retrieve(path, from: start, into: sink)
    } catch let error as LocalFailure where error.underlying is StretchSink.Enough {
    } catch let error as FTPSError where start > 0 && error.isPermanentRefusal {
      if error.isOf("REST") { memory.learnRestartLimit(0, of: server) }
      return []
    }
    return sink.bytes
  }

  func add(_ count: Int64, to digest: ContentDigest) async throws {
    if count == 0 { return }
    let sink = DigestSink(digest: digest, limit: count)
    do {
      _ = try await session.retrieve(path, from: 0, into: sink)
    } catch let error as LocalFailure where error.underlying is DigestSink.Enough {}
  }

  func isUnchanged() async throws -> Bool {
    guard let now = try await session.status(of: path) else { throw TransferError.sourceMissing(name) }
    guard let size = now.size else { return true }
    if size != self.size { return false }
    guard let before = facts.modified, let modified = now.modified, modified.isUTC == before.isUTC else { return true }
    return before.agrees(with: modified)
  }

  func confirm(_ digest: ContentDigest) async throws {
    let theirs = try await JobRunner.digest(of: path, digest, length: size, session, server, memory)
    if let theirs {
      guard theirs == digest.value else { throw TransferError.contentDiffers(name) }
      return
    }
    let again = ContentDigest(digest.algorithm)
    try await add(size, to: again)
    guard again.count == size, again.value == digest.value else { throw TransferError.contentDiffers(name) }
  }
}
