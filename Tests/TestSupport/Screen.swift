/// The text of a terminal's screen at one moment.
package struct Screen: Sendable, CustomStringConvertible {
  /// A place on it; both count from 0.
  package struct Cell: Sendable, Hashable {
    package var column: Int
    package var row: Int

    package init(column: Int, row: Int) {
      self.column = column
      self.row = row
    }

    /// The cell so many columns and rows further.
    package func moved(columns: Int = 0, rows: Int = 0) -> Cell { Cell(column: column + columns, row: row + rows) }
  }

  /// The rows, without the blanks at their ends.
  package let lines: [String]

  init(text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  package var description: String { lines.joined(separator: "\n") }

  /// Whether one row holds the text.
  package func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// Where a text begins, the first one in reading order.
  ///
  /// - Parameter columns: only where it begins in one of these columns: of the left or the right pane.
  /// - Throws: `TestFailure` with the screen where it is not there.
  package func cell(of text: String, in columns: Range<Int> = 0..<10_000) throws -> Cell {
    for (row, line) in lines.enumerated() {
      for found in line.ranges(of: text) {
        let column = Self.width(of: line[..<found.lowerBound])
        if columns.contains(column) { return Cell(column: column, row: row) }
      }
    }
    throw TestFailure("no \"\(text)\" in columns \(columns) of the screen:\n\(self)")
  }

  /// How many columns a text takes.
  private static func width(of text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff00...0xff60, 0xffe0...0xffe6, 0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }
}
