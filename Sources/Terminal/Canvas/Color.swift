/// A colour: the terminal's own default, one of its palette, or red, green and blue.
///
/// What the terminal cannot show is brought to the nearest it can (`TerminalScreen.colors`).
package struct Color: Hashable, Sendable {
  /// What a colour is.
  package enum Kind: Hashable, Sendable {
    /// The terminal's own foreground or background.
    case `default`
    /// A palette entry: 0...7 dark, 8...15 bright, 16...255 the 6x6x6 cube and the greys.
    case indexed(UInt8)
    /// Red, green and blue, 0...255.
    case rgb(UInt8, UInt8, UInt8)
  }

  /// 0 default; 1 in the top byte: palette; 2 in the top byte: red, green, blue in the lower three.
  let raw: UInt32

  /// The terminal's own foreground or background.
  package static let `default` = Color(raw: 0)

  /// A palette entry, 0...255.
  package static func indexed(_ index: UInt8) -> Color { Color(raw: 0x0100_0000 | UInt32(index)) }

  /// Red, green and blue, 0...255 each.
  package static func rgb(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Color {
    Color(raw: 0x0200_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
  }

  /// What this colour is, for a switch.
  package var kind: Kind {
    switch raw >> 24 {
    case 0: .default
    case 1: .indexed(UInt8(truncatingIfNeeded: raw))
    default:
      .rgb(
        UInt8(truncatingIfNeeded: raw >> 16), UInt8(truncatingIfNeeded: raw >> 8), UInt8(truncatingIfNeeded: raw))
    }
  }
}

extension Color {
  /// The eight dark palette colours and the eight bright ones, by their usual names.
  package static let black = Color.indexed(0)
  package static let red = Color.indexed(1)
  package static let green = Color.indexed(2)
  package static let yellow = Color.indexed(3)
  package static let blue = Color.indexed(4)
  package static let magenta = Color.indexed(5)
  package static let cyan = Color.indexed(6)
  package static let white = Color.indexed(7)
  package static let brightBlack = Color.indexed(8)
  package static let brightRed = Color.indexed(9)
  package static let brightGreen = Color.indexed(10)
  package static let brightYellow = Color.indexed(11)
  package static let brightBlue = Color.indexed(12)
  package static let brightMagenta = Color.indexed(13)
  package static let brightCyan = Color.indexed(14)
  package static let brightWhite = Color.indexed(15)
}

extension Color {
  /// Half as bright if it is RGB; others stay as they are.
  func darkened() -> Color {
    guard case .rgb(let red, let green, let blue) = kind else { return self }
    return .rgb(red / 2, green / 2, blue / 2)
  }
}

extension Color: CustomStringConvertible {
  /// `default`, `12` or `#ff8811`.
  package var description: String {
    switch kind {
    case .default: return "default"
    case .indexed(let index): return "\(index)"
    case .rgb:
      let digits = String(raw & 0xff_ffff, radix: 16)
      return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
  }
}
