/// A limit on bytes a second that many share, as a value: whoever wants to move bytes takes them, and is told when they
/// may go.
///
/// Time issues tokens, never more than were asked for, so that a pause saves nothing up; whoever takes gets a mark, and
/// goes when the tokens have come that far, in the order of asking. A changed limit counts at once, also for those that
/// wait. Pure: the clock is the caller's, in seconds that only grow.
package struct TokenBucket: Equatable, Sendable {
  /// Where in the flow of tokens a taker stands.
  package struct Mark: Equatable, Sendable { fileprivate var position: Double }

  /// Bytes may be this many seconds early: sleeping is not exact.
  private static let burst = 0.1

  /// Bytes a second; nil: as many as there are.
  package private(set) var rate: Double?
  private var issued = 0.0
  private var taken = 0.0
  private var lastTime: Double?

  package init(rate: Double? = nil) { self.rate = rate }

  /// Another limit from now on.
  package mutating func setRate(_ rate: Double?, at seconds: Double) {
    advance(to: seconds)
    self.rate = rate
    if rate == nil { issued = taken }
  }

  /// Asks for bytes.
  package mutating func take(_ bytes: Int, at seconds: Double) -> Mark {
    advance(to: seconds)
    taken += Double(bytes)
    if rate == nil { issued = taken }
    return Mark(position: taken)
  }

  /// Seconds until the bytes before a mark may go; 0: now.
  package mutating func delay(until mark: Mark, at seconds: Double) -> Double {
    advance(to: seconds)
    guard let rate else { return 0 }
    return max(0, (mark.position - issued) / rate - Self.burst)
  }

  private mutating func advance(to seconds: Double) {
    defer { lastTime = seconds }
    guard let rate, let lastTime, seconds > lastTime else { return }
    issued = min(taken, issued + (seconds - lastTime) * rate)
  }
}
