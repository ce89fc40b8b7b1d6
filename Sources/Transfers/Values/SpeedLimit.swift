import FTPSClient
import Synchronization

/// The limit on bytes a second for all transfers of this process; it can change at any time.
package final class SpeedLimit: Pacer {
  private let bucket: Mutex<TokenBucket>
  private let clock = ContinuousClock()
  private let birth: ContinuousClock.Instant

  /// Nobody sleeps longer without looking at the limit again.
  private static let longestSleep = 0.25

  /// - Parameter rate: bytes a second, above 0; nil: no limit.
  package init(_ rate: Double? = nil) {
    bucket = Mutex(TokenBucket(rate: rate))
    birth = clock.now
  }

  /// Bytes a second; nil: no limit.
  package var rate: Double? { bucket.withLock(\.rate) }

  /// Sets another limit, which counts at once.
  package func set(_ rate: Double?) { bucket.withLock { $0.setRate(rate, at: now) } }

  package var grain: Int {
    guard let rate else { return .max }
    // Eight pieces a second are smooth enough for a meter and a server.
    return max(2 << 10, min(256 << 10, Int(min(rate, 1e9) / 8)))
  }

  package func pass(_ bytes: Int) async throws {
    let (mark, delay) = bucket.withLock { bucket in
      let mark = bucket.take(bytes, at: now)
      return (mark, bucket.delay(until: mark, at: now))
    }
    var left = delay
    while left > 0 {
      try await clock.sleep(for: .seconds(min(left, Self.longestSleep)))
      left = bucket.withLock { $0.delay(until: mark, at: now) }
    }
  }

  private var now: Double { (clock.now - birth) / .seconds(1) }
}
