import Terminal

/// The saved sites: typing filters them, Enter connects.
struct SitesOverlay: ScrollingList, Equatable, Sendable {
  var filter = TextField()
  var cursor = 0
  var top = 0
  var all: [SiteChoice]
  /// Where it is opened.
  var side: Side

  init(_ sites: [SiteChoice], side: Side) {
    all = sites
    self.side = side
  }

  /// Those that hold every word of the filter.
  var rows: [SiteChoice] {
    filter.matches(in: all) { "\($0.name) \($0.address) \($0.notes)" }
  }

  var rowCount: Int { rows.count }
  var selected: SiteChoice? { rows.indices.contains(cursor) ? rows[cursor] : nil }

  /// What is to be done.
  enum Outcome: Hashable, Sendable {
    case stay, close
    case connect(SiteChoice)
    /// To a server that is none of them.
    case another
    case add
    case edit(SiteChoice)
    case remove(SiteChoice)
  }

  mutating func received(_ key: Key, height: Int) -> Outcome {
    switch key {
    case Key(.escape), Key(.function(10)), "C-c": return .close
    case Key(.function(2)): return .another
    case Key(.insert), Key(.function(7)): return .add
    case Key(.function(4)): return selected.map { .edit($0) } ?? .stay
    case Key(.function(8)), Key(.delete): return selected.map { .remove($0) } ?? .stay
    case Key(.enter): return selected.map { .connect($0) } ?? .another
    case Key(.tab), Key(.backTab): side = side.other
    case Key(.up): moveCursor(to: cursor - 1, height: height)
    case Key(.down): moveCursor(to: cursor + 1, height: height)
    case Key(.pageUp): moveCursor(to: cursor - height, height: height)
    case Key(.pageDown): moveCursor(to: cursor + height, height: height)
    default:
      if filter.received(key) {
        cursor = 0
        top = 0
      }
    }
    return .stay
  }

  mutating func received(_ mouse: MouseEvent, layout: SitesLayout) -> Outcome {
    switch mouse.kind {
    case .wheelUp: moveCursor(to: cursor - 3, height: layout.list.height)
    case .wheelDown: moveCursor(to: cursor + 3, height: layout.list.height)
    case .press where mouse.button == .left:
      guard layout.frame.contains(mouse.point) else { return .close }
      if let button = layout.buttons.firstIndex(where: { $0.contains(mouse.point) }) {
        return received(SitesLayout.buttons[button].key, height: layout.list.height)
      }
      let row = top + mouse.point.y - layout.list.y
      guard layout.list.contains(mouse.point), rows.indices.contains(row) else { return .stay }
      if row == cursor { return .connect(rows[row]) }
      moveCursor(to: row, height: layout.list.height)
    default: break
    }
    return .stay
  }
}

/// Where the list of sites is on the screen.
struct SitesLayout: Equatable, Sendable {
  /// Below the list; clicked, each is its key.
  static let buttons: [(title: String, key: Key)] = [
    ("Enter connect", Key(.enter)), ("F2 another", Key(.function(2))), ("Ins add", Key(.insert)),
    ("F4 edit", Key(.function(4))), ("F8 remove", Key(.function(8))), ("Tab pane", Key(.tab)),
  ]

  var frame: Rect
  var filter: Rect
  var list: Rect
  var buttons: [Rect]

  init(on size: Size) {
    frame = Rect(size: size).centered(Size(columns: min(84, size.columns - 4), rows: min(24, size.rows - 4)))
    let inner = frame.inset(left: 2, top: 1, right: 2, bottom: 1)
    filter = inner.row(0)
    list = inner.inset(top: 2, bottom: 2)
    var x = inner.x
    buttons = Self.buttons.map { button in
      let width = DisplayText.width(of: button.title) + 2
      let rect = Rect(x: x, y: inner.maxY - 1, width: max(0, min(width, inner.maxX - x)), height: 1)
      x += width
      return rect
    }
  }
}
