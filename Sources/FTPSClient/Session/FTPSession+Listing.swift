package import FTP
import NIOCore

extension FTPSession {
  /// Lists a folder; entries are handed over as they arrive.
  ///
  /// MLSD where the server has it (RFC 3659 section 7), else `LIST`. A listing that did not end with close_notify is
  /// incomplete and throws ``FTPSError/truncated``, however much of it has been handed over.
  ///
  /// - Parameters:
  ///   - isFollowed: whether another transfer is expected soon.
  ///   - onEntries: called on the session's event loop; it must not wait.
  package func list(
    _ path: RemotePath, now: Timestamp, isFollowed: Bool = false,
    onEntries: @escaping @Sendable ([ListingEntry]) -> Void
  ) async throws -> ListingSummary {
    try await operation {
      if listsByMachine {
        do {
          return try await receiveListing(.mlsd(path), format: .mlsd, now: now, isFollowed: isFollowed, onEntries)
        } catch let error as FTPSError {
          // Announced, but not to be had (500, 502, 504: RFC 959 section 4.2.1).
          guard case .refused(_, let reply) = error, [500, 502, 504].contains(reply.code) else { throw error }
          usesMachineListing = false
        }
      }
      return try await receiveZoned(path, onEntries) { onEntries in
        try await receivePlainListing(path, now: now, isFollowed: isFollowed, onEntries)
      }
    }
  }

  /// The same by `LIST`, whatever else the server has. Its lines tell symbolic links, which `MLSD` of many servers shows
  /// as what they lead to, or not at all (ProFTPD, pyftpdlib).
  package func listPlainly(
    _ path: RemotePath, now: Timestamp, isFollowed: Bool = false,
    onEntries: @escaping @Sendable ([ListingEntry]) -> Void
  ) async throws -> ListingSummary {
    try await operation { try await receivePlainListing(path, now: now, isFollowed: isFollowed, onEntries) }
  }

  /// Whether ``list(_:now:isFollowed:onEntries:)`` uses `MLSD`.
  package var listsByMachine: Bool { facts.features.mlst != nil && usesMachineListing }

  /// Hidden names are shown where the server knows the "-a" for that. One that refuses it, or shows nothing of a folder
  /// by it that is not empty without, is not given it again. Whatever it has shown before may have been a file, or a
  /// folder, of that name: what is empty is asked for without it always.
  private func receivePlainListing(
    _ path: RemotePath, now: Timestamp, isFollowed: Bool, _ onEntries: ([ListingEntry]) -> Void
  ) async throws -> ListingSummary {
    // The arguments of LIST are options and patterns on many servers, so the folder is entered instead.
    try await enter(path)
    let habits = configuration.habits
    guard habits.takesListOption else {
      return try await receiveListing(.list(nil), format: .list, now: now, isFollowed: isFollowed, onEntries)
    }
    var isRefused = false
    /// What may be the file of that name, as long as nothing else has come.
    var held: [ListingEntry] = []
    do {
      let summary = try await receiveListing(
        .list(nil, isComplete: true), format: .list, now: now, isFollowed: isFollowed
      ) { entries in
        held += entries
        if held.count == 1, held[0].isNamedAsOption { return }
        onEntries(held)
        held = []
      }
      if summary.entries > 1 || held.isEmpty && summary.showsFolder {
        if !held.isEmpty { onEntries(held) }
        return summary
      }
    } catch let error as FTPSError {
      guard case .refused(_, let reply) = error, reply.isPermanentFailure else { throw error }
      isRefused = true
    }
    let summary = try await receiveListing(.list(nil), format: .list, now: now, isFollowed: isFollowed, onEntries)
    // It was the option that the server did not like, and not the folder; or there is more than the file of that name.
    if isRefused || (held.isEmpty ? summary.showsFolder : summary.entries > 1) { habits.takesListOption = false }
    return summary
  }

  private func receiveListing(
    _ command: Command, format: ListingParser.Format, now: Timestamp, isFollowed: Bool,
    _ onEntries: ([ListingEntry]) -> Void
  ) async throws -> ListingSummary {
    let (summary, _, _) = try await transfer(.listing, command, isFollowed: isFollowed) { data in
      var parser = ListingParser(format: format, now: now)
      while let chunk = try await data.next() {
        chunk.withUnsafeReadableBytes { parser.append($0) }
        let entries = parser.takeEntries()
        if !entries.isEmpty { onEntries(entries) }
      }
      data.close()
      let summary = try parser.finish()
      let rest = parser.takeEntries()
      if !rest.isEmpty { onEntries(rest) }
      return summary
    }
    return summary
  }

  private func enter(_ path: RemotePath) async throws {
    if currentDirectory == path { return }
    currentDirectory = nil
    try await require(.cwd(path))
    currentDirectory = path
  }
}

extension ListingEntry {
  /// "-a".
  fileprivate var isNamedAsOption: Bool { name.bytes.elementsEqual([0x2D, 0x61]) }
}
