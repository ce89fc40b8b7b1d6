/// One transfer, from its command to its end: brings together what happens on the control connection and on the data
/// connection, in whatever order it happens.
///
/// The driver sends the command, opens the data connection, and reports each event; it acts on what comes back and
/// drops whatever data connection is left after `.fail`. Deadlines are the driver's, and are events too: ``wait`` says
/// which one is due.
package struct TransferExchange: Equatable, Sendable {
  package enum Direction: Sendable {
    case download
    case upload
    case listing
  }

  package enum Action: Equatable, Sendable {
    /// Nothing to do until the next event.
    case wait
    /// Start to read from the data connection, or to write to it.
    case moveData
    /// Give up the data connection; the final reply is still to come.
    case closeData
    /// All data went over and the server confirmed it with this reply.
    case complete(Reply)
    case fail(Failure)
  }

  /// What is being waited for, and so which deadline holds.
  package enum Wait: Equatable, Sendable {
    /// The server's first reply to the command.
    case reply
    /// The data connection, which the server has promised.
    case dataConnection
    /// The preliminary reply to an upload whose data connection is open: ``preliminaryOverdue()``.
    case goAhead
    /// The end of the data.
    case data
    /// The final reply, all data being there: ``finalReplyOverdue()``.
    case finalReply
    /// The final reply to a transfer that has failed or was stopped: ``finalReplyOverdue()``, soon.
    case farewell
    /// Nothing: it has ended.
    case nothing
  }

  private enum DataState: Equatable {
    /// Not yet connected, or its TLS handshake is not through.
    case opening
    /// Ready, and waiting for the server to say that it is, too.
    case ready
    case moving
    /// Over, with the peer's close_notify or without.
    case finished(closeNotify: Bool)
    case failed
  }

  package let direction: Direction
  private var data = DataState.opening
  private var isAnnounced = false
  private var final: Reply?
  private var isControlLost = false
  private var isCancelled = false
  private var hasEnded = false

  package init(_ direction: Direction) {
    self.direction = direction
  }

  /// What the transfer waits for now.
  package var wait: Wait {
    if hasEnded { return .nothing }
    if isCancelled { return .farewell }
    switch data {
    case .opening: return isAnnounced || final != nil ? .dataConnection : .reply
    case .ready: return .goAhead
    case .moving: return .data
    case .finished: return .finalReply
    case .failed: return .farewell
    }
  }

  // MARK: Control connection

  /// Sorts `reply` by its first digit into one of the two below.
  package mutating func received(_ reply: Reply) -> Action {
    reply.isPreliminary ? preliminaryReply(reply) : finalReply(reply)
  }

  /// 150 or 125, which some servers leave out.
  package mutating func preliminaryReply(_ reply: Reply) -> Action {
    isAnnounced = true
    if hasEnded { return .wait }
    if final != nil { return end(.unexpectedReply(reply)) }
    return data == .ready && !isCancelled ? startMoving() : .wait
  }

  /// The reply that ends the command, before or after the data's end.
  package mutating func finalReply(_ reply: Reply) -> Action {
    if hasEnded { return .wait }
    if final != nil || reply.isIntermediate || reply.isPreliminary { return end(.unexpectedReply(reply)) }
    if reply.code == 421 { return controlLost() }
    final = reply
    guard reply.isCompletion || reply.isTransientFailure || reply.isPermanentFailure else {
      return end(.unexpectedReply(reply))
    }
    return settle()
  }

  /// The control connection is gone, with a 421 or without a word. Data that still flows may go on to its end, as some
  /// servers and routers drop an idle control connection during a long transfer.
  package mutating func controlLost() -> Action {
    if hasEnded { return .wait }
    isControlLost = true
    return settleWithoutControl()
  }

  // MARK: Data connection

  /// Connected, and TLS has proved whose connection it is.
  package mutating func dataOpened() -> Action {
    guard data == .opening, !hasEnded else { return .wait }
    if isCancelled { return .closeData }
    data = .ready
    // What comes from a server can be read at once; to write is only wanted once the server has agreed.
    return direction != .upload || isAnnounced ? startMoving() : .wait
  }

  /// The server has opened the data connection, but not said so in time: a few leave the preliminary reply out.
  package mutating func preliminaryOverdue() -> Action {
    data == .ready && !isCancelled && !hasEnded ? startMoving() : .wait
  }

  /// A download: the peer's end came. An upload: everything is written and this side's end is sent, and the peer's
  /// end has come or has been waited for long enough.
  package mutating func dataFinished(closeNotify: Bool) -> Action {
    dataEnded(.finished(closeNotify: closeNotify))
  }

  /// Not connected, not trusted, reset, stalled, or broken in any other way.
  package mutating func dataFailed() -> Action {
    dataEnded(.failed)
  }

  // MARK: Deadlines and people

  /// The data has ended long ago, and there is no final reply.
  package mutating func finalReplyOverdue() -> Action {
    hasEnded || final != nil
      ? .wait : end(isCancelled ? .cancelled(nil) : .noFinalReply(isDataComplete: isDataComplete))
  }

  /// Somebody wants it to stop. Data that has all gone over stays a success if the server says so.
  package mutating func cancelled() -> Action {
    if hasEnded || isCancelled { return .wait }
    isCancelled = true
    if final != nil || isControlLost { return end(.cancelled(isControlLost ? nil : final)) }
    switch data {
    case .opening, .ready, .moving: return .closeData
    case .finished, .failed: return .wait
    }
  }

  // MARK: Putting both together

  private var isDataComplete: Bool {
    switch data {
    case .finished(let closeNotify): closeNotify || direction == .upload
    case .opening, .ready, .moving, .failed: false
    }
  }

  private mutating func dataEnded(_ state: DataState) -> Action {
    if hasEnded { return .wait }
    switch data {
    case .opening, .ready, .moving: data = state
    case .finished, .failed: return .wait
    }
    if isControlLost { return settleWithoutControl() }
    return final == nil ? .wait : settle()
  }

  private mutating func startMoving() -> Action {
    data = .moving
    return .moveData
  }

  /// Both ends are known, or the final reply alone decides.
  private mutating func settle() -> Action {
    guard let final else { return .wait }
    if isCancelled, !(isDataComplete && final.isCompletion) { return end(.cancelled(final)) }
    guard final.isCompletion else {
      // 425 and 426 only repeat that the data connection failed, which this side knows better.
      return end(data == .failed && 425...426 ~= final.code ? .dataFailed(final) : .refused(final))
    }
    switch data {
    // A server cannot have all of an upload of which it was sent nothing, not even the end.
    case .opening: return direction == .upload ? end(.unexpectedReply(final)) : .wait
    case .ready: return end(.unexpectedReply(final))
    case .moving: return .wait
    case .failed: return end(.dataFailed(final))
    case .finished:
      guard isDataComplete else { return end(.truncated(final)) }
      hasEnded = true
      return .complete(final)
    }
  }

  private mutating func settleWithoutControl() -> Action {
    if isCancelled { return end(.cancelled(nil)) }
    return data == .moving ? .wait : end(.controlLost(isDataComplete: isDataComplete))
  }

  private mutating func end(_ failure: Failure) -> Action {
    hasEnded = true
    return .fail(failure)
  }
}
