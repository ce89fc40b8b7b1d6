import Terminal

/// Where the parts of the drawer are.
struct DrawerLayout: Equatable, Sendable {
  /// Without the frame.
  var inner: Rect

  /// The line of tabs.
  var tabs: Rect { inner.row(0) }
  /// The rows of the tab that is shown.
  var content: Rect { inner.inset(top: 1) }
  /// The edge between panes and drawer, which can be dragged.
  var edge: Rect { Rect(x: 0, y: inner.y - 1, width: inner.width + 2, height: 1) }

  /// The cells of each tab's title.
  func tab(_ tab: DrawerState.Tab, titles: [String]) -> Rect {
    var x = tabs.x + 1
    for (index, title) in titles.enumerated() {
      let width = DisplayText.width(of: title) + 2
      if index == tab.rawValue { return Rect(x: x, y: tabs.y, width: width, height: 1) }
      x += width + 1
    }
    return .zero
  }
}
