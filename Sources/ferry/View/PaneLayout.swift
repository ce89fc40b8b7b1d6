import Terminal

/// Where the parts of a pane are.
struct PaneLayout: Equatable, Sendable {
  enum Column: Hashable, Sendable {
    case name, size, modified, permissions
  }

  struct ColumnSpan: Equatable, Sendable {
    var column: Column
    var x: Int
    var width: Int
  }

  var frame: Rect
  /// The line with the column heads.
  var head: Rect
  /// The rows, without the frame.
  var list: Rect
  var columns: [ColumnSpan]

  init(frame: Rect) {
    self.frame = frame
    let inner = frame.inset(by: 1)
    head = inner.row(0)
    list = inner.inset(top: 1)
    columns = Self.columns(in: inner)
  }

  /// The line that the footer is written on: the lower edge of the frame.
  var footer: Rect { frame.row(-1) }
  /// The line that the title is written on: the upper edge of the frame.
  var title: Rect { frame.row(0) }

  /// Whether times are shown in the six columns of `Nov 19` rather than the twelve of `Nov 19 10:02`.
  var hasShortTimes: Bool { columns.contains { $0.column == .modified && $0.width < 12 } }

  func span(_ column: Column) -> ColumnSpan? { columns.first { $0.column == column } }

  /// The column head at a point of the head line; a head reaches up to the column on its right.
  func column(at point: Point) -> Column? {
    guard head.contains(point) else { return nil }
    return columns.last { $0.x <= point.x }?.column ?? .name
  }

  /// One cell is kept on the left for marks and one on the right; columns are a blank apart, two in wide panes.
  private static func columns(in inner: Rect) -> [ColumnSpan] {
    var right: [(Column, Int)] = [(.size, 8)]
    if inner.width >= 32 { right.append((.modified, inner.width < 48 ? 6 : 12)) }
    if inner.width >= 74 { right.append((.permissions, 9)) }
    let gap = inner.width < 48 ? 1 : 2
    let name = inner.width - 2 - right.reduce(0) { $0 + $1.1 + gap }
    var spans = [ColumnSpan(column: .name, x: inner.x + 1, width: max(0, name))]
    for (column, width) in right {
      let last = spans[spans.count - 1]
      spans.append(ColumnSpan(column: column, x: last.x + last.width + gap, width: width))
    }
    return spans
  }
}
