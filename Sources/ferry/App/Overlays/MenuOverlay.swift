import Terminal

/// The menu on F9: titles on the top line, one of them open.
struct MenuOverlay: Equatable, Sendable {
  struct Menu: Equatable, Sendable {
    var title: String
    /// Nil draws a line.
    var items: [Action?]
  }

  static let menus: [Menu] = [
    Menu(
      title: "File",
      items: [.view, .edit, nil, .copy, .move, .rename, .permissions, .makeFolder, .delete, nil, .suspend, .quit]),
    Menu(
      title: "Pane",
      items: [
        .refresh, .goTo, .home, .search, nil, .sortName, .sortSize, .sortModified, .sortExtension, .hidden, nil,
        .sameFolder, .swap, .moveTogether, nil, .synchronize,
      ]),
    Menu(title: "Mark", items: [.mark, .markPattern, .unmarkPattern, .invertMarks, .unmarkAll]),
    Menu(title: "Server", items: [.connect, .disconnect, nil, .trust, .identities, nil, .saveSite]),
    Menu(
      title: "Transfers",
      items: [
        .details, .pause, .retry, .cancelTransfer, nil, .moveUp, .moveDown, .moveTop, .moveBottom, .raise, .lower,
        .markOrder, nil, .pauseAll, .retryFailed, .clear, .speedLimit, .whenDone,
      ]),
    Menu(
      title: "View",
      items: [
        .drawerFocus, .drawer, .queueTab, .nextPart, .logTab, .sessionTab, nil, .drawerTaller, .drawerShorter,
        .drawerZoom,
      ]),
    Menu(title: "Help", items: [.help, .redraw]),
  ]

  var open = 0
  var cursor = 0

  /// Opens on what can be done with what has the focus: a tab of the drawer, or the panes.
  init(for tab: DrawerState.Tab? = nil) {
    let title: String? =
      switch tab {
      case .queue: "Transfers"
      case .log, .session: "View"
      case nil: nil
      }
    open = Self.menus.firstIndex { $0.title == title } ?? 0
  }

  var items: [Action?] { Self.menus[open].items }

  mutating func openMenu(_ index: Int) {
    open = (index + Self.menus.count) % Self.menus.count
    cursor = 0
  }

  /// Moves to the next item, over lines.
  mutating func moveCursor(by step: Int) {
    repeat { cursor = (cursor + step + items.count) % items.count } while items[cursor] == nil
  }
}

/// Where the menu is on the screen.
struct MenuLayout: Equatable, Sendable {
  var bar: Rect
  var titles: [Rect]
  /// The open menu with its frame.
  var frame: Rect
  var rows: [Rect]

  init(_ menu: MenuOverlay, keymap: Keymap, on size: Size) {
    bar = Rect(x: 0, y: 0, width: size.columns, height: 1)
    var x = 1
    titles = MenuOverlay.menus.map { menu in
      let rect = Rect(x: x, y: 0, width: DisplayText.width(of: menu.title) + 2, height: 1)
      x = rect.maxX
      return rect
    }
    let items = menu.items
    let titleWidth = items.map { DisplayText.width(of: $0?.title ?? "") }.max() ?? 0
    let keyWidth = items.map { DisplayText.width(of: Self.key($0, keymap)) }.max() ?? 0
    let width = min(size.columns, titleWidth + keyWidth + 7)
    frame = Rect(
      x: max(0, min(titles[menu.open].x, size.columns - width)), y: 1, width: width,
      height: min(items.count + 2, size.rows - 1))
    let inner = frame.inset(by: 1)
    rows = items.indices.map { inner.row($0) }
  }

  /// The key that a menu shows for an action.
  static func key(_ action: Action?, _ keymap: Keymap) -> String {
    guard let action else { return "" }
    var keys = keymap.keys(for: action, in: .panes)
    if keys.isEmpty { keys = keymap.keys(for: action, in: .queue) }
    let key = keys.first { if case .function = $0.code { true } else { false } } ?? keys.first
    return key?.description ?? keymap.keyTexts(for: action, in: .panes).first ?? ""
  }
}
