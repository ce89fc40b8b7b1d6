/// Why a transfer did not end as it should.
package enum TransferFailure: Equatable, Sendable, CustomStringConvertible {
  /// The server said no, before or during the transfer.
  case refused(Reply)
  /// The data connection failed; the reply is what the server said in the end. The driver knows the reason.
  case dataFailed(Reply)
  /// The server says all is well, but the data ended without close_notify: anybody could have cut it. Only a size
  /// learnt on the control connection can prove that nothing is missing.
  case truncated(Reply)
  /// A reply that belongs to nothing: which reply answers which command cannot be known any more.
  case unexpectedReply(Reply)
  /// The control connection went away, with a 421 or without a word. All data may be there all the same.
  case controlLost(isDataComplete: Bool, Reply?)
  /// The final reply did not come in time.
  case noFinalReply(isDataComplete: Bool)
  /// Stopped on purpose; the reply is nil where none came.
  case cancelled(Reply?)

  /// Whether the next command may be sent on the same control connection.
  package var isSessionUsable: Bool {
    switch self {
    case .refused, .dataFailed, .truncated: true
    case .cancelled(let reply): reply != nil
    case .unexpectedReply, .controlLost, .noFinalReply: false
    }
  }

  package var description: String {
    switch self {
    case .refused(let reply): "the server refused the transfer: \(reply.summary)"
    case .dataFailed(let reply): "the data connection failed; the server says \(reply.summary)"
    case .truncated: "the data ended without TLS saying so: some of it may be missing"
    case .unexpectedReply(let reply): "the server sent a reply that answers nothing: \(reply.summary)"
    case .controlLost(let isDataComplete, let reply):
      (reply.map { "the server ended the session: \($0.summary)" } ?? "the control connection was lost")
        + (isDataComplete ? "; all data went over" : "")
    case .noFinalReply(let isDataComplete):
      "the server did not confirm the transfer" + (isDataComplete ? ", though all data went over" : "")
    case .cancelled: "the transfer was cancelled"
    }
  }
}
