/// Turns scalars into glyphs that are safe to show; the rules are `DisplayText`'s.
struct DisplayFilter {
  private var glyphs: [DisplayText.Glyph] = []
  /// A joiner after an emoji: left out if another emoji follows, else shown.
  private var joinerIsPending = false
  private var previousIsEmoji = false

  private static let joiner: UInt32 = 0x200d
  private static let dottedCircle: UInt32 = 0x25cc
  private static let marksPerGlyph = 4

  /// The next scalar of the text.
  mutating func add(_ scalar: UInt32) {
    if scalar >= 0x20, scalar < 0x7f, !joinerIsPending {
      previousIsEmoji = false
      glyphs.append(DisplayText.Glyph(scalar: scalar, width: 1, isEscape: false))
    } else {
      addUncommon(scalar)
    }
  }

  /// A byte that is not part of well-formed UTF-8.
  mutating func addInvalid(_ byte: UInt8) {
    settleJoiner()
    escape("\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true))
  }

  /// The glyphs of all that was added.
  mutating func finish() -> [DisplayText.Glyph] {
    settleJoiner()
    return glyphs
  }

  private mutating func addUncommon(_ scalar: UInt32) {
    let followsEmoji = previousIsEmoji
    if joinerIsPending {
      let joins = Unicode.Scalar(scalar).map(Self.isEmoji) ?? false
      if joins { joinerIsPending = false } else { settleJoiner() }
    }
    switch scalar {
    case 0..<0x20: picture(0x2400 + scalar)
    case 0x7f: picture(0x2421)
    case 0x20..<0x7f, 0xa1...0xac, 0xae...0x2ff: show(scalar, width: 1)
    case 0x80...0xa0, 0xad: escape(scalar)
    case 0x4e00...0x9fff, 0xac00...0xd7a3: show(scalar, width: 2)
    default: addByProperties(scalar, followsEmoji: followsEmoji)
    }
  }

  private mutating func addByProperties(_ value: UInt32, followsEmoji: Bool) {
    guard let scalar = Unicode.Scalar(value) else { return escape(value) }
    switch value {
    case Self.joiner where followsEmoji:
      joinerIsPending = true
      previousIsEmoji = true
      return
    case 0xfe0e, 0xfe0f, 0x1f3fb...0x1f3ff:
      if followsEmoji { return }
    case 0x1f1e6...0x1f1ff:
      return picture(0x41 + value - 0x1f1e6)
    case 0x1160...0x11ff, 0xd7b0...0xd7ff:
      return addMark(value)
    case 0x2800:
      return escape(value)
    default: break
    }
    let properties = scalar.properties
    if properties.isDefaultIgnorableCodePoint { return escape(value) }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: addMark(value)
    case .format, .control, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: escape(value)
    case .spaceSeparator where value != 0x3000: escape(value)
    default:
      show(value, width: ScalarWidth.columns(value))
      previousIsEmoji = Self.isEmoji(scalar)
    }
  }

  private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool { scalar.value > 0x7f && scalar.properties.isEmoji }

  private mutating func settleJoiner() {
    guard joinerIsPending else { return }
    joinerIsPending = false
    escape(Self.joiner)
  }

  private mutating func show(_ scalar: UInt32, width: UInt8) {
    previousIsEmoji = false
    glyphs.append(DisplayText.Glyph(scalar: scalar, width: width, isEscape: false))
  }

  private mutating func picture(_ scalar: UInt32) {
    previousIsEmoji = false
    glyphs.append(DisplayText.Glyph(scalar: scalar, width: 1, isEscape: true))
  }

  private mutating func escape(_ scalar: UInt32) {
    escape("\\u{" + String(scalar, radix: 16, uppercase: true) + "}")
  }

  private mutating func escape(_ text: String) {
    previousIsEmoji = false
    for scalar in text.unicodeScalars {
      glyphs.append(DisplayText.Glyph(scalar: scalar.value, width: 1, isEscape: true))
    }
  }

  private mutating func addMark(_ mark: UInt32) {
    guard let last = glyphs.indices.last, !glyphs[last].isEscape || !glyphs[last].marks.isEmpty else {
      glyphs.append(DisplayText.Glyph(scalar: Self.dottedCircle, width: 1, isEscape: true, marks: [mark]))
      return
    }
    if glyphs[last].marks.count < Self.marksPerGlyph {
      glyphs[last].marks.append(mark)
    } else {
      glyphs[last].isEscape = true
    }
  }
}
