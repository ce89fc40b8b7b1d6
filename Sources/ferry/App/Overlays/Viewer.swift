import FTP
import Terminal

/// The pager on F3: the beginning of a file, more of it as one goes on, as text or in hexadecimal.
struct Viewer: Equatable, Sendable {
  /// Bytes asked for at a time, and kept at most.
  static let step = 256 * 1024
  static let limit = 32 * 1024 * 1024

  enum Mode: Hashable, Sendable {
    case text, hex
  }

  let file: Place
  /// Nil while the size is unknown.
  var size: Int64?
  let ticket: Int
  var bytes: [UInt8] = []
  /// Where each line begins.
  var lineStarts: [Int] = [0]
  var mode = Mode.text
  /// The first line, or the first row of sixteen bytes, on the screen.
  var top = 0
  /// Columns scrolled out on the left, text only.
  var left = 0
  var isReading = true
  var isComplete = false
  var problem: String?
  /// Being typed after `/`.
  var search: TextField?
  var pattern = ""
  /// Where the pattern was found last.
  var match: Range<Int>?
  var said: String?

  init(file: Place, size: Int64?, ticket: Int) {
    self.file = file
    self.size = size
    self.ticket = ticket
  }

  static func == (left: Viewer, right: Viewer) -> Bool { left.ticket == right.ticket && left.top == right.top }

  /// Lines, or rows of sixteen bytes.
  var rowCount: Int {
    switch mode {
    case .text: lineStarts.count - (lineStarts[lineStarts.count - 1] == bytes.count && lineStarts.count > 1 ? 1 : 0)
    case .hex: (bytes.count + 15) / 16
    }
  }

  /// A line without its end.
  func line(_ index: Int) -> ArraySlice<UInt8> {
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return bytes[start..<max(start, end)]
  }

  mutating func received(_ chunk: FileChunk) {
    guard chunk.offset == bytes.count else { return }
    let old = bytes.count
    bytes += chunk.bytes
    for index in old..<bytes.count where bytes[index] == UInt8(ascii: "\n") { lineStarts.append(index + 1) }
    isReading = false
    isComplete = chunk.isLast || bytes.count >= Self.limit
    if old == 0, bytes.prefix(4096).contains(0) { mode = .hex }
  }

  mutating func scroll(to row: Int, height: Int) { top = max(0, min(row, rowCount - height)) }

  /// Whether the end of what was read is near.
  func wantsMore(height: Int) -> Bool { !isReading && !isComplete && problem == nil && top + 2 * height >= rowCount }

  // MARK: Searching

  /// Goes to the next place of the pattern, from the last one or from the top.
  mutating func findNext(height: Int) {
    let wanted = Array(pattern.lowercased().utf8)
    guard !wanted.isEmpty else { return }
    let start =
      match.map { $0.lowerBound + 1 } ?? (mode == .text ? lineStarts[min(top, lineStarts.count - 1)] : top * 16)
    guard let found = Self.find(wanted, in: bytes, from: start) ?? Self.find(wanted, in: bytes, from: 0) else {
      match = nil
      said = "“\(SafeText.escape(pattern))” is not in what was read."
      return
    }
    said = found < start ? "Went on from the top." : nil
    match = found..<(found + wanted.count)
    let row = mode == .hex ? found / 16 : (lineStarts.lastIndex { $0 <= found } ?? 0)
    if row < top || row >= top + height { scroll(to: row - height / 3, height: height) }
  }

  private static func find(_ wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= wanted.count, start <= bytes.count - wanted.count else { return nil }
    return bytes.withUnsafeBufferPointer { bytes in
      (start...(bytes.count - wanted.count)).first { index in
        wanted.indices.allSatisfy { offset in
          let byte = bytes[index + offset]
          return (byte &- 0x41 < 26 ? byte | 0x20 : byte) == wanted[offset]
        }
      }
    }
  }
}
