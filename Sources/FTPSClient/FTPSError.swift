package import FTP
package import TLS

/// Why a session, or one operation of it, failed.
///
/// Two questions can be asked of every case: is the session still usable (``isSessionUsable``), and is the same
/// operation worth another try on a new session (``isWorthRetrying``).
package enum FTPSError: Error, Sendable, Equatable {
  /// The host's name has no address.
  case unknownHost(String)
  /// No TCP connection to the host and port.
  case unreachable(host: String, port: Int, reason: String)
  /// A wait took longer than its limit in ``Timeouts``; the text names what was waited for.
  case timeout(String)
  /// Nothing was said on a port that should greet. Whether it answered when TLS was spoken to it first: then it is one
  /// for implicit TLS.
  case silentPort(Int, speaksTLS: Bool = false)
  /// The server began in the clear on a port that should begin with TLS: it speaks explicit TLS, or is no FTPS server.
  case notImplicitTLS(firstBytes: String)
  /// The server's greeting is not one of FTP (RFC 959 section 5.4 expects 220).
  case notFTP(greeting: String)
  /// The server refused `AUTH TLS` and `AUTH SSL`; nothing is sent in the clear (RFC 4217 section 4.2).
  case tlsRefused(Reply)
  /// Bytes in the clear followed the reply to `AUTH`: somebody on the way may have put them there (CVE-2021-22947).
  case bytesAfterAuth
  /// The server did not agree to encrypted data connections (`PBSZ`, `PROT P`).
  case protectionRefused(Reply)
  /// The certificate was not trusted; the reason as a sentence.
  case certificateRejected(String)
  /// TLS failed.
  case tls(TLSError)
  /// The server wants a client certificate, and none is set. The issuers that it accepts, as far as it names any; foreign
  /// text.
  case certificateWanted(issuers: [DistinguishedName])
  /// The server has seen our client certificate, and refuses it.
  case identityRefused(IdentityRefusal)
  /// The client certificate cannot be shown to any server; found before a connection is made.
  case identityUnfit(name: String, ClientCertificateProblem)
  /// The client certificate that is set cannot be opened: why, as a sentence.
  case identityUnavailable(String)
  /// The server asks for a password (331), and none is known.
  case passwordNeeded
  /// The user or the password was refused.
  case loginRefused(Reply)
  /// The server has too many connections already (421, or 530 in the usual wordings).
  case tooManyConnections(Reply)
  /// Two sessions are needed at the same time, and the server allows one.
  case onlyOneSession
  /// The server refused one command; the session goes on.
  case refused(command: String, Reply)
  /// The reply does not follow the protocol; the session cannot be trusted to be in step any more.
  case unexpectedReply(command: String, Reply)
  /// What the server sent, or what was to be sent, is not within the protocol's forms.
  case malformed(FTPError)
  /// A reply that no command had asked for.
  case unsolicitedReply(String)
  /// No data connection: why.
  case dataConnection(String)
  /// A data connection showed another certificate than the control connection, and resumed nothing.
  case foreignDataConnection
  /// A data connection ended without TLS close_notify: the rest may be missing.
  case truncated
  /// The list of a folder was cut off, or holds lines that were not understood, so that it does not say what is not there.
  case incompleteList(RemotePath)
  /// All data went over in order, but the server's word that it has them did not come: why. What is there can be
  /// checked on another session.
  case unconfirmed(String)
  /// The session is closed; the reason it was closed for.
  case closed(String)
  /// Ended on this side, as the server's certificate is trusted no more, or another one of ours is shown to it now: which
  /// of them.
  case withdrawn(String)
  /// Ended on this side, as it cannot be told whether trust was taken back: why.
  case trustUnclear(String)
  /// Given up on request.
  case cancelled

  /// Whether the control connection is still in step, so that another command may follow.
  package var isSessionUsable: Bool {
    switch self {
    case .refused, .truncated, .incompleteList: true
    case .malformed(.forbiddenByte): true
    default: false
    }
  }

  /// Whether the same operation may succeed on a new session, without anything being changed by a person.
  package var isWorthRetrying: Bool {
    switch self {
    case .timeout, .dataConnection, .truncated, .closed, .tooManyConnections, .unsolicitedReply, .unexpectedReply,
      .foreignDataConnection, .unconfirmed, .withdrawn, .trustUnclear:
      true
    case .unreachable: true
    case .refused(_, let reply): reply.isTransientFailure
    case .tls(.truncated), .tls(.closedDuringHandshake): true
    default: false
    }
  }
}
