/// Text that is safe to show: made only by the display filter, so no byte of it can steer the terminal, reorder the
/// line, hide, or take another width than stated.
///
/// - C0 controls and DEL become their pictures (`␛`), C1 controls, bidi controls, zero-width, format and separator
///   characters become `\u{202E}`, bytes that are not UTF-8 become `\x9B`. All of these are marked as escapes, which a
///   canvas draws in its `escapeStyle`.
/// - A character carries at most four combining marks; what has more is marked as an escape and loses the rest.
/// - Emoji are shown by their parts: variation selectors, skin tones and joiners between emoji are left out, flags
///   become letters (marked as escapes), because terminals disagree about the width of such sequences.
package struct DisplayText: Hashable, Sendable {
  /// One character with its combining marks.
  struct Glyph: Hashable, Sendable {
    var scalar: UInt32
    var width: UInt8
    var isEscape: Bool
    var marks: [UInt32] = []
  }

  /// Where something is left out when a text is too long.
  package enum Overflow: Hashable, Sendable {
    /// `a long na…`
    case end
    /// `a lo…e.txt`: names, where the end says as much as the beginning.
    case middle
    /// `…ong/path`: paths.
    case start
    /// Cut at the end without a mark.
    case clip
  }

  let glyphs: [Glyph]
  /// Columns the text takes.
  package let width: Int

  init(glyphs: [Glyph]) {
    self.glyphs = glyphs
    width = glyphs.reduce(0) { $0 + Int($1.width) }
  }

  /// Filters a string.
  package init(_ text: some StringProtocol) {
    var filter = DisplayFilter()
    for scalar in text.unicodeScalars { filter.add(scalar.value) }
    self.init(glyphs: filter.finish())
  }

  /// Filters bytes that ought to be UTF-8, such as a file name's.
  package init(bytes: some Sequence<UInt8>) {
    var filter = DisplayFilter()
    var decoder = UTF8Scalars()
    for byte in bytes { decoder.received(byte, into: &filter) }
    decoder.finish(into: &filter)
    self.init(glyphs: filter.finish())
  }

  /// Columns that a string takes once filtered.
  package static func width(of text: some StringProtocol) -> Int {
    if let plain = plainASCIILength(text) { return plain }
    return DisplayText(text).width
  }

  /// Columns that a file name takes once filtered.
  package static func width(ofBytes bytes: some Sequence<UInt8>) -> Int { DisplayText(bytes: bytes).width }

  /// True if something in it is shown by a stand-in.
  package var hasEscapes: Bool { glyphs.contains { $0.isEscape } }

  /// The text as it is shown, stand-ins included.
  package var text: String {
    var scalars = String.UnicodeScalarView()
    for glyph in glyphs {
      for value in [glyph.scalar] + glyph.marks { scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
    }
    return String(scalars)
  }

  /// The text in at most `columns` columns. Cut texts have an ellipsis where something is missing (unless `.clip`);
  /// a wide character that would be halved is left out, so the result may be a column shorter.
  package func clipped(to columns: Int, at overflow: Overflow = .end) -> DisplayText {
    if width <= columns { return self }
    guard columns > 0 else { return DisplayText(glyphs: []) }
    let ellipsis = Glyph(scalar: 0x2026, width: 1, isEscape: false)
    switch overflow {
    case .clip: return DisplayText(glyphs: Array(head(columns)))
    case .end: return DisplayText(glyphs: head(columns - 1) + [ellipsis])
    case .start: return DisplayText(glyphs: [ellipsis] + tail(columns - 1))
    case .middle:
      let front = head((columns - 1 + 1) / 2)
      let used = front.reduce(0) { $0 + Int($1.width) }
      return DisplayText(glyphs: front + [ellipsis] + tail(columns - 1 - used))
    }
  }

  private func head(_ columns: Int) -> ArraySlice<Glyph> {
    var left = columns
    let end = glyphs.firstIndex { glyph in
      left -= Int(glyph.width)
      return left < 0
    }
    return glyphs[..<(end ?? glyphs.endIndex)]
  }

  private func tail(_ columns: Int) -> ArraySlice<Glyph> {
    var left = columns
    let last = glyphs.lastIndex { glyph in
      left -= Int(glyph.width)
      return left < 0
    }
    return glyphs[(last.map { $0 + 1 } ?? glyphs.startIndex)...]
  }

  /// The number of bytes if all are printable ASCII: such a text needs no filter.
  static func plainASCIILength(_ text: some StringProtocol) -> Int? {
    var count = 0
    for byte in text.utf8 {
      guard byte >= 0x20, byte < 0x7f else { return nil }
      count += 1
    }
    return count
  }
}
