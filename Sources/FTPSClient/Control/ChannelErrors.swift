import FTP
import Glibc
import NIOCore
import NIOPosix
import TLS

extension FTPSError {
  /// The error of a channel, in this floor's words.
  init(channelError error: any Error) {
    switch error {
    case let error as FTPSError: self = error
    case let error as FTPError: self = .malformed(error)
    case let error as TLSError: self = .tls(error)
    case is CancellationError: self = .cancelled
    case let error as IOError: self = .closed(error.sentence)
    case let error as ChannelError: self = .closed("the connection is closed (\(error))")
    default: self = .closed("the connection failed (\(error))")
    }
  }

  /// The error of a connection attempt to a host.
  init(connecting error: any Error, to host: String, port: Int) {
    switch error {
    case let error as FTPSError: self = error
    case let error as NIOConnectionError:
      if error.connectionErrors.isEmpty {
        self = .unknownHost(host)
      } else {
        let reason = error.connectionErrors.first.map { ($0.error as? IOError)?.sentence ?? "\($0.error)" }
        self = .unreachable(host: host, port: port, reason: reason ?? "no answer")
      }
    case ChannelError.connectTimeout: self = .unreachable(host: host, port: port, reason: "no answer in time")
    case let error as IOError: self = .unreachable(host: host, port: port, reason: error.sentence)
    default: self = .unreachable(host: host, port: port, reason: "\(error)")
    }
  }
}

extension IOError {
  /// The operating system's words for the error, such as "Connection refused".
  var sentence: String {
    guard let text = strerror(errnoCode) else { return "error \(errnoCode)" }
    return String(cString: text)
  }
}

extension FTPSError {
  /// The error of a data connection: the session may go on when only that one failed.
  init(dataChannelError error: any Error) {
    let error = FTPSError(channelError: error)
    if case .closed(let reason) = error { self = .dataConnection(reason) } else { self = error }
  }
}
