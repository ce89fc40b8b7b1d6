import Terminal

/// Where the list of trusted certificates is on the screen.
struct TrustLayout: Equatable, Sendable {
  var frame: Rect
  /// The heads of the columns.
  var head: Rect
  var list: Rect
  /// The row of the line below the list.
  var divider: Int
  /// What is known of the certificate under the cursor.
  var details: Rect
  /// The labels of `TrustOverlay.keys` in the form that fits, and where they are on the lower edge; none where there is
  /// no room.
  var labels: [String] = []
  var keys: [Rect] = []
  /// The columns within a row, counted from its left.
  var server: Range<Int>
  var kind: Range<Int>
  var until: Range<Int>
  /// Nil where there is no room.
  var lastUsed: Range<Int>?

  private static let detailRows = 4

  init(on size: Size) {
    frame = Rect(size: size).centered(Size(columns: min(110, size.columns - 2), rows: min(36, size.rows - 2)))
    let inner = frame.inset(left: 2, top: 1, right: 2, bottom: 1)
    head = inner.row(0)
    let height = max(1, inner.height - Self.detailRows - 2)
    list = Rect(x: inner.x - 1, y: inner.y + 1, width: inner.width + 2, height: height)
    divider = list.maxY
    details = Rect(x: inner.x, y: divider + 1, width: inner.width, height: Self.detailRows)
    var end = inner.width
    func take(_ width: Int) -> Range<Int> {
      defer { end -= width + 2 }
      return max(0, end - width)..<max(0, end)
    }
    lastUsed = inner.width >= 64 ? take(12) : nil
    until = take(10)
    kind = take(11)
    server = 0..<max(1, end)
    let room = frame.width - 3
    let labels = [TrustOverlay.keys.map(\.label), TrustOverlay.keys.map(\.short)].first { labels in
      labels.map { DisplayText.width(of: $0) + 3 }.reduce(-1, +) <= room
    }
    self.labels = labels ?? []
    var x = frame.x + 2
    for label in self.labels {
      let rect = Rect(x: x, y: frame.maxY - 1, width: DisplayText.width(of: label) + 2, height: 1)
      keys.append(rect)
      x = rect.maxX + 1
    }
  }
}
