import FTP
import FTPSClient
import Synchronization

extension FTPSession {
  /// All entries of a folder at once.
  ///
  /// - Throws: `FTPSError`, and ``ItemProblem`` for a list that was cut off.
  func wholeList(of path: RemotePath) async throws -> [ListingEntry] {
    let collected = Collected()
    let summary = try await list(path, now: .now) { collected.append($0) }
    if summary.isTruncated { throw ItemProblem("The server's list of \(SafeText.escape(path.bytes)) is not complete.") }
    return collected.entries
  }
}

/// Gathers a listing that arrives on a session's event loop.
private final class Collected: Sendable {
  private let list = Mutex<[ListingEntry]>([])
  var entries: [ListingEntry] { list.withLock { $0 } }
  func append(_ more: [ListingEntry]) { list.withLock { $0 += more } }
}
