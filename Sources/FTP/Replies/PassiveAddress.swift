/// Where a server listens for a data connection, from its reply to EPSV or PASV.
///
/// Strict, as this decides whom the client connects to. Ports below 1024 are refused: no FTP server picks one, but a
/// hostile one could aim a client at another service.
package enum PassiveAddress {
  package static let ports = 1024...65_535

  /// The port of a 229 reply: "(|||6446|)" with any delimiter (RFC 2428 section 3). The host is always the control
  /// connection's. Throws `FTPError.malformedReply`.
  package static func extendedPort(_ reply: Reply) throws(FTPError) -> Int {
    let text = reply.lines[0]
    guard reply.code == 229, let open = text.indices.first(where: { isOpening(text, at: $0) }) else {
      throw .malformedReply(reply.summary, expected: "port, as in (|||6446|)")
    }
    let delimiter = text[open + 1]
    let digits = text[(open + 4)...].prefix { $0 != delimiter }
    let end = digits.endIndex
    guard end + 1 < text.count, text[end + 1] == UInt8(ascii: ")"), let port = self.port(digits) else {
      throw .malformedReply(reply.summary, expected: "port between 1024 and 65535, as in (|||6446|)")
    }
    return port
  }

  /// The port of a 227 reply, and the host it states, which must not be connected to: it is for showing when it is not
  /// the control connection's. Six numbers with commas between them, with or without parentheses (RFC 1123 section
  /// 4.1.2.6). Throws `FTPError.malformedReply`.
  package static func port(_ reply: Reply) throws(FTPError) -> (port: Int, statedHost: [UInt8]) {
    let text = reply.lines[0]
    let run = reply.code == 227 ? firstRun(in: text) : []
    let numbers = run.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { $0.count <= 3 ? number($0).flatMap(UInt8.init(exactly:)) : nil }
    let bytes = numbers.compactMap(\.self)
    guard numbers.count == 6, bytes.count == 6 else {
      throw .malformedReply(reply.summary, expected: "address, as in (192,0,2,1,25,46)")
    }
    let port = Int(bytes[4]) << 8 | Int(bytes[5])
    guard ports ~= port else {
      throw .malformedReply(reply.summary, expected: "port between 1024 and 65535")
    }
    return (port, Array(bytes[..<4]))
  }

  /// Whether "(" and three times the same delimiter stand there.
  private static func isOpening(_ text: [UInt8], at index: Int) -> Bool {
    guard text[index] == UInt8(ascii: "("), index + 3 < text.count else { return false }
    let delimiter = text[index + 1]
    return 33...126 ~= delimiter && !isDigit(delimiter) && text[index + 2] == delimiter && text[index + 3] == delimiter
  }

  /// The first stretch of digits and commas that has a comma between digits.
  private static func firstRun(in text: [UInt8]) -> ArraySlice<UInt8> {
    let comma = UInt8(ascii: ",")
    return text.split { !isDigit($0) && $0 != comma }
      .first { $0.contains(comma) && $0.contains(where: isDigit) } ?? []
  }

  private static func port(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.count <= 5, let value = number(digits), ports ~= Int(value) else { return nil }
    return Int(value)
  }
}
