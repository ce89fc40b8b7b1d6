/// Why something cannot be said in FTP, or what a server said cannot be understood.
///
/// Foreign bytes in a `description` are escaped.
package enum FTPError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes that cannot be the name of one file or folder.
  case invalidName(NameProblem, name: String)
  /// A path that does not start at the root.
  case relativePath(String)
  /// CR, LF or NUL in the argument of a command: it would end the command early and start another one.
  case forbiddenByte(UInt8, in: String)
  /// The peer's line is not a reply at all: another protocol, or TLS where plain text was expected.
  case notAReply(String)
  /// A reply with a NUL byte, which no honest server sends.
  case nulInReply
  /// A line of a reply above `limit` bytes.
  case replyLineTooLong(limit: Int)
  /// A reply above this many lines or bytes.
  case replyTooLong(lines: Int, bytes: Int)
  /// A reply whose code fits, but whose text does not hold what it must.
  case malformedReply(String, expected: String)
  /// A text that is not an address Ferry can use.
  case address(AddressProblem)
  /// A listing in which not one line was understood.
  case unreadableListing(lines: Int, first: String)

  package var description: String {
    switch self {
    case .invalidName(let problem, let name): "“\(name)” cannot be the name of a file: \(problem)"
    case .relativePath(let path): "“\(path)” is not an absolute path: it must start with “/”"
    case .forbiddenByte(let byte, let text):
      "“\(text)” contains \(Self.name(of: byte)), which cannot be sent in an FTP command"
    case .notAReply(let text):
      text.isEmpty ? "the peer does not speak FTP" : "the peer does not speak FTP: it said “\(text)”"
    case .nulInReply: "the server sent a reply with a NUL byte in it"
    case .replyLineTooLong(let limit): "the server sent a reply line of more than \(limit) bytes"
    case .replyTooLong(let lines, let bytes):
      "the server sent a reply of more than \(lines) lines or \(bytes) bytes"
    case .malformedReply(let text, let expected): "the server's reply “\(text)” holds no \(expected)"
    case .address(let problem): problem.description
    case .unreadableListing(let lines, let first):
      lines == 1
        ? "the listing's only line could not be understood: “\(first)”"
        : "none of the listing's \(lines) lines could be understood; the first is “\(first)”"
    }
  }

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x00: "a NUL byte"
    case 0x0A: "a line feed"
    case 0x0D: "a carriage return"
    default: "the byte \(byte)"
    }
  }
}

/// What keeps bytes from being one path component.
package enum NameProblem: Hashable, Sendable, CustomStringConvertible {
  case empty
  /// "." or "..", which mean a folder itself and the one above.
  case dots
  case slash
  case nul

  package var description: String {
    switch self {
    case .empty: "it is empty"
    case .dots: "it stands for a folder itself or the one above"
    case .slash: "it contains a “/”"
    case .nul: "it contains a NUL byte"
    }
  }
}
