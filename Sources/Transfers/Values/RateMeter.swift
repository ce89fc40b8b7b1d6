import Glibc

/// A smoothed rate of bytes, and the time that is left, from a counter that is read now and then.
///
/// Each second of the past counts e times as much as the one three seconds before it, so that the rate is calm but
/// follows a change within a few seconds. Pure: the clock is the caller's.
package struct RateMeter: Equatable, Sendable {
  /// Seconds in which an old rate loses all but 1/e of its weight.
  private static let memory = 3.0

  private var lastTime: Double?
  private var lastBytes: Int64 = 0
  private var rate = 0.0
  /// How much of a whole memory the rate rests on, 0...1: a young rate is corrected by it.
  private var weight = 0.0

  package init() {}

  /// The counter stands at `bytes` at `seconds`, both only growing. A counter that went back (a new attempt from an
  /// earlier offset) moves nothing.
  package mutating func record(_ bytes: Int64, at seconds: Double) {
    defer { lastBytes = bytes }
    guard let last = lastTime else {
      lastTime = seconds
      return
    }
    let elapsed = seconds - last
    guard elapsed > 0 else { return }
    lastTime = seconds
    let current = Double(max(0, bytes - lastBytes)) / elapsed
    let keep = Self.decay(elapsed)
    rate = rate * keep + current * (1 - keep)
    weight = weight * keep + (1 - keep)
  }

  /// Bytes a second; 0 as long as nothing is known.
  package var bytesPerSecond: Double { weight > 0 ? rate / weight : 0 }

  /// Seconds until `remaining` more bytes have moved; nil while nothing moves.
  package func secondsLeft(for remaining: Int64) -> Double? {
    let rate = bytesPerSecond
    return rate < 1 ? nil : Double(max(0, remaining)) / rate
  }

  private static func decay(_ elapsed: Double) -> Double { exp(-elapsed / memory) }
}
