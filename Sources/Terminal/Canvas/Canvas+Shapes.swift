extension Canvas {
  /// Fills a rectangle with one character (default: blanks) of one column.
  package mutating func fill(_ rect: Rect, style: Style = .plain, with scalar: Unicode.Scalar = " ") {
    let rect = rect.intersection(clip)
    guard !rect.isEmpty else { return }
    let cell = PackedCell(content: shapeScalar(scalar), width: 1, style: style)
    for y in rect.rows {
      set(cell.content, width: 1, style: style, x: rect.x, y: y)
      set(cell.content, width: 1, style: style, x: rect.maxX - 1, y: y)
      for x in rect.columns { cells[index(x, y)] = cell }
    }
  }

  /// Draws the frame of a rectangle; the inside stays as it is. Nothing smaller than 2 x 2 has one.
  package mutating func box(_ rect: Rect, style: Style = .plain, kind: BoxKind = .single) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    let glyphs = kind.glyphs
    horizontalLine(at: rect.origin.moved(dx: 1), length: rect.width - 2, style: style, kind: kind)
    horizontalLine(at: Point(x: rect.x + 1, y: rect.maxY - 1), length: rect.width - 2, style: style, kind: kind)
    verticalLine(at: rect.origin.moved(dy: 1), length: rect.height - 2, style: style, kind: kind)
    verticalLine(at: Point(x: rect.maxX - 1, y: rect.y + 1), length: rect.height - 2, style: style, kind: kind)
    place(glyphs.topLeft, at: rect.origin, style: style)
    place(glyphs.topRight, at: Point(x: rect.maxX - 1, y: rect.y), style: style)
    place(glyphs.bottomLeft, at: Point(x: rect.x, y: rect.maxY - 1), style: style)
    place(glyphs.bottomRight, at: Point(x: rect.maxX - 1, y: rect.maxY - 1), style: style)
  }

  /// Draws a line across a box from its left to its right side, with tees, at row `y` of the canvas.
  package mutating func divider(in rect: Rect, y: Int, style: Style = .plain, kind: BoxKind = .single) {
    guard rect.width >= 2, rect.rows.contains(y) else { return }
    horizontalLine(at: Point(x: rect.x + 1, y: y), length: rect.width - 2, style: style, kind: kind)
    place(kind.glyphs.teeLeft, at: Point(x: rect.x, y: y), style: style)
    place(kind.glyphs.teeRight, at: Point(x: rect.maxX - 1, y: y), style: style)
  }

  /// Draws a line to the right.
  package mutating func horizontalLine(
    at point: Point, length: Int, style: Style = .plain, kind: BoxKind = .single
  ) {
    fill(Rect(x: point.x, y: point.y, width: length, height: 1), style: style, with: kind.glyphs.horizontal)
  }

  /// Draws a line downwards.
  package mutating func verticalLine(at point: Point, length: Int, style: Style = .plain, kind: BoxKind = .single) {
    fill(Rect(x: point.x, y: point.y, width: 1, height: length), style: style, with: kind.glyphs.vertical)
  }

  /// Puts one character of one column, such as a tee; anything else becomes a `?`.
  package mutating func place(_ scalar: Unicode.Scalar, at point: Point, style: Style = .plain) {
    guard clip.contains(point) else { return }
    set(shapeScalar(scalar), width: 1, style: style, x: point.x, y: point.y)
  }

  /// Changes how the cells of a rectangle look; what stands in them stays.
  package mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let rect = rect.intersection(clip)
    for y in rect.rows {
      for x in rect.columns { change(&cells[index(x, y)].style) }
    }
  }

  /// Gives the cells of a rectangle one style; what stands in them stays.
  package mutating func restyle(_ rect: Rect, style: Style) { restyle(rect) { $0 = style } }

  /// Dims a rectangle: what lies behind a dialog, the shadow of one. RGB colours get darker, all others the attribute.
  package mutating func dim(_ rect: Rect) {
    restyle(rect) { style in
      style = Style(
        foreground: style.foreground.darkened(), background: style.background.darkened(),
        attributes: style.attributes.subtracting(.bold))
      if case .rgb = style.foreground.kind { return }
      style.attributes.insert(.dim)
    }
  }

  /// Copies a rectangle of another canvas so that its top left cell lands on `point`.
  package mutating func copy(_ rect: Rect, of other: Canvas, to point: Point) {
    let rect = rect.intersection(other.bounds)
    for y in rect.rows {
      for x in rect.columns {
        let cell = other.cells[other.index(x, y)]
        let target = Point(x: point.x + x - rect.x, y: point.y + y - rect.y)
        guard cell.width > 0, clip.contains(target) else { continue }
        guard x + Int(cell.width) <= rect.maxX, target.x + Int(cell.width) <= clip.maxX else {
          set(0x20, width: 1, style: cell.style, x: target.x, y: target.y)
          continue
        }
        let content = cell.clusterIndex.map { intern(other.clusters[$0]) } ?? cell.content
        set(content, width: cell.width, style: cell.style, x: target.x, y: target.y)
      }
    }
  }

  /// Shapes skip the display filter, so only what it would show unchanged in one column is let through.
  private func shapeScalar(_ scalar: Unicode.Scalar) -> UInt32 {
    let value = scalar.value
    if value >= 0x20, value < 0x7f { return value }
    if (0x2500...0x25ff).contains(value), ScalarWidth.columns(value) == 1 { return value }
    let glyphs = DisplayText(String(Character(scalar))).glyphs
    guard glyphs.count == 1, glyphs[0].width == 1, !glyphs[0].isEscape else { return 0x3f }
    return value
  }
}
