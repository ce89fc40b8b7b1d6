/// When one file comes over several sessions at once: worth it where one connection does not fill the line, as over a
/// long distance, or where a server limits the speed of each.
package struct Segmentation: Hashable, Sendable {
  /// Sessions for one file, at least 1.
  package var sessions: Int
  /// Bytes of a file from which on it is divided.
  package var threshold: Int64
  /// Bytes that a segment has at least.
  package var smallest: Int64

  package init(sessions: Int, threshold: Int64 = 32 << 20, smallest: Int64 = 4 << 20) {
    self.sessions = max(1, sessions)
    self.threshold = threshold
    self.smallest = max(1, smallest)
  }

  /// One session for each file.
  package static let off = Segmentation(sessions: 1)

  /// Whether a file of a size is divided.
  func divides(_ size: Int64) -> Bool { sessions > 1 && size >= max(threshold, 2 * smallest) }
}
