import FTP

/// One command line of a client: the verb in capitals, and its argument as the bytes that came.
struct Request: Hashable, Sendable {
  var verb: String
  /// All that follows the one space after the verb, so that names may begin and end with spaces; empty if nothing does.
  var argument: [UInt8]

  /// Nil for a line that can be no command: no verb, or a NUL or CR inside.
  init?(_ line: [UInt8]) {
    // Telnet's interrupt and synch (RFC 959 section 4.1.3, ABOR) come before a verb, never within one.
    let line = line.drop { $0 >= 0x80 }
    let end = line.firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
    let letters = line[..<end]
    guard !letters.isEmpty, letters.count <= 16, letters.allSatisfy(Self.isLetter),
      !line.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\r") })
    else { return nil }
    verb = String(decoding: letters.map { $0 & ~0x20 }, as: UTF8.self)
    argument = Array(line[end...].dropFirst())
  }

  /// The argument for a log: passwords masked, bytes escaped.
  var logged: String {
    if argument.isEmpty { return verb }
    return verb + " " + (verb == "PASS" || verb == "ACCT" ? "••••" : SafeText.escape(argument))
  }

  /// The argument as words in capitals; for arguments that are no names.
  var words: [String] {
    argument.split(separator: UInt8(ascii: " ")).map { word in
      String(decoding: word.map { (0x61...0x7A).contains($0) ? $0 & ~0x20 : $0 }, as: UTF8.self)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte & ~0x20)
  }
}
