import FTP
import TLS

extension FTPSError: CustomStringConvertible {
  /// One sentence for people: what happened and, where there is something to do, what.
  package var description: String {
    switch self {
    case .unknownHost(let host):
      "The host \(SafeText.escape(host)) is not known; check its name."
    case .unreachable(let host, let port, let reason):
      "No connection to \(SafeText.escape(host)) port \(port): \(reason)."
    case .timeout(let what):
      "The server did not answer in time: \(what)."
    case .silentPort(let port, speaksTLS: false):
      "The server says nothing on port \(port); if it speaks implicit TLS there, write ftps:// instead of ftpes://."
    case .silentPort(let port, speaksTLS: true):
      "The server speaks implicit TLS on port \(port): write ftps:// instead of ftpes://."
    case .notImplicitTLS(let bytes):
      "The port does not begin with TLS but with \(bytes); if it is an FTP server's, write ftpes:// instead of ftps://."
    case .notFTP(let greeting):
      "This is not an FTP server: it begins with \u{201C}\(greeting)\u{201D}."
    case .tlsRefused(let reply):
      "The server offers no TLS (\(reply.summary)), so nothing was sent to it."
    case .bytesAfterAuth:
      "Unencrypted bytes followed the server's answer to AUTH: somebody may be tampering with the connection."
    case .protectionRefused(let reply):
      "The server refuses encrypted data connections (\(reply.summary)), so nothing was transferred."
    case .certificateRejected(let reason):
      "The server's certificate is not trusted: \(reason)."
    case .tls(let error):
      "TLS failed: \(error)."
    case .certificateWanted(let issuers):
      "The server wants a client certificate, and none is set\(Self.accepted(issuers)). "
        + "Make one with ferry identity create, then name it with --identity or in the site."
    case .identityRefused(let refusal):
      "\(refusal)"
    case .identityUnfit(let name, let problem):
      "The certificate \(SafeText.escape(name)) cannot be shown to a server. \(problem)"
    case .identityUnavailable(let reason):
      "The client certificate was not opened, so no connection was made. \(reason)"
    case .passwordNeeded:
      "The server wants a password, and none was given."
    case .loginRefused(let reply):
      "The server refused the user name or the password (\(reply.summary))."
    case .tooManyConnections(let reply):
      "The server allows no further connection now (\(reply.summary))."
    case .onlyOneSession:
      "A copy within one server needs two sessions, and this server allows one: copy it to this machine, and from here."
    case .refused(let command, let reply):
      "The server refused \(command): \(reply.summary)."
    case .unexpectedReply(let command, let reply):
      "The server answered \(command) with \(reply.summary), which makes no sense there."
    case .malformed(let error):
      "\(error)."
    case .unsolicitedReply(let text):
      "The server sent a reply that nothing had asked for: \u{201C}\(text)\u{201D}."
    case .dataConnection(let reason):
      "The data connection failed: \(reason)."
    case .foreignDataConnection:
      "The data connection showed another certificate than the control connection, so it was refused."
    case .incompleteList(let path):
      "The server's list of \u{201C}\(SafeText.escape(path.bytes))\u{201D} is not complete, or was not understood in part."
    case .truncated:
      "The data connection ended without the TLS end mark, so the rest may be missing."
    case .unconfirmed(let reason):
      "All bytes went over, but the server did not confirm it: \(reason)."
    case .closed(let reason):
      "The connection was lost: \(reason)."
    case .withdrawn(let reason):
      "The session was ended: \(reason)."
    case .trustUnclear(let reason):
      "The session was ended, as it cannot be told whether its certificates are still trusted: \(reason)."
    case .cancelled:
      "Cancelled."
    }
  }

  /// "; it accepts those signed by A or B"
  private static func accepted(_ issuers: [DistinguishedName]) -> String {
    let names = issuers.prefix(3).map { SafeText.escape($0.commonName ?? "\($0)") }
    if names.isEmpty { return "" }
    let more = issuers.count > 3 ? " and \(issuers.count - 3) more" : ""
    return "; it accepts those signed by \(names.joined(separator: ", "))\(more)"
  }

  /// The reason alone, where it is part of a longer sentence.
  var reason: String {
    switch self {
    case .unreachable(_, _, let reason), .dataConnection(let reason), .closed(let reason): reason
    default: "\(self)"
    }
  }
}

extension Reply {
  /// The wordings in which servers say that a limit of connections is reached; 421 always means it at login.
  ///
  /// A limit of attempts is one of passwords, which must not be tried again.
  var saysTooManyConnections: Bool {
    guard code == 421 || code == 530 else { return false }
    let text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ").lowercased()
    if ["password", "incorrect", "attempt", "tries", "fail"].contains(where: { text.contains($0) }) { return false }
    return [
      "too many", "the maximum", "maximum number", "connection limit", "connections limit", "session limit",
      "user limit",
      "login limit", "max connections", "maximum connections", "maximum sessions", "already connected",
      "already logged in", "no more than", "no more connections", "no more users", "simultaneous", "concurrent",
    ]
    .contains { text.contains($0) }
  }
}
