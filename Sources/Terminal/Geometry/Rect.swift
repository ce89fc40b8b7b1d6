/// A rectangle of cells; `x..<maxX` by `y..<maxY`.
package struct Rect: Hashable, Sendable {
  /// The leftmost column.
  package var x: Int
  /// The topmost row.
  package var y: Int
  /// Width in cells, never negative.
  package var width: Int
  /// Height in cells, never negative.
  package var height: Int

  /// Makes a rectangle; a negative width or height becomes 0.
  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// Makes a rectangle of `size` with its top left corner at `origin`.
  package init(origin: Point = .origin, size: Size) {
    self.init(x: origin.x, y: origin.y, width: size.columns, height: size.rows)
  }

  /// Nothing.
  package static let zero = Rect(x: 0, y: 0, width: 0, height: 0)

  /// The top left cell.
  package var origin: Point { Point(x: x, y: y) }
  /// Width and height.
  package var size: Size { Size(columns: width, rows: height) }
  /// The column right of the last one.
  package var maxX: Int { x + width }
  /// The row below the last one.
  package var maxY: Int { y + height }
  /// All columns.
  package var columns: Range<Int> { x..<maxX }
  /// All rows.
  package var rows: Range<Int> { y..<maxY }
  /// True if there is no cell in it.
  package var isEmpty: Bool { width == 0 || height == 0 }
  /// The cell in the middle (rounded to the top left).
  package var center: Point { Point(x: x + width / 2, y: y + height / 2) }

  /// True if the cell lies in the rectangle.
  package func contains(_ point: Point) -> Bool { columns.contains(point.x) && rows.contains(point.y) }

  /// True if every cell of `other` lies in the rectangle; an empty one always does.
  package func contains(_ other: Rect) -> Bool {
    other.isEmpty || (other.x >= x && other.maxX <= maxX && other.y >= y && other.maxY <= maxY)
  }

  /// The rectangle with `all` cells less on every side.
  package func inset(by all: Int) -> Rect { inset(left: all, top: all, right: all, bottom: all) }

  /// The rectangle with cells less on single sides (negative: more). Never turns inside out.
  package func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    Rect(x: x + left, y: y + top, width: width - left - right, height: height - top - bottom)
  }

  /// The rectangle moved by whole cells.
  package func moved(dx: Int = 0, dy: Int = 0) -> Rect { Rect(x: x + dx, y: y + dy, width: width, height: height) }

  /// The cells that lie in both; an empty rectangle if there are none.
  package func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }

  /// A rectangle of `size`, made smaller where needed, in the middle of this one.
  package func centered(_ size: Size) -> Rect {
    let columns = min(size.columns, width)
    let rows = min(size.rows, height)
    return Rect(x: x + (width - columns) / 2, y: y + (height - rows) / 2, width: columns, height: rows)
  }

  /// One row of the rectangle, `index` counted from its top (negative: from below its bottom, -1 is the last).
  /// Empty where there is no such row.
  package func row(_ index: Int) -> Rect {
    let row = index >= 0 ? y + index : maxY + index
    return Rect(x: x, y: row, width: width, height: 1).intersection(self)
  }
}

extension Rect: CustomStringConvertible {
  /// `3,7 20x5`: origin and size.
  package var description: String { "\(origin) \(size)" }
}
