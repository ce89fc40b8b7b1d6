/// A cell's position: 0-based, from the top left corner of the screen.
package struct Point: Hashable, Sendable {
  /// The column, 0 at the left.
  package var x: Int
  /// The row, 0 at the top.
  package var y: Int

  /// Makes a point. Points outside the screen are allowed: what is drawn there is clipped.
  package init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }

  /// The top left corner of the screen.
  package static let origin = Point(x: 0, y: 0)

  /// The point `dx` columns to the right and `dy` rows below (negative: left, above).
  package func moved(dx: Int = 0, dy: Int = 0) -> Point { Point(x: x + dx, y: y + dy) }
}

extension Point: CustomStringConvertible {
  /// `3,7`: column and row.
  package var description: String { "\(x),\(y)" }
}
