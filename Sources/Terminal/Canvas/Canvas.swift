/// A frame to be: a grid of cells with the verbs to draw on it. A value; drawing outside it or outside the current
/// clip does nothing.
///
/// Every text goes through the display filter (`DisplayText`), so whatever a server or a file system calls its things
/// ends up as harmless cells.
package struct Canvas: Sendable {
  /// Width and height in cells.
  package let size: Size
  /// Where drawing has an effect; see `clipped(to:_:)`.
  package private(set) var clip: Rect
  /// How stand-ins for unshowable characters look: its foreground (and its background unless default) replace the
  /// text's, its attributes are added.
  package var escapeStyle = Style(foreground: .brightRed)

  var cells: [PackedCell]
  /// Characters with combining marks: base and marks.
  var clusters: [[UInt32]] = []

  /// Makes a canvas of blanks.
  package init(size: Size, style: Style = .plain) {
    self.size = size
    clip = Rect(size: size)
    cells = Array(repeating: PackedCell(content: 0x20, width: 1, style: style), count: size.columns * size.rows)
  }

  /// All of it.
  package var bounds: Rect { Rect(size: size) }

  /// The cell at a point; a blank outside the canvas.
  package subscript(point: Point) -> Cell {
    guard bounds.contains(point) else { return Cell(text: " ") }
    let cell = cells[index(point.x, point.y)]
    return Cell(text: text(of: cell), width: Int(cell.width), style: cell.style)
  }

  /// The cell at a column and a row; a blank outside the canvas.
  package subscript(x: Int, y: Int) -> Cell { self[Point(x: x, y: y)] }

  /// The rows as text without trailing blanks, for tests and for copying.
  package var lines: [String] { lines(in: bounds) }

  /// The part of the rows that lies in `rect`, without trailing blanks.
  package func lines(in rect: Rect) -> [String] {
    let rect = rect.intersection(bounds)
    return rect.rows.map { y in
      var line = ""
      for x in rect.columns { line += text(of: cells[index(x, y)]) }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Draws within `rect` only (and within the present clip). Coordinates stay those of the canvas.
  package mutating func clipped(to rect: Rect, _ draw: (inout Canvas) throws -> Void) rethrows {
    let outer = clip
    clip = outer.intersection(rect)
    defer { clip = outer }
    try draw(&self)
  }

  func index(_ x: Int, _ y: Int) -> Int { y * size.columns + x }

  func scalars(of cell: PackedCell) -> [UInt32] {
    guard let cluster = cell.clusterIndex else { return cell.width == 0 ? [] : [cell.content] }
    return clusters[cluster]
  }

  private func text(of cell: PackedCell) -> String {
    if cell.width == 0 { return "" }
    var view = String.UnicodeScalarView()
    for value in scalars(of: cell) { view.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
    return String(view)
  }

  /// Puts one glyph at a point inside the clip with room for its width; halves of wide characters that it cuts become
  /// blanks.
  mutating func set(_ content: UInt32, width: UInt8, style: Style, x: Int, y: Int) {
    let index = index(x, y)
    mendNeighbours(x: x, index: index, width: width)
    cells[index] = PackedCell(content: content, width: width, style: style)
    if width == 2 { cells[index + 1] = PackedCell(content: 0, width: 0, style: style) }
  }

  mutating func intern(_ cluster: [UInt32]) -> UInt32 {
    let found = clusters.firstIndex(of: cluster)
    if found == nil { clusters.append(cluster) }
    return PackedCell.clusterBit | UInt32(found ?? clusters.count - 1)
  }

  private mutating func mendNeighbours(x: Int, index: Int, width: UInt8) {
    if cells[index].width == 0, x > 0 { cells[index - 1].blank() }
    let last = index + Int(width) - 1
    if cells[last].width == 2, x + Int(width) < size.columns { cells[last + 1].blank() }
  }
}

extension Canvas: Equatable {
  /// True if both show the same; the clip and the style for escapes are not part of what is shown.
  package static func == (a: Canvas, b: Canvas) -> Bool {
    guard a.size == b.size else { return false }
    if a.clusters == b.clusters { return a.cells == b.cells }
    return zip(a.cells, b.cells).allSatisfy { left, right in
      left.width == right.width && left.style == right.style && a.scalars(of: left) == b.scalars(of: right)
    }
  }
}
