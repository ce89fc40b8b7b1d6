import Terminal

/// Texts of a diagram.
enum DiagramText {
  /// Seconds with three places behind the point, from an hour on hours and minutes: at most nine columns.
  static func time(_ time: Duration) -> String {
    let parts = time.components
    let milliseconds = max(0, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
    guard milliseconds < 3_600_000 else {
      return "\(milliseconds / 3_600_000)h\(padded(milliseconds / 60_000 % 60, 2))m"
    }
    return "\(milliseconds / 1000).\(padded(milliseconds % 1000, 3))"
  }

  /// "4,301 bytes"
  static func bytes(_ count: Int64) -> String {
    count == 1 ? "1 byte" : "\(ByteText.exact(count)) bytes"
  }

  /// Breaks a text between words into lines of at most `width` columns; longer words are cut.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = String(word)
      if DisplayText.width(of: word) > width { word = DisplayText(word).clipped(to: width).text }
      if !line.isEmpty, DisplayText.width(of: line) + 1 + DisplayText.width(of: word) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// A fingerprint's pairs in lines of `count` bytes.
  static func pairs(_ bytes: [UInt8], inLinesOf count: Int) -> [String] {
    stride(from: 0, to: bytes.count, by: count).map { start in
      bytes[start..<min(start + count, bytes.count)].map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }.joined(separator: ":")
    }
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
