import ArgumentParser
import FTPSClient

/// The program's exit statuses; scripts rely on them.
enum ExitStatus: Int32 {
  case done = 0
  /// Some of the items failed.
  case itemsFailed = 1
  case usage = 2
  /// No connection, or none that the protocol allows.
  case noConnection = 3
  /// The server's certificate is not trusted.
  case notTrusted = 4
  /// The user or the password was refused.
  case loginRefused = 5

  init(_ error: any Error) {
    switch error {
    case let error as FTPSError:
      switch error {
      case .certificateRejected, .foreignDataConnection: self = .notTrusted
      case .loginRefused: self = .loginRefused
      case .refused, .truncated, .cancelled: self = .itemsFailed
      case .malformed(let inner): self = inner.isOurs ? .itemsFailed : .noConnection
      default: self = .noConnection
      }
    case is UsageProblem: self = .usage
    default: self = .itemsFailed
    }
  }

  var exitCode: ExitCode { ExitCode(rawValue) }
}

/// A command line that cannot be carried out, with the sentence that says why.
struct UsageProblem: Error, CustomStringConvertible {
  var description: String
}
