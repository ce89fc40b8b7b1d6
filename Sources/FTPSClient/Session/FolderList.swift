package import FTP
import Synchronization

/// A folder's list, all of it at once.
package struct FolderList: Sendable {
  package var entries: [ListingEntry]
  package var summary: ListingSummary
  /// Of its folders those that may be links to one, because `LIST` does not tell.
  package var perhapsLinks: Set<FileName> = []

  package init(_ entries: [ListingEntry], _ summary: ListingSummary = ListingSummary()) {
    self.entries = entries
    self.summary = summary
  }

  /// Whether what is not in it is not in the folder: nothing was cut off, and every line was understood.
  package var isWhole: Bool { !summary.isTruncated && summary.unparsed == 0 }

  /// Takes from the same folder's list by `LIST` which of its folders are links. Where that is whole, has as many entries
  /// and as many folders among them, and no link at all, none of them is one, however it spells their names.
  package mutating func tellLinks(by plain: FolderList) {
    let kinds = Dictionary(plain.entries.map { ($0.name, [$0.kind]) }, uniquingKeysWith: +)
    for index in entries.indices where entries[index].isDirectory {
      let name = entries[index].name
      switch kinds[name] {
      case [.directory]: continue
      case .some(let kinds) where kinds.count == 1 && kinds[0].isLink: entries[index].kind = kinds[0]
      default: perhapsLinks.insert(name)
      }
    }
    if plain.isWhole, plain.entries.count == entries.count, !plain.entries.contains(where: \.kind.isLink),
      plain.entries.count(where: \.isDirectory) == entries.count(where: \.isDirectory)
    {
      perhapsLinks = []
    }
  }
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

  /// The same, with the links among its folders shown as such: `MLSD` of many servers shows what they lead to, and whoever
  /// followed them could go round in circles, so that `LIST` is asked, too. Where that is refused or not known, any of
  /// them may be a link.
  package func linkTellingList(of folder: RemotePath) async throws -> FolderList {
    var list = try await wholeList(of: folder, isFollowed: true)
    guard listsByMachine, list.entries.contains(where: \.isDirectory) else { return list }
    do {
      list.tellLinks(by: try await plainList(of: folder) ?? FolderList([]))
    } catch FTPSError.refused {
      list.tellLinks(by: FolderList([]))
    }
    return list
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

extension ListingEntry.Kind {
  fileprivate var isLink: Bool { if case .symbolicLink = self { true } else { false } }
}

/// Entries as they arrive on the session's event loop.
private final class Gathered: Sendable {
  private let entries = Mutex<[ListingEntry]>([])
  var all: [ListingEntry] { entries.withLock { $0 } }
  func add(_ more: [ListingEntry]) { entries.withLock { $0 += more } }
}
