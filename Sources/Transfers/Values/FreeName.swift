package import FTP

/// Names for a file whose own name is taken: `name (2).ext`, `name (3).ext` and so on.
package enum FreeName {
  /// What a file system takes as one name, in bytes.
  private static let limit = 255

  /// The name with a number, from 2. The extension stays at the end, also a double one such as `.tar.gz`; a long name
  /// is shortened before the number.
  package static func numbered(_ name: FileName, _ number: Int) -> FileName {
    let dot = UInt8(ascii: ".")
    let mark = Array(" (\(number))".utf8)
    var cut = name.bytes.count
    if let last = name.bytes.lastIndex(of: dot), last > 0, name.bytes.count - last <= 16 {
      cut = last
      let stem = name.bytes[..<last]
      if stem.reversed().starts(with: ".tar".utf8.reversed()), stem.count > 4 { cut = last - 4 }
    }
    let end = name.bytes[cut...]
    let stem = Array(name.bytes[..<cut]).prefix(wholeCharacters: limit - mark.count - end.count)
    return FileName(checked: stem + mark + end)
  }
}
