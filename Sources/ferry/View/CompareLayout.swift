import Terminal

/// Where the preview of a synchronisation is on the screen: two panes with the direction between them.
struct CompareLayout: Equatable, Sendable {
  var frame: Rect
  /// The places that are compared.
  var head: Rect
  var list: Rect
  /// The row of the line below the list.
  var divider: Int
  /// The whole path under the cursor, and why it is to be treated so.
  var details: Rect
  /// The labels of `CompareOverlay.keys`, on the lower edge; empty where there is no room.
  var keys: [Rect]
  /// The columns within a row, counted from its left.
  var left: Range<Int>
  var sign: Range<Int>
  var right: Range<Int>

  static let signWidth = 5

  init(on size: Size) {
    frame = Rect(size: size).inset(by: 1)
    let inner = frame.inset(left: 2, top: 1, right: 2, bottom: 1)
    head = inner.row(0)
    list = Rect(x: inner.x - 1, y: inner.y + 1, width: inner.width + 2, height: max(1, inner.height - 4))
    divider = list.maxY
    details = Rect(x: inner.x, y: divider + 1, width: inner.width, height: 2)
    let half = (inner.width - Self.signWidth) / 2
    left = 0..<half
    sign = half..<half + Self.signWidth
    right = half + Self.signWidth..<inner.width
    let frame = frame
    var x = frame.x + 2
    keys = CompareOverlay.keys.map { key in
      let rect = Rect(x: x, y: frame.maxY - 1, width: DisplayText.width(of: key.label) + 2, height: 1)
      guard rect.maxX <= frame.maxX - 1 else { return .zero }
      x = rect.maxX
      return rect
    }
  }
}
