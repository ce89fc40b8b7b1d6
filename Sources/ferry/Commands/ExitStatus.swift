import FTP
import FTPSClient
import FTPSServer
import Storage
import Transfers

/// The program's exit statuses; scripts rely on them.
enum ExitStatus: Int32 {
  case done = 0
  /// Some of the items failed, or something on this machine did.
  case itemsFailed = 1
  /// The command line cannot be carried out.
  case usage = 2
  /// No connection, or none that the protocol allows.
  case noConnection = 3
  /// The server's certificate is not trusted.
  case notTrusted = 4
  /// The user or the password was refused.
  case loginRefused = 5

  init(_ error: any Error) {
    switch error {
    case let error as FTPSError: self.init(session: error)
    case let error as TransferError:
      switch error {
      case .session(let error), .server(_, let error): self.init(session: error)
      case .credentialsNeeded: self = .loginRefused
      default: self = .itemsFailed
      }
    case is UsageProblem, ServerError.folder, ServerError.passphraseNeeded: self = .usage
    case is NotTrusted: self = .notTrusted
    case let error as StorageError:
      switch error {
      case .identityName, .identityMissing, .authorityMissing: self = .usage
      case .passphraseNeeded, .wrongPassphrase, .identityUnfit: self = .loginRefused
      default: self = .itemsFailed
      }
    default: self = .itemsFailed
    }
  }

  private init(session error: FTPSError) {
    switch error {
    case .certificateRejected, .foreignDataConnection, .withdrawn: self = .notTrusted
    case .loginRefused, .passwordNeeded, .certificateWanted, .identityRefused, .identityUnfit,
      .identityUnavailable:
      self = .loginRefused
    case .refused, .truncated, .incompleteList, .unconfirmed, .cancelled, .dataConnection, .trustUnclear,
      .onlyOneSession:
      self = .itemsFailed
    case .malformed(let error):
      // A name that cannot be sent is this item's fault; what cannot be understood is the connection's.
      if case .forbiddenByte = error { self = .itemsFailed } else { self = .noConnection }
    case .unknownHost, .unreachable, .timeout, .silentPort, .notImplicitTLS, .notFTP, .tlsRefused, .bytesAfterAuth,
      .protectionRefused, .tls, .tooManyConnections, .unexpectedReply, .unsolicitedReply, .closed:
      self = .noConnection
    }
  }

  init(_ kind: Transfers.TransferFailure.Kind) {
    self =
      switch kind {
      case .item: .itemsFailed
      case .connection: .noConnection
      case .trust: .notTrusted
      case .login: .loginRefused
      }
  }
}
