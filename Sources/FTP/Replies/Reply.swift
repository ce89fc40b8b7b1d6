/// A server's answer (RFC 959 section 4.2).
package struct Reply: Equatable, Sendable {
  /// 100...699.
  package let code: Int
  /// The text after the code, at least one line, without line ends. The inner lines of a multi-line reply are whole
  /// lines as sent, blanks in front included, except that a repeated "code-" is taken off.
  package let lines: [[UInt8]]

  package init(_ code: Int, lines: [[UInt8]]) {
    precondition(100...699 ~= code && !lines.isEmpty)
    self.code = code
    self.lines = lines
  }

  package init(_ code: Int, _ text: String) {
    self.init(code, lines: [Array(text.utf8)])
  }

  /// 1yz: more will follow.
  package var isPreliminary: Bool { code / 100 == 1 }
  /// 2yz: done.
  package var isCompletion: Bool { code / 100 == 2 }
  /// 3yz: the server waits for the command that belongs to it.
  package var isIntermediate: Bool { code / 100 == 3 }
  /// 4yz: refused, and might work later.
  package var isTransientFailure: Bool { code / 100 == 4 }
  /// 5yz: refused.
  package var isPermanentFailure: Bool { code / 100 == 5 }

  /// The first line, lossy UTF-8: not safe for a terminal as it is.
  package var text: String {
    String(decoding: lines[0], as: UTF8.self)
  }

  /// "550 No such file", for errors and logs: the first line that says something, escaped.
  package var summary: String {
    var line = lines.first { $0.contains { $0 != UInt8(ascii: " ") } } ?? []
    // It stands within sentences that have a full stop of their own.
    if line.last == UInt8(ascii: "."), line.dropLast().last != UInt8(ascii: ".") { line.removeLast() }
    return line.isEmpty ? String(code) : "\(code) \(SafeText.excerpt(line, limit: 400))"
  }

  /// The lines as they were sent, escaped.
  package var logged: [String] {
    lines.enumerated().map { index, line in
      let text = SafeText.escape(line)
      if index == lines.count - 1 { return "\(code) \(text)" }
      return index == 0 ? "\(code)-\(text)" : text
    }
  }

  /// The bytes to send, for a server. Throws `FTPError.forbiddenByte` for CR, LF or NUL in a line.
  package func encoded() throws(FTPError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, line) in lines.enumerated() {
      for byte in line where byte == 0x00 || byte == 0x0A || byte == 0x0D {
        throw .forbiddenByte(byte, in: SafeText.excerpt(line))
      }
      if index == lines.count - 1 {
        bytes += Array("\(code) ".utf8)
      } else if index == 0 || line.first.map(isDigit) == true {
        bytes += Array("\(code)-".utf8)
      }
      bytes += line
      bytes += [0x0D, 0x0A]
    }
    return bytes
  }
}
