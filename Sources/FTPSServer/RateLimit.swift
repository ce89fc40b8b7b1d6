import NIOCore

/// A limit on bytes a second for all transfers of a server together, as a value: who wants to move bytes asks when they
/// may go, in the order of asking.
struct RateLimit {
  /// Above 0.
  let bytesPerSecond: Int64
  /// When the next bytes may go.
  private var next: NIODeadline?

  /// What a pause saves up at most.
  private static let burst = TimeAmount.milliseconds(100)

  init(bytesPerSecond: Int64) {
    precondition(bytesPerSecond > 0)
    self.bytesPerSecond = bytesPerSecond
  }

  /// Bytes to be moved at once, so that the flow is even also where the limit is low.
  var portion: Int { Int(min(max(bytesPerSecond / 8, 4 << 10), 256 << 10)) }

  /// How long `count` bytes must wait.
  mutating func delay(for count: Int, now: NIODeadline) -> TimeAmount {
    let start = max(next ?? now, now - Self.burst)
    next = start + .nanoseconds(Int64(Double(count) / Double(bytesPerSecond) * 1e9))
    return max(start - now, .zero)
  }
}
