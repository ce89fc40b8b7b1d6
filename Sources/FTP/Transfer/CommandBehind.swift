/// A command that was sent while a transfer runs, so that its reply comes together with the transfer's.
///
/// By RFC 959 section 5.4 a server answers commands in turn. Those that look at the control connection while a transfer
/// runs answer at once instead, before the transfer's own end: ProFTPD with 200 to `NOOP` and "450 EPSV: data transfer
/// in progress", Pure-FTPd with 500, pyftpdlib with the real answer. Which of two commands a reply belongs to can be
/// told from its code, and if need be its text, because few replies end a transfer.
package enum CommandBehind {
  /// Whether a reply that came while a transfer was under way is the early answer to the command behind it, and not the
  /// end of the transfer.
  ///
  /// - Parameters:
  ///   - verb: of the command behind.
  ///   - isAnnounced: whether the server has answered the transfer's command with a preliminary reply. Without one,
  ///     the transfer itself may be what it does not understand.
  package static func isEarlyAnswer(_ reply: Reply, to verb: String, isAnnounced: Bool) -> Bool {
    if reply.isPreliminary { return false }
    // Only these two say that a transfer went well (RFC 959 section 5.4, STOR and RETR); 421 ends everything.
    if reply.isCompletion { return reply.code != 226 && reply.code != 250 }
    if reply.isIntermediate { return true }
    guard isAnnounced, reply.code != 421 else { return false }
    // x0y is about the form of a command, which that of a running transfer was fit to be.
    if 500...504 ~= reply.code { return true }
    return reply.lines[0].starts(with: Array("\(verb):".utf8))
  }
}
