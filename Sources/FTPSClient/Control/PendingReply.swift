import DequeModule
import FTP
import NIOCore

/// The replies to one command: any number of preliminary ones, then a final one.
///
/// Belongs to the event loop of its control connection and is only touched there. One task waits for it at a time.
final class PendingReply {
  /// What was sent, masked, for error texts.
  let command: String
  /// Whether a positive reply is the last thing said in the clear.
  var startsTLS = false
  private var arrived: Deque<Reply> = []
  private var failure: FTPSError?
  private var waiting: CheckedContinuation<Reply, any Error>?
  private var deadline: Scheduled<Void>?
  /// Told of the final reply at once, also while nobody waits: a transfer ends early when the server says so.
  var onFinalReply: ((Reply) -> Void)?

  init(command: String) {
    self.command = command
  }

  /// A reply has come, though nobody has taken it yet.
  var hasArrived: Bool { !arrived.isEmpty }

  func received(_ reply: Reply) {
    if !reply.isPreliminary { onFinalReply?(reply) }
    if let waiting = takeWaiting() {
      waiting.resume(returning: reply)
    } else {
      arrived.append(reply)
    }
  }

  func failed(_ error: FTPSError) {
    failure = failure ?? error
    takeWaiting()?.resume(throwing: error)
  }

  /// The next reply, preliminary or final.
  ///
  /// `onTimeout` runs on the event loop when `limit` has passed; it has to fail the connection, and so this reply.
  func next(within limit: Duration, on eventLoop: any EventLoop, onTimeout: @escaping @Sendable () -> Void) async throws
    -> Reply
  {
    if let reply = arrived.popFirst() { return reply }
    if let failure { throw failure }
    precondition(waiting == nil, "two tasks wait for the reply to \(command)")
    return try await withCheckedThrowingContinuation { continuation in
      waiting = continuation
      deadline = eventLoop.scheduleTask(in: TimeAmount(limit), onTimeout)
    }
  }

  private func takeWaiting() -> CheckedContinuation<Reply, any Error>? {
    deadline?.cancel()
    deadline = nil
    defer { waiting = nil }
    return waiting
  }
}
