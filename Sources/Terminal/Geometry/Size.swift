/// The extent of something on the screen, in cells.
package struct Size: Hashable, Sendable {
  /// Width in cells, never negative.
  package var columns: Int
  /// Height in cells, never negative.
  package var rows: Int

  /// Makes a size; negative values become 0.
  package init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  /// No extent at all.
  package static let zero = Size(columns: 0, rows: 0)
}

extension Size: CustomStringConvertible {
  /// `80x24`.
  package var description: String { "\(columns)x\(rows)" }
}
