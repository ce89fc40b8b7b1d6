import FTP
import FTPSClient
import TLS

/// What a failure means for its item and for others.
enum FailureClass: Equatable {
  /// Given up on request: nothing failed.
  case cancelled
  /// The same item may succeed later, on another session.
  case retryItem
  /// The same item goes on once the queue can be kept on disk again.
  case retryJournal
  /// Nothing of this server can go on for a while.
  case retryServer(ServerAddress)
  /// Nothing of this server can go on until a person has done something.
  case ask(Question, TransferFailure.Kind)
  /// Nothing more of this batch fits where it goes, until a person has made room.
  case full
  /// The item is given up.
  case final

  /// Sorts a failure. Pure, so that the table of it can be tested.
  init(_ error: TransferError) {
    switch error {
    case .cancelled: self = .cancelled
    case .credentialsNeeded(let server):
      self = .ask(.credentials(server, reason: "\(error)", refusal: nil), .login)
    case .server(let server, let failure): self = Self.sort(failure, of: server)
    case .session(let failure): self = Self.sort(failure)
    case .sourceChanged, .lengthDiffers, .partIsHeld, .listingIncomplete: self = .retryItem
    case .journal: self = .retryJournal
    case .local(let fault) where fault.isFull: self = .full
    case .local, .contentDiffers, .notTheBeginning, .unsuitableName, .sourceMissing, .notAFile, .targetIsFolder,
      .targetIsNoFolder, .targetExists, .tooDeep, .entriesUnclear, .nameCollides, .sourceNotRemoved,
      .takenElsewhere, .targetIsSource, .folderIntoItself, .linkHasNoPermissions, .perhapsLink, .changedSince:
      self = .final
    }
  }

  /// A session that could not be opened.
  private static func sort(_ failure: FTPSError, of server: ServerAddress) -> FailureClass {
    switch failure {
    case .cancelled: .cancelled
    // Whatever needs one session goes on.
    case .onlyOneSession: .final
    // A wrong password is never tried again: servers lock accounts for that.
    case .loginRefused(let reply):
      .ask(.credentials(server, reason: "\(failure)", refusal: reply.summary), .login)
    case .passwordNeeded: .ask(.credentials(server, reason: "\(failure)", refusal: nil), .login)
    case .certificateRejected: .ask(.server(server, reason: "\(failure)"), .trust)
    // Of a server that asks every client for a certificate, a network that breaks at that moment looks like a refusal:
    // a person is asked only if it stays so.
    case .certificateWanted: .retryServer(server)
    case .identityRefused(let refusal) where refusal.cause == .closed: .retryServer(server)
    case .identityRefused, .identityUnfit, .identityUnavailable:
      .ask(.server(server, reason: "\(failure)"), .login)
    case .unknownHost, .unreachable, .timeout, .tooManyConnections, .dataConnection, .closed, .truncated,
      .silentPort, .unsolicitedReply, .unexpectedReply, .foreignDataConnection, .unconfirmed, .withdrawn, .trustUnclear:
      .retryServer(server)
    case .tls(.failed): .retryServer(server)
    case .tls: failure.isWorthRetrying ? .retryServer(server) : .ask(.server(server, reason: "\(failure)"), .connection)
    case .refused(_, let reply):
      reply.isTransientFailure ? .retryServer(server) : .ask(.server(server, reason: "\(failure)"), .connection)
    case .notImplicitTLS, .notFTP, .tlsRefused, .bytesAfterAuth, .protectionRefused, .malformed,
      .incompleteList:
      .ask(.server(server, reason: "\(failure)"), .connection)
    }
  }

  /// An operation of a session that was open.
  private static func sort(_ failure: FTPSError) -> FailureClass {
    switch failure {
    case .cancelled: .cancelled
    // The server's full disk, and its quota, which no retry empties (RFC 959 section 4.2.1).
    case .refused(_, let reply) where reply.code == 452 || reply.code == 552: .full
    case .refused(_, let reply): reply.isTransientFailure ? .retryItem : .final
    // The session has worked before. vsftpd, for one, says "500 OOPS" in the clear when a part of it dies.
    case .tls: .retryItem
    default: failure.isWorthRetrying ? .retryItem : .final
    }
  }
}

extension TransferError {
  /// The server may not have liked the client certificate, or its absence.
  fileprivate var isAboutIdentity: Bool {
    switch self {
    case .server(_, .certificateWanted), .server(_, .identityRefused): true
    default: false
    }
  }
}

extension TransferFailure {
  init(_ error: TransferError) {
    let kind: Kind =
      switch FailureClass(error) {
      case .ask(_, let kind): kind
      case .retryServer where error.isAboutIdentity: .login
      case .retryServer: .connection
      case .retryItem, .retryJournal, .full, .final, .cancelled: .item
      }
    self.init(kind, "\(error)")
  }
}
