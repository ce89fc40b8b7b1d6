package import FTP

/// The name under which a file is written until it is complete: `.NAME.TOKEN.ferry.part`, hidden, beside the target.
package enum PartName {
  /// What a file system takes as one name, in bytes.
  private static let limit = 255
  private static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

  /// The name for a target; a long one is shortened, at the start of a UTF-8 character, to what a file system takes.
  ///
  /// - Parameter token: random, drawn once for each item and kept with it: 50 bits of it are used.
  package static func make(for target: FileName, token: UInt64) -> FileName {
    make(for: target, token: token, suffix: Array(".ferry.part".utf8))
  }

  /// A name for what stands at the target, while it is put aside for a moment: never that of the part, which is written
  /// over and removed.
  static func aside(for target: FileName, token: UInt64) -> FileName {
    make(for: target, token: token, suffix: Array(".ferry.aside".utf8))
  }

  private static func make(for target: FileName, token: UInt64, suffix: [UInt8]) -> FileName {
    let random = (0..<10).map { alphabet[Int(token >> (UInt64($0) * 5) & 31)] }
    let room = limit - 2 - random.count - suffix.count
    let dot = UInt8(ascii: ".")
    return FileName(checked: [dot] + target.bytes.prefix(wholeCharacters: room) + [dot] + random + suffix)
  }
}

extension FileName {
  /// A name put together from valid ones: never empty, never with a slash or NUL.
  init(checked bytes: [UInt8]) {
    do { try self.init(bytes) } catch { preconditionFailure("not a file name: \(error)") }
  }
}

extension [UInt8] {
  /// As many bytes as fit in `count` without cutting a UTF-8 character.
  func prefix(wholeCharacters count: Int) -> [UInt8] {
    guard self.count > count else { return self }
    var end = count
    // Bytes that are not UTF-8 may have no start of a character anywhere near: then they are cut as they are.
    while end > Swift.max(0, count - 3), self[end] & 0xC0 == 0x80 { end -= 1 }
    if self[end] & 0xC0 == 0x80 { end = count }
    return Array(self[..<end])
  }
}
