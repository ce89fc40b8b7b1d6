import FTP
import NIOCore

/// The deadline of what a transfer between two servers waits for now.
struct FXPDeadline {
  let eventLoop: any EventLoop
  let timeouts: Timeouts
  private var wait: FXPExchange.Wait?
  private var number = 0
  private var scheduled: Scheduled<Void>?

  init(eventLoop: any EventLoop, timeouts: Timeouts) {
    self.eventLoop = eventLoop
    self.timeouts = timeouts
  }

  /// Whether nothing else is waited for since.
  func isCurrent(_ number: Int) -> Bool { number == self.number }

  /// Sets it anew where something else is waited for than before.
  mutating func set(for wait: FXPExchange.Wait, onExpiry body: @escaping @Sendable (Int) -> Void) {
    guard wait != self.wait else { return }
    self.wait = wait
    cancel()
    guard let limit = limit(of: wait) else { return }
    scheduled = eventLoop.scheduleTask(in: TimeAmount(limit)) { [number] in body(number) }
  }

  mutating func cancel() {
    number += 1
    scheduled?.cancel()
    scheduled = nil
  }

  private func limit(of wait: FXPExchange.Wait) -> Duration? {
    switch wait {
    case .beginning: timeouts.reply
    // What the source has sent may still be under way, in the buffers of three systems.
    case .secondReply: timeouts.reply + timeouts.stall
    case .farewell: timeouts.farewell
    case .data, .nothing: nil
    }
  }
}
