import NIOCore

/// Cuts what a client sends into command lines.
struct LineSplitter {
  /// The longest line, without its end: a verb and the longest path of Linux, with room to spare.
  static let limit = 8 << 10

  private var buffer = ByteBuffer()
  /// How many of the buffered bytes are known to hold no end of a line.
  private var searched = 0

  struct LineTooLong: Error, Hashable {}

  /// Whether nothing is left, not even a part of a line.
  var isEmpty: Bool { buffer.readableBytes == 0 }

  mutating func append(_ bytes: ByteBuffer) {
    var bytes = bytes
    buffer.discardReadBytes()
    buffer.writeBuffer(&bytes)
  }

  /// The next complete line without its CR LF (or bare LF); nil when none is complete.
  mutating func next() throws(LineTooLong) -> [UInt8]? {
    let view = buffer.readableBytesView
    guard let end = view.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) else {
      searched = view.count
      if view.count > Self.limit { throw LineTooLong() }
      return nil
    }
    let count = end - view.startIndex
    guard count <= Self.limit, var line = buffer.readBytes(length: count + 1) else { throw LineTooLong() }
    searched = 0
    line.removeLast()
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return line
  }
}
