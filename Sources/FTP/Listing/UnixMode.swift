/// The first column of ls -l: "drwxr-xr-x".
struct UnixMode {
  /// How many bytes it takes, a mark for further access rules included.
  let length: Int
  let type: UInt8
  /// 0...0o7777; nil where the letters are hidden.
  let permissions: UInt16?

  /// The mode that starts at `start`; nil where none does.
  init?(_ line: Span<UInt8>, at start: Int) {
    guard start + 10 <= line.count, Self.isType(line[start]) else { return nil }
    var bits: UInt16 = 0
    var isHidden = false
    for index in 0..<9 {
      let bit: UInt16 = 0o400 >> UInt16(index)
      // setuid, setgid and sticky stand where the three "x" do.
      let special: UInt16 = 0o4000 >> UInt16(index / 3)
      switch line[start + 1 + index] {
      case UInt8(ascii: "-"): break
      case UInt8(ascii: "r") where index % 3 == 0: bits |= bit
      case UInt8(ascii: "w") where index % 3 == 1: bits |= bit
      case UInt8(ascii: "x") where index % 3 == 2: bits |= bit
      case UInt8(ascii: "s") where index == 2 || index == 5, UInt8(ascii: "t") where index == 8: bits |= bit | special
      case UInt8(ascii: "S") where index == 2 || index == 5, UInt8(ascii: "T") where index == 8: bits |= special
      // Mandatory locking, of System V.
      case UInt8(ascii: "l") where index == 5, UInt8(ascii: "L") where index == 5: bits |= special
      case UInt8(ascii: "?"): isHidden = true
      default: return nil
      }
    }
    var end = start + 10
    // Access lists, SELinux, extended attributes.
    if end < line.count {
      switch line[end] {
      case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "*"): end += 1
      default: break
      }
    }
    guard end < line.count, isBlank(line[end]) || isDigit(line[end]) else { return nil }
    type = line[start]
    permissions = isHidden ? nil : bits
    length = end - start
  }

  var isDevice: Bool { type == UInt8(ascii: "c") || type == UInt8(ascii: "b") }
  var isLink: Bool { type == UInt8(ascii: "l") }

  /// What the first letter says; a link's target stands elsewhere.
  var kind: ListingEntry.Kind {
    switch type {
    case UInt8(ascii: "-"): .file
    case UInt8(ascii: "d"): .directory
    case UInt8(ascii: "l"): .symbolicLink(target: nil)
    default: .other
    }
  }

  private static func isType(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "d"), UInt8(ascii: "l"), UInt8(ascii: "b"), UInt8(ascii: "c"),
      UInt8(ascii: "p"), UInt8(ascii: "s"), UInt8(ascii: "D"), UInt8(ascii: "n"), UInt8(ascii: "C"), UInt8(ascii: "M"),
      UInt8(ascii: "P"), UInt8(ascii: "w"), UInt8(ascii: "e"), UInt8(ascii: "?"):
      true
    default: false
    }
  }
}
