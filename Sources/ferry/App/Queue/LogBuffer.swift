/// The newest lines of what sessions said and heard.
struct LogBuffer: Sendable {
  static let capacity = 2000

  private var lines: [LogLine] = []
  /// The oldest line's index once the buffer is full.
  private var start = 0

  var count: Int { lines.count }

  /// Line 0 is the oldest.
  subscript(index: Int) -> LogLine { lines[(start + index) % lines.count] }

  mutating func append(_ line: LogLine) {
    if lines.count < Self.capacity {
      lines.append(line)
    } else {
      lines[start] = line
      start = (start + 1) % Self.capacity
    }
  }
}

/// One line of the log. Its text is escaped and has no secrets in it.
struct LogLine: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case command, reply, status, error
  }

  /// Seconds since 1970, UTC.
  var time: Int64
  /// The session's number; nil for Ferry itself.
  var session: Int?
  var kind: Kind
  var text: String
}
