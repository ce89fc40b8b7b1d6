/// How far the segments of a part file have come, kept at its end: behind the bytes of the file that it is to become.
///
/// So a part file that has holes is always longer than the whole file: nobody takes it for its beginning, and what it
/// holds can be told without the queue's journal. It is cut off when all is there.
enum SegmentRecord {
  /// Bytes of it.
  static let length: Int64 = 8_192
  private static let mark = "ferry segments 1"

  static func bytes(_ plan: SegmentPlan) -> [UInt8] {
    let ranges = plan.ranges.map { "\($0.start) \($0.end) \($0.written)" }.joined(separator: "\n")
    let text = Array("\(mark)\n\(plan.size)\n\(ranges)\n".utf8)
    let bytes = checkSum(text) + [UInt8(truncatingIfNeeded: text.count >> 8), UInt8(truncatingIfNeeded: text.count)]
    return bytes + text + [UInt8](repeating: 0, count: Int(length) - bytes.count - text.count)
  }

  /// Nil for anything that is not whole, or of a file of another size.
  static func plan(_ bytes: [UInt8], size: Int64, smallest: Int64) -> SegmentPlan? {
    guard bytes.count == Int(length) else { return nil }
    let count = Int(bytes[4]) << 8 | Int(bytes[5])
    guard 6 + count <= bytes.count else { return nil }
    let text = Array(bytes[6..<6 + count])
    guard checkSum(text) == Array(bytes[..<4]) else { return nil }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    guard lines.count > 2, lines[0] == mark, Int64(lines[1]) == size else { return nil }
    var ranges: [(start: Int64, end: Int64, written: Int64)] = []
    for line in lines[2...] {
      let numbers = line.split(separator: " ").compactMap { Int64($0) }
      guard numbers.count == 3 else { return nil }
      ranges.append((numbers[0], numbers[1], numbers[2]))
    }
    return SegmentPlan(size: size, smallest: smallest, ranges: ranges)
  }

  private static func checkSum(_ text: [UInt8]) -> [UInt8] {
    var sum = CRC32()
    text.withUnsafeBytes { sum.update($0) }
    return sum.value
  }
}
