import DequeModule
import FTP
import NIOCore

/// The replies to one command: any number of preliminary ones, then a final one.
///
/// Belongs to the event loop of its control connection and is only touched there. Either one task at a time waits for
/// them, or an observer is told.
final class PendingReply {
  enum Event {
    case reply(Reply)
    /// The control connection has ended; no reply comes any more.
    case lost
  }

  /// What was sent, masked, for error texts.
  let command: String
  /// Whether a positive reply is the last thing said in the clear.
  let startsTLS: Bool
  /// The command is a transfer's: whether another one was sent behind it shows in the order of the replies.
  let isTransfer: Bool
  /// The verb of a command that was sent behind a running transfer.
  let verbBehind: String?
  /// The final reply came before that of the transfer in front.
  private(set) var cameEarly = false
  /// How many preliminary replies have come.
  private(set) var preliminaries = 0
  private var arrived: Deque<Reply> = []
  private var failure: FTPSError?
  private var waiting: CheckedContinuation<Result<Reply, FTPSError>, Never>?
  private var deadline: Scheduled<Void>?
  private var observer: ((Event) -> Void)?

  init(command: String, startsTLS: Bool = false, isTransfer: Bool = false, verbBehind: String? = nil) {
    self.command = command
    self.startsTLS = startsTLS
    self.isTransfer = isTransfer
    self.verbBehind = verbBehind
  }

  func receivedEarly(_ reply: Reply) {
    cameEarly = true
    received(reply)
  }

  func received(_ reply: Reply) {
    if reply.isPreliminary { preliminaries += 1 }
    if let observer {
      if !reply.isPreliminary { self.observer = nil }
      observer(.reply(reply))
    } else if let waiting = takeWaiting() {
      waiting.resume(returning: .success(reply))
    } else {
      arrived.append(reply)
    }
  }

  func failed(_ error: FTPSError) {
    failure = error
    takeWaiting()?.resume(returning: .failure(error))
    let observer = observer
    self.observer = nil
    observer?(.lost)
  }

  /// Hands every reply to `observer` at once, instead of keeping it for a task. Set before any has come; let go after
  /// the final one.
  func observe(_ observer: @escaping (Event) -> Void) {
    // A write may end the connection before it returns.
    if failure != nil { return observer(.lost) }
    precondition(arrived.isEmpty, "too late to observe \(command)")
    self.observer = observer
  }

  /// Calls `body` when the final reply has come, which may be now, with whether it was early; never if none comes.
  func whenAnswered(_ body: @escaping (_ isEarly: Bool) -> Void) {
    if !arrived.isEmpty { return body(cameEarly) }
    if failure != nil { return }
    observe { [unowned self] event in
      if case .reply(let reply) = event, !reply.isPreliminary { body(cameEarly) }
    }
  }

  /// The next reply, preliminary or final.
  ///
  /// `onTimeout` runs on the event loop when `limit` has passed; it has to fail the connection, and so this reply.
  func next(
    within limit: Duration, on eventLoop: any EventLoop, onTimeout: @escaping @Sendable () -> Void
  ) async throws(FTPSError) -> Reply {
    if let reply = arrived.popFirst() { return reply }
    if let failure { throw failure }
    precondition(waiting == nil, "two tasks wait for the reply to \(command)")
    let result = await withCheckedContinuation { continuation in
      waiting = continuation
      deadline = eventLoop.scheduleTask(in: TimeAmount(limit), onTimeout)
    }
    return try result.get()
  }

  private func takeWaiting() -> CheckedContinuation<Result<Reply, FTPSError>, Never>? {
    deadline?.cancel()
    deadline = nil
    defer { waiting = nil }
    return waiting
  }
}
