import Terminal

/// Where the parts of the drawer are.
struct DrawerLayout: Equatable, Sendable {
  /// Without the frame.
  var inner: Rect
  /// Whether the tab that is shown has parts, which a second line names.
  var hasParts = false

  /// The line of tabs.
  var tabs: Rect { inner.row(0) }
  /// The line of the queue's parts; empty where there is none.
  var parts: Rect { hasParts ? inner.row(1) : Rect(x: inner.x, y: inner.y + 1, width: 0, height: 0) }
  /// The rows of the tab that is shown.
  var content: Rect { inner.inset(top: hasParts ? 2 : 1) }
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

  /// The cells of each part's title, in their order.
  func partRects(_ titles: [String]) -> [Rect] {
    var x = parts.x + 1
    return titles.map { title in
      let rect = Rect(x: x, y: parts.y, width: DisplayText.width(of: title) + 2, height: parts.height)
      x = rect.maxX
      return rect
    }
  }

  /// The titles of the queue's parts, with how many items are in each: as long as there is room for.
  func partTitles(_ queue: QueueView) -> [String] {
    func titles(_ name: (QueueFilter) -> String) -> [String] {
      QueueFilter.allCases.map { part in
        let count = queue.count(part)
        return count == 0 && part != .all ? name(part) : "\(name(part)) \(count)"
      }
    }
    let long = titles(\.title)
    let needed = long.reduce(2) { $0 + DisplayText.width(of: $1) + 2 }
    return needed <= parts.width ? long : titles(\.shortTitle)
  }
}
