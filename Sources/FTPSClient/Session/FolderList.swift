package import FTP
import Synchronization

/// A folder's list, all of it at once.
package struct FolderList: Sendable {
  package var entries: [ListingEntry]
  package var summary: ListingSummary

  package init(_ entries: [ListingEntry], _ summary: ListingSummary = ListingSummary()) {
    self.entries = entries
    self.summary = summary
  }

  /// Whether what is not in it is not in the folder: nothing was cut off, and every line was understood.
  package var isWhole: Bool { !summary.isTruncated && summary.unparsed == 0 }
}

extension FTPSession {
  /// Lists a folder, and gives its entries when all have come.
  ///
  /// - Throws: as ``list(_:now:isFollowed:onEntries:)``.
  package func wholeList(of folder: RemotePath, isFollowed: Bool = false) async throws -> FolderList {
    let gathered = Gathered()
    let summary = try await list(folder, now: .now, isFollowed: isFollowed) { gathered.add($0) }
    return FolderList(gathered.all, summary)
  }

  /// The same by `LIST`; nil where the server does not know that command, and `MLSD` has been used so far.
  package func plainList(of folder: RemotePath) async throws -> FolderList? {
    let gathered = Gathered()
    do {
      let summary = try await listPlainly(folder, now: .now, isFollowed: true) { gathered.add($0) }
      return FolderList(gathered.all, summary)
    } catch FTPSError.refused(let command, let reply) where command.hasPrefix("LIST") && reply.meansUnknownCommand {
      return nil
    }
  }
}

/// Entries as they arrive on the session's event loop.
private final class Gathered: Sendable {
  private let entries = Mutex<[ListingEntry]>([])
  var all: [ListingEntry] { entries.withLock { $0 } }
  func add(_ more: [ListingEntry]) { entries.withLock { $0 += more } }
}
