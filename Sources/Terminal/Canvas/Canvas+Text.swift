extension Canvas {
  /// Where a text stands within the columns it is given.
  package enum Alignment: Hashable, Sendable {
    case left, center, right
  }

  /// Puts a string at a point and returns the columns used.
  ///
  /// `maxWidth` (default: up to the right edge of the clip) limits it; what is longer is shortened as `overflow` says.
  /// With `.center` or `.right` the text is placed within `maxWidth` columns. Cells beside the text stay as they are.
  @discardableResult
  package mutating func put(
    _ text: some StringProtocol, at point: Point, style: Style = .plain, maxWidth: Int? = nil,
    alignment: Alignment = .left, overflow: DisplayText.Overflow = .end
  ) -> Int {
    let room = maxWidth ?? (clip.maxX - point.x)
    guard let count = DisplayText.plainASCIILength(text), count <= room else {
      return put(
        DisplayText(text), at: point, style: style, maxWidth: maxWidth, alignment: alignment, overflow: overflow)
    }
    var x = point.x + offset(count, in: room, alignment)
    guard clip.rows.contains(point.y) else { return count }
    for byte in text.utf8 {
      if clip.columns.contains(x) { set(UInt32(byte), width: 1, style: style, x: x, y: point.y) }
      x += 1
    }
    return count
  }

  /// Puts bytes that ought to be UTF-8, such as a file name, at a point and returns the columns used; as for a string.
  @discardableResult
  package mutating func put(
    bytes: some Sequence<UInt8>, at point: Point, style: Style = .plain, maxWidth: Int? = nil,
    alignment: Alignment = .left, overflow: DisplayText.Overflow = .end
  ) -> Int {
    put(
      DisplayText(bytes: bytes), at: point, style: style, maxWidth: maxWidth, alignment: alignment, overflow: overflow)
  }

  /// Puts a filtered text at a point and returns the columns used; as for a string.
  @discardableResult
  package mutating func put(
    _ text: DisplayText, at point: Point, style: Style = .plain, maxWidth: Int? = nil,
    alignment: Alignment = .left, overflow: DisplayText.Overflow = .end
  ) -> Int {
    let room = maxWidth ?? (clip.maxX - point.x)
    let text = text.clipped(to: max(0, room), at: overflow)
    guard clip.rows.contains(point.y) else { return text.width }
    let escape = escapeStyle.over(style)
    var x = point.x + offset(text.width, in: room, alignment)
    for glyph in text.glyphs {
      put(glyph, style: glyph.isEscape ? escape : style, x: x, y: point.y)
      x += Int(glyph.width)
    }
    return text.width
  }

  /// A glyph, or blanks where only a half of it lies in the clip.
  private mutating func put(_ glyph: DisplayText.Glyph, style: Style, x: Int, y: Int) {
    let columns = x..<(x + Int(glyph.width))
    if columns.lowerBound >= clip.x, columns.upperBound <= clip.maxX {
      let content = glyph.marks.isEmpty ? glyph.scalar : intern([glyph.scalar] + glyph.marks)
      set(content, width: glyph.width, style: style, x: x, y: y)
    } else {
      for x in columns.clamped(to: clip.columns) { set(0x20, width: 1, style: style, x: x, y: y) }
    }
  }

  private func offset(_ width: Int, in room: Int, _ alignment: Alignment) -> Int {
    switch alignment {
    case .left: 0
    case .center: max(0, room - width) / 2
    case .right: max(0, room - width)
    }
  }
}
