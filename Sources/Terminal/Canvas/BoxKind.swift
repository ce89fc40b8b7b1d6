/// The kinds of line that boxes are drawn with.
package enum BoxKind: Hashable, Sendable, CaseIterable {
  /// `┌─┐│└┘`
  case single
  /// `╔═╗║╚╝`
  case double
  /// `╭─╮│╰╯`
  case rounded
  /// `┏━┓┃┗┛`
  case heavy
  /// `+-+|++`: for fonts and readers without line characters.
  case ascii

  /// The characters a kind is made of; each is one cell wide.
  package struct Glyphs: Hashable, Sendable {
    package let horizontal, vertical: Unicode.Scalar
    package let topLeft, topRight, bottomLeft, bottomRight: Unicode.Scalar
    /// Where a line inside meets the left, right, top and bottom side, and where two lines cross.
    package let teeLeft, teeRight, teeTop, teeBottom, cross: Unicode.Scalar

    fileprivate init(_ all: String) {
      let scalars = Array(all.unicodeScalars)
      horizontal = scalars[0]
      vertical = scalars[1]
      (topLeft, topRight, bottomLeft, bottomRight) = (scalars[2], scalars[3], scalars[4], scalars[5])
      (teeLeft, teeRight, teeTop, teeBottom) = (scalars[6], scalars[7], scalars[8], scalars[9])
      cross = scalars[10]
    }
  }

  /// The characters of this kind.
  package var glyphs: Glyphs {
    switch self {
    case .single: Self.singleGlyphs
    case .double: Self.doubleGlyphs
    case .rounded: Self.roundedGlyphs
    case .heavy: Self.heavyGlyphs
    case .ascii: Self.asciiGlyphs
    }
  }

  private static let singleGlyphs = Glyphs("─│┌┐└┘├┤┬┴┼")
  private static let doubleGlyphs = Glyphs("═║╔╗╚╝╠╣╦╩╬")
  private static let roundedGlyphs = Glyphs("─│╭╮╰╯├┤┬┴┼")
  private static let heavyGlyphs = Glyphs("━┃┏┓┗┛┣┫┳┻╋")
  private static let asciiGlyphs = Glyphs("-|+++++++++")
}
