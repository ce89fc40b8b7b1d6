import FTP

/// A reply as a server sends it.
struct ServerReply: Hashable, Sendable {
  var code: Int
  /// The text of each line; those in the middle of a long reply are sent with a space in front.
  private var lines: [[UInt8]]

  init(_ code: Int, _ text: String) {
    self.code = code
    lines = [Array(text.utf8)]
  }

  init(_ code: Int, _ text: [UInt8]) {
    self.code = code
    lines = [text]
  }

  /// A long reply: `first`, the lines in between, and `last`.
  init(_ code: Int, _ first: String, _ middle: [[UInt8]], _ last: String) {
    self.code = code
    lines = [Array(first.utf8)] + middle + [Array(last.utf8)]
  }

  init(_ error: FileError) {
    self.init(error.code, error.reason)
  }

  /// `code "path" text` as in RFC 959 appendix II, quotes within the path doubled.
  static func path(_ path: RemotePath, _ text: String) -> ServerReply {
    let quote = UInt8(ascii: "\"")
    let quoted = path.bytes.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return ServerReply(257, [quote] + quoted + [quote] + Array((" " + text).utf8))
  }

  /// With CR LF at each line's end. A CR or LF within a line would forge a reply: it becomes a question mark.
  var encoded: [UInt8] {
    let number = Array(String(code).utf8)
    var bytes: [UInt8] = []
    for (index, line) in lines.enumerated() {
      if index == lines.count - 1 {
        bytes += number + [UInt8(ascii: " ")]
      } else if index == 0 {
        bytes += number + [UInt8(ascii: "-")]
      } else {
        bytes.append(UInt8(ascii: " "))
      }
      bytes += line.map { $0 == 0x0D || $0 == 0x0A ? UInt8(ascii: "?") : $0 }
      bytes += [0x0D, 0x0A]
    }
    return bytes
  }

  var logged: String {
    "\(code) " + lines.map(SafeText.escape).joined(separator: " / ")
  }
}
