/// Cuts what comes in on a control connection into replies, however it was split on its way, in linear time.
///
/// Lines may end with LF alone. Blank lines between replies are passed over. After an error the parser stays failed:
/// what follows cannot be told apart any more.
package struct ReplyParser: Sendable {
  /// Bytes of one line, without its end.
  package static let lineLimit = 16_384
  package static let lineCountLimit = 1000
  /// Bytes of all lines of one reply.
  package static let replyLimit = 65_536

  private var buffer: [UInt8] = []
  /// Where the first line that is not yet taken starts.
  private var start = 0
  /// How far that line has been looked at.
  private var scanned = 0
  private var open: OpenReply?
  private var failure: FTPError?

  private struct OpenReply {
    let code: Int
    var lines: [[UInt8]]
    var size: Int
  }

  package init() {}

  /// Whether nothing is left over: no byte of a next reply, and no reply that has begun. Must be true where AUTH has
  /// been answered, as anything more was not protected by TLS and would be read as if it had been.
  package var isEmpty: Bool {
    start == buffer.count && open == nil && failure == nil
  }

  package mutating func append(_ bytes: some Collection<UInt8>) {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      start = 0
      scanned = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next complete reply; nil if more bytes are needed.
  package mutating func next() throws(FTPError) -> Reply? {
    if let failure { throw failure }
    do {
      while let line = try nextLine() {
        if let reply = try take(line) { return reply }
      }
      compact()
      return nil
    } catch {
      failure = error
      throw error
    }
  }

  /// Drops what has been taken once it is worth a copy.
  private mutating func compact() {
    guard start > 4096, start * 2 > buffer.count else { return }
    buffer.removeFirst(start)
    scanned -= start
    start = 0
  }

  private mutating func nextLine() throws(FTPError) -> ArraySlice<UInt8>? {
    while scanned < buffer.count {
      let byte = buffer[scanned]
      if byte == 0x0A {
        var end = scanned
        while end > start, buffer[end - 1] == 0x0D { end -= 1 }
        let line = buffer[start..<end]
        scanned += 1
        start = scanned
        return line
      }
      // Carriage returns may still turn out to be part of the line's end.
      if scanned - start >= Self.lineLimit, byte != 0x0D || scanned - start > Self.lineLimit {
        throw .replyLineTooLong(limit: Self.lineLimit)
      }
      if byte < 0x20, byte != 0x0D, byte != 0x09 { try refuseControl(byte) }
      scanned += 1
    }
    return nil
  }

  /// Binary bytes before a code is through are another protocol, such as a TLS alert: not worth waiting for a line's
  /// end that may never come. Within a text they are the display's concern.
  private func refuseControl(_ byte: UInt8) throws(FTPError) {
    if open == nil, Self.head(of: buffer[start..<scanned]) == nil {
      throw .notAReply(SafeText.excerpt(buffer[start...scanned]))
    }
    if byte == 0x00 { throw .nulInReply }
  }

  private mutating func take(_ line: ArraySlice<UInt8>) throws(FTPError) -> Reply? {
    let head = Self.head(of: line)
    guard var reply = open else {
      if line.isEmpty { return nil }
      guard let head else { throw .notAReply(SafeText.excerpt(line)) }
      let text = Array(line.dropFirst(4))
      if head.isLast { return Reply(head.code, lines: [text]) }
      open = OpenReply(code: head.code, lines: [text], size: line.count)
      return nil
    }
    open = nil
    reply.size += line.count
    guard reply.lines.count < Self.lineCountLimit, reply.size <= Self.replyLimit else {
      throw .replyTooLong(lines: Self.lineCountLimit, bytes: Self.replyLimit)
    }
    let belongs = head?.code == reply.code && line.count > 3
    reply.lines.append(belongs ? Array(line.dropFirst(4)) : Array(line))
    if belongs, head?.isLast == true { return Reply(reply.code, lines: reply.lines) }
    open = reply
    return nil
  }

  /// The code at the start of a line, and whether a line that starts so ends a reply; nil for other lines. A code
  /// with nothing behind it counts as one where a reply starts, but does not end one of several lines.
  private static func head(of line: ArraySlice<UInt8>) -> (code: Int, isLast: Bool)? {
    let digits = line.prefix(3)
    guard digits.count == 3, digits.allSatisfy(isDigit) else { return nil }
    let code = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
    guard 100...699 ~= code else { return nil }
    switch line.dropFirst(3).first {
    case UInt8(ascii: " "), nil: return (code, true)
    case UInt8(ascii: "-"): return (code, false)
    default: return nil
    }
  }
}
