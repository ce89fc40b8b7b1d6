import FTP
import FTPSClient
import Glibc
import SystemPackage

/// Servers' files, through the sessions that browsing has in each server's pool.
struct RemotePanes: PaneService {
  let sessions: SessionDirectory

  func list(_ folder: Place, onRows: @escaping @Sendable (RowUpdate) -> Void) async throws -> ListingFacts {
    let (server, path) = Self.parts(folder)
    let batches = RowBatches { onRows(.rows($0)) }
    let (summary, link) = try await session(server) { session in
      let summary = try await session.list(path, now: Timestamp(seconds: Int64(time(nil)))) { entries in
        batches.add(entries.map(Entry.init))
      }
      return (summary, LinkFacts(session.facts, isDataResumed: await session.dataWasResumed))
    }
    batches.finish()
    return ListingFacts(link: link, notice: Self.notice(summary))
  }

  func makeFolder(_ folder: Place) async throws {
    let (server, path) = Self.parts(folder)
    try await session(server) { try await $0.makeDirectory(path) }
  }

  /// Servers replace what has the name already, so it is looked for first.
  func rename(_ place: Place, to other: Place) async throws {
    let (server, old) = Self.parts(place)
    let (_, new) = Self.parts(other)
    try await session(server) { session in
      if let there = try await session.status(of: new) {
        throw Complaint("There is a “\(SafeText.escape(there.name.bytes))” on the server already. Choose another name.")
      }
      try await session.rename(old, to: new)
    }
  }

  func count(_ folders: [Entry], in folder: Place) async throws -> TreeCount {
    let (server, path) = Self.parts(folder)
    return try await session(server) { session in
      var count = TreeCount()
      for entry in folders {
        try await RemoteTree(session: session).count(path.appending(entry.name), into: &count)
      }
      return count
    }
  }

  func delete(_ entries: [Entry], in folder: Place) async throws {
    let (server, path) = Self.parts(folder)
    try await session(server) { session in
      for entry in entries { try await session.delete(path.appending(entry.name)) }
    }
  }

  func read(_ file: Place, offset: Int64, count: Int) async throws -> FileChunk {
    let (server, path) = Self.parts(file)
    let sink = LimitedSink(limit: count)
    return try await session(server) { session in
      do {
        _ = try await session.retrieve(path, from: offset, into: sink)
      } catch  where sink.isFull {
        // It had enough and ended the transfer itself.
        return FileChunk(offset: offset, bytes: sink.bytes, isLast: false)
      }
      return FileChunk(offset: offset, bytes: sink.bytes, isLast: true)
    }
  }

  func fetch(_ file: Place, into path: FilePath) async throws -> FileStamp? {
    let (server, remote) = Self.parts(file)
    let sink = try CopySink(path)
    return try await session(server) { session in
      // Looked at before, so that what changes meanwhile is taken for a change.
      let entry = try await session.status(of: remote)
      _ = try await session.retrieve(remote, into: sink)
      return entry.map { FileStamp(modified: $0.modified, size: $0.size, identity: $0.unique) }
    }
  }

  // MARK: Sessions

  /// Runs something on a session; what failed on the near side is told as what it is.
  private func session<Value: Sendable>(
    _ server: ServerAddress, _ body: @escaping @Sendable (FTPSession) async throws -> Value
  ) async throws -> Value {
    do {
      // It may have been renewed, and its passphrase be asked for again.
      do { try await sessions.prepareIdentity(for: server) } catch is CancellationError where !Task.isCancelled {
        throw Complaint("No passphrase was given for the client certificate. F2 connects again.")
      }
      return try await sessions.pool(anyway: server).withSession(for: .browsing, body)
    } catch let failure as LocalFailure {
      throw failure.underlying
    } catch FTPSError.cancelled {
      throw CancellationError()
    }
  }

  private static func parts(_ place: Place) -> (ServerAddress, RemotePath) {
    guard case .remote(let server, let path) = place else { preconditionFailure("not a place on a server") }
    return (server, path)
  }

  private static func notice(_ summary: ListingSummary) -> String? {
    if summary.isTruncated { return "the server's list is too long: not all is shown" }
    return summary.unparsed == 0 ? nil : Count.of(summary.unparsed, "line", "lines") + " not understood"
  }
}
