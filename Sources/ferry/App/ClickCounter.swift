import Terminal

/// Tells double clicks from single ones.
struct ClickCounter: Equatable, Sendable {
  /// Two presses of a button at one place within this many milliseconds are a double click.
  static let interval: Int64 = 400

  private struct Press: Equatable {
    var point: Point
    var time: Int64
  }

  private var last: Press?

  /// Takes a press of the left button; true if it is the second of a pair.
  mutating func pressed(at point: Point, time: Int64) -> Bool {
    if let last, last.point.y == point.y, abs(last.point.x - point.x) <= 1, time - last.time <= Self.interval {
      self.last = nil
      return true
    }
    last = Press(point: point, time: time)
    return false
  }
}
