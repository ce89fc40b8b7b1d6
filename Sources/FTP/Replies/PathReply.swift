/// The path in a 257 reply to PWD or MKD: in quotes, with quotes in it doubled (RFC 959 appendix II).
package enum PathReply {
  /// Throws `FTPError.malformedReply` without a complete quoted path or with control bytes in it, and
  /// `FTPError.relativePath` for the paths of systems unlike Unix.
  package static func path(in reply: Reply) throws(FTPError) -> RemotePath {
    guard reply.code == 257, let path = unquoted(reply.lines[0]) else {
      throw .malformedReply(reply.summary, expected: "path in quotes")
    }
    return try RemotePath(path)
  }

  /// `path` as a server says it.
  package static func quoted(_ path: RemotePath) -> [UInt8] {
    [quote] + path.bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }

  /// What stands between the first quote, which only blanks may come before, and the one that ends it.
  private static func unquoted(_ line: [UInt8]) -> [UInt8]? {
    let start = line.prefix { $0 == UInt8(ascii: " ") }.count
    guard start < line.count, line[start] == quote else { return nil }
    var path: [UInt8] = []
    var index = start + 1
    while index < line.count {
      let byte = line[index]
      if byte < 0x20 || byte == 0x7F { return nil }
      if byte == quote {
        guard index + 1 < line.count, line[index + 1] == quote else { return path }
        index += 1
      }
      path.append(byte)
      index += 1
    }
    return nil
  }

  private static let quote = UInt8(ascii: "\"")
}
