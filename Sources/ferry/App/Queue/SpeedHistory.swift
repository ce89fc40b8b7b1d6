/// How fast transfers were, second by second: what the graph in the drawer shows.
struct SpeedHistory: Equatable, Sendable {
  static let length = 120

  /// Bytes a second; the newest last.
  private(set) var samples: [Double] = []
  /// The second of the newest sample.
  private var last: Int64?

  /// The speed at a moment, in milliseconds of a clock that never goes back; within one second the highest counts.
  mutating func record(_ speed: Double, at milliseconds: Int64) {
    let second = milliseconds / 1000
    guard let last, second != last else {
      if last == nil {
        samples.append(speed)
      } else {
        samples[samples.count - 1] = max(samples[samples.count - 1], speed)
      }
      last = second
      return
    }
    // Nothing was told meanwhile: nothing moved.
    let missed = Int(min(max(0, second - last - 1), Int64(Self.length)))
    samples += Array(repeating: 0, count: missed)
    samples.append(speed)
    if samples.count > Self.length { samples.removeFirst(samples.count - Self.length) }
    self.last = second
  }

  /// The last samples up to a moment.
  func recent(_ count: Int, at milliseconds: Int64) -> [Double] {
    guard let last else { return [] }
    let idle = Int(min(max(0, milliseconds / 1000 - last), Int64(count)))
    return (samples + Array(repeating: 0, count: idle)).suffix(count)
  }

  var isEmpty: Bool { samples.allSatisfy { $0 == 0 } }
}
