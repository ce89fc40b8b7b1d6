/// How often, and how long after a failure, something is tried again.
///
/// Delays double from ``first`` to ``longest``: 1, 2, 4, 8, 16, 30, 30 seconds and so on, each longer by up to a quarter
/// at random, so that many clients of one server do not come back at once.
package struct RetryPolicy: Hashable, Sendable {
  /// Attempts of one item that may fail in a row without moving a byte.
  package var itemAttempts = 5
  /// Attempts to reach one server that may fail in a row before a person is asked.
  package var serverAttempts = 8
  package var first = Duration.seconds(1)
  package var longest = Duration.seconds(30)

  package init() {}

  /// The delay after a number of failures in a row, at least 1.
  ///
  /// - Parameter jitter: 0..<1, from the caller's source of randomness.
  package func delay(afterFailures failures: Int, jitter: Double) -> Duration {
    let doubled = first * (1 << min(max(failures - 1, 0), 20))
    return min(doubled, longest) * (1 + jitter / 4)
  }
}
