package import FTP

/// Why a file did not go from one server to another. Both sessions are spent.
package struct FXPFailure: Error, Sendable {
  /// Where it failed.
  package enum Stage: Sendable {
    /// Before either server was told of the file.
    case preparation
    /// From RETR and STOR on.
    case transfer
  }

  package var stage: Stage
  /// Whose reply, or silence, it was; nil where nothing moved between them, or this side has stopped it.
  package var side: FXPRoute.Side?
  package var cause: FTPSError
  /// Whether the target writes to its file no more.
  package var isTargetSettled: Bool

  /// Whether a server refused this one file, and so perhaps not the way that it was to take: there is none of that name,
  /// it may not be read or written, the disk is full. RFC 959 section 4.2.2; what is about connections is x2z or 500.
  package var mayBeAboutTheFile: Bool {
    guard stage == .transfer, case .refused(_, let reply) = cause else { return false }
    return [450, 451, 452, 550, 551, 552, 553].contains(reply.code)
  }
}
