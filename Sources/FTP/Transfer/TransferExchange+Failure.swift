extension TransferExchange {
  /// Why a transfer did not end as it should.
  package enum Failure: Equatable, Sendable {
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
    case controlLost(isDataComplete: Bool)
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
  }
}
