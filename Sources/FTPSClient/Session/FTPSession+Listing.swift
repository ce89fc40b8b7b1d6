package import FTP
import NIOCore

extension FTPSession {
  /// Lists a folder; entries are handed over as they arrive.
  ///
  /// MLSD where the server has it (RFC 3659 section 7), else `LIST`. A listing that did not end with close_notify is
  /// incomplete and throws ``FTPSError/truncated``, however much of it has been handed over.
  ///
  /// - Parameter onEntries: called on the session's event loop; it must not wait.
  package func list(
    _ path: RemotePath, now: Timestamp, onEntries: @escaping @Sendable ([ListingEntry]) -> Void
  ) async throws -> ListingSummary {
    try await operation {
      if facts.features.mlst != nil {
        return try await receiveListing(.mlsd(path), format: .mlsd, now: now, onEntries)
      }
      // The arguments of LIST are options and patterns on many servers, so the folder is entered instead.
      try await enter(path)
      if listsHiddenNames {
        do {
          return try await receiveListing(.list(nil, isComplete: true), format: .list, now: now, onEntries)
        } catch let error as FTPSError {
          guard case .refused(_, let reply) = error, reply.isPermanentFailure, reply.code != 550 else { throw error }
          listsHiddenNames = false
        }
      }
      return try await receiveListing(.list(nil), format: .list, now: now, onEntries)
    }
  }

  private func receiveListing(
    _ command: Command, format: ListingParser.Format, now: Timestamp, _ onEntries: ([ListingEntry]) -> Void
  ) async throws -> ListingSummary {
    let transfer = try await startTransfer(command)
    var parser = ListingParser(format: format, now: now)
    do {
      while let chunk = try await transfer.data.next() {
        chunk.withUnsafeReadableBytes { parser.append($0) }
        let entries = parser.takeEntries()
        if !entries.isEmpty { onEntries(entries) }
      }
    } catch {
      throw await dataFailure(FTPSError(dataChannelError: error), transfer.pending)
    }
    transfer.data.close()
    let summary: ListingSummary
    do { summary = try parser.finish() } catch { throw FTPSError.malformed(error) }
    let rest = parser.takeEntries()
    if !rest.isEmpty { onEntries(rest) }
    _ = try await completeTransfer(transfer, command)
    return summary
  }

  func enter(_ path: RemotePath) async throws {
    if currentDirectory == path { return }
    currentDirectory = nil
    try await require(.cwd(path))
    currentDirectory = path
  }
}
