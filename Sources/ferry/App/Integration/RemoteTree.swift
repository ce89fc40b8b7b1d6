import FTP
import FTPSClient

/// Folders of a server with everything in them. Links are not followed.
struct RemoteTree {
  let session: FTPSession

  /// Folders nested more deeply than this are given up: a server may make them up without end.
  private static let depthLimit = 100

  func count(_ path: RemotePath, into count: inout TreeCount, depth: Int = 0) async throws {
    guard depth < Self.depthLimit else { return }
    for entry in try await session.linkTellingList(of: path).entries {
      if entry.isDirectory {
        count.folders += 1
        try await self.count(path.appending(entry.name), into: &count, depth: depth + 1)
      } else {
        count.files += 1
        count.add(bytes: entry.size ?? 0)
      }
    }
  }
}
