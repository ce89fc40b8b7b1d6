/// Which parts of a large file several sessions bring, and how far each has come. Events in, answers out.
///
/// A segment that nobody works on is taken by the next session that is free; where there is none, the largest one that is
/// under way is divided, so that all sessions end at about the same time.
struct SegmentPlan: Hashable, Sendable {
  struct Segment: Hashable, Sendable {
    let start: Int64
    /// The first byte that is not its own.
    var end: Int64
    /// Its bytes before this offset are in the file.
    var written: Int64
    /// Its bytes before this offset have come.
    var received: Int64
    var isTaken = false
    /// All of it is there, and it is known what follows it in the source.
    var isFetched = false

    init(_ start: Int64, _ end: Int64, written: Int64? = nil) {
      self.start = start
      self.end = end
      self.written = written ?? start
      received = self.written
    }

    fileprivate var left: Int64 { end - received }
  }

  /// More are never made.
  static let limit = 64

  let size: Int64
  let smallest: Int64
  /// In the order in which they were made; together they are the file.
  private(set) var segments: [Segment]

  /// Equal segments of a file.
  ///
  /// - Parameters:
  ///   - size: bytes of the file, at least 1.
  ///   - count: segments, at most ``limit``; fewer where they would be smaller than `smallest`.
  init(size: Int64, count: Int, smallest: Int64) {
    self.size = size
    self.smallest = smallest
    let count = max(1, min(Int64(count), Int64(Self.limit), size / smallest))
    segments = (0..<count).map { Segment(size / count * $0, $0 == count - 1 ? size : size / count * ($0 + 1)) }
  }

  /// Of an earlier attempt.
  ///
  /// - Parameter ranges: as in ``ranges``.
  /// - Returns: nil where they are not all of a file, each byte once.
  init?(size: Int64, smallest: Int64, ranges: [(start: Int64, end: Int64, written: Int64)]) {
    self.size = size
    self.smallest = smallest
    segments = ranges.map { Segment($0.start, $0.end, written: $0.written) }
    var next: Int64 = 0
    for segment in segments.sorted(by: { $0.start < $1.start }) {
      guard segment.start == next, segment.start < segment.end, segment.start...segment.end ~= segment.written else {
        return nil
      }
      next = segment.end
    }
    guard next == size, 1...Self.limit ~= segments.count else { return nil }
  }

  /// What is kept beyond an attempt.
  var ranges: [(start: Int64, end: Int64, written: Int64)] { segments.map { ($0.start, $0.end, $0.written) } }

  subscript(id: Int) -> Segment { segments[id] }

  /// Bytes that are in the file.
  var writtenBytes: Int64 { segments.reduce(0) { $0 + $1.written - $1.start } }
  /// Whether nothing has to be brought any more.
  var isFetched: Bool { segments.allSatisfy(\.isFetched) }

  /// A session is free.
  ///
  /// - Returns: the number of the segment that it is for; nil where there is nothing to do for it.
  mutating func take() -> Int? {
    let free = segments.indices.filter { !segments[$0].isTaken && !segments[$0].isFetched }
    if let next = free.min(by: { segments[$0].start < segments[$1].start }) {
      segments[next].isTaken = true
      return next
    }
    guard segments.count < Self.limit,
      let largest = segments.indices.max(by: { segments[$0].left < segments[$1].left }),
      segments[largest].left >= 2 * smallest
    else { return nil }
    let middle = segments[largest].received + segments[largest].left / 2
    segments.append(Segment(middle, segments[largest].end))
    segments[largest].end = middle
    segments[segments.count - 1].isTaken = true
    return segments.count - 1
  }

  /// Bytes have come for a segment.
  ///
  /// - Returns: how many of them are its own; what is behind them belongs to another one.
  mutating func received(_ count: Int, for id: Int) -> Int {
    let own = Int(min(Int64(count), segments[id].left))
    segments[id].received += Int64(own)
    return own
  }

  /// A segment's bytes before an offset are in the file.
  mutating func wrote(_ id: Int, upTo offset: Int64) { segments[id].written = min(offset, segments[id].end) }

  /// All of a segment is in the file.
  mutating func fetched(_ id: Int) {
    segments[id].isTaken = false
    segments[id].isFetched = segments[id].written == segments[id].end
  }

  /// A session has ended in the middle of a segment: another one goes on with it.
  mutating func released(_ id: Int) {
    segments[id].isTaken = false
    segments[id].received = segments[id].written
  }
}
