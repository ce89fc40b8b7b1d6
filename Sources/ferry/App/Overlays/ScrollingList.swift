/// A list with a cursor, longer perhaps than the rows that are shown of it.
protocol ScrollingList {
  /// All of its rows.
  var rowCount: Int { get }
  /// The row under the cursor.
  var cursor: Int { get set }
  /// The first row shown.
  var top: Int { get set }
}

extension ScrollingList {
  /// Moves the cursor to a row, brought into bounds, and scrolls so that it is among the `height` rows shown.
  mutating func moveCursor(to row: Int, height: Int) {
    cursor = max(0, min(row, rowCount - 1))
    revealCursor(height: height)
  }

  mutating func revealCursor(height: Int) {
    let height = max(1, height)
    if cursor < top { top = cursor }
    if cursor >= top + height { top = cursor - height + 1 }
    top = max(0, min(top, rowCount - height))
  }

  /// Scrolls without the cursor, which is pulled along only at the edges.
  mutating func scroll(by rows: Int, height: Int) {
    let height = max(1, height)
    top = max(0, min(top + rows, rowCount - height))
    cursor = max(top, min(cursor, top + height - 1, rowCount - 1))
  }
}
