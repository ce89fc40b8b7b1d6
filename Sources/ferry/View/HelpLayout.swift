import Terminal

/// Where the help overlay is on the screen.
struct HelpLayout: Equatable, Sendable {
  var frame: Rect
  /// The line of the filter.
  var filter: Rect
  /// The rows of actions.
  var list: Rect

  init(on size: Size) {
    frame = Rect(size: size).centered(Size(columns: min(68, size.columns - 4), rows: min(30, size.rows - 4)))
    let inner = frame.inset(left: 2, top: 1, right: 2, bottom: 1)
    filter = inner.row(0)
    list = inner.inset(top: 2)
  }
}
