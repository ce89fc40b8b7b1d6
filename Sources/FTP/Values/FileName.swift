/// One component of a path: the bytes a server or a file system knows a file by, in no particular encoding.
///
/// Never empty, ".", "..", and without "/" and NUL, so that it can be put below a folder without leaving it.
package struct FileName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// Throws `FTPError.invalidName` for bytes that are not one component.
  package init(_ bytes: some Collection<UInt8>) throws(FTPError) {
    let bytes = Array(bytes)
    if let problem = Self.problem(with: bytes.span) {
      throw .invalidName(problem, name: SafeText.excerpt(bytes))
    }
    self.bytes = bytes
  }

  /// The UTF-8 of `text`, unnormalised. Throws `FTPError.invalidName`.
  package init(_ text: String) throws(FTPError) {
    try self.init(text.utf8)
  }

  /// For bytes already known to have no `problem`.
  init(unchecked bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Decoded as UTF-8 with U+FFFD for what is not UTF-8: for showing only, and not safe for a terminal as it is.
  package var text: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The name with everything invisible escaped.
  package var description: String {
    SafeText.escape(bytes)
  }

  /// By bytes, so that the order is the same everywhere.
  package static func < (left: FileName, right: FileName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// Nil if `bytes` are one path component.
  static func problem(with bytes: Span<UInt8>) -> NameProblem? {
    if bytes.isEmpty { return .empty }
    for index in bytes.indices {
      switch bytes[index] {
      case 0x00: return .nul
      case UInt8(ascii: "/"): return .slash
      default: continue
      }
    }
    let dot = UInt8(ascii: ".")
    if bytes[0] == dot, bytes.count == 1 || bytes.count == 2 && bytes[1] == dot { return .dots }
    return nil
  }
}
