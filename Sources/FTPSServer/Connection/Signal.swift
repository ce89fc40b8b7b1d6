import NIOCore

/// Lets the one task that serves a connection wait for what the connection's handlers see. Everything happens on one
/// event loop, so that nothing is missed between looking and waiting.
final class Signal {
  private let eventLoop: any EventLoop
  private var waiter: CheckedContinuation<Void, Never>?
  private var isTimed = false

  init(eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  /// Waits for the next `raise`. False when the deadline came first.
  func wait(before deadline: NIODeadline) async -> Bool {
    precondition(waiter == nil, "a connection is served by one task")
    isTimed = false
    let alarm = alarm(at: deadline) {
      self.isTimed = true
      self.raise()
    }
    await withCheckedContinuation { waiter = $0 }
    alarm.cancel()
    return !isTimed
  }

  func raise() {
    waiter?.resume()
    waiter = nil
  }

  /// Calls `action` on the event loop at `deadline`, unless it is cancelled.
  func alarm(at deadline: NIODeadline, _ action: @escaping () -> Void) -> Scheduled<Void> {
    eventLoop.assumeIsolated().scheduleTask(deadline: deadline, action)
  }
}
