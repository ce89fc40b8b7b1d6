import Terminal

/// The screen of client certificates: a list, and what the chosen one says.
struct IdentityOverlay: Equatable, Sendable {
  /// What a key of it asks for.
  enum Wish: Hashable, Sendable {
    case stay, close, new, take, export, request, install, takeBack, renew, passphrase, remove, copyFingerprint
  }

  /// The keys, as the last line shows them.
  static let keys: [(key: String, title: String, wish: Wish)] = [
    ("n", "New", .new), ("m", "Import", .take), ("e", "Export", .export), ("r", "Request", .request),
    ("i", "Install", .install),
    ("w", "Renew", .renew), ("p", "Passphrase", .passphrase), ("d", "Remove", .remove),
    ("f", "Fingerprint", .copyFingerprint), ("b", "Take back", .takeBack),
  ]

  var cursor = 0
  var top = 0

  mutating func moveCursor(to row: Int, count: Int, height: Int) {
    cursor = max(0, min(row, count - 1))
    if cursor < top { top = cursor }
    if cursor >= top + height { top = cursor - height + 1 }
    top = max(0, min(top, count - height))
  }

  mutating func received(_ key: Key, count: Int, height: Int) -> Wish {
    switch key {
    case Key(.escape), Key(.function(10)), "q", "C-c": return .close
    case Key(.up), "k": moveCursor(to: cursor - 1, count: count, height: height)
    case Key(.down), "j": moveCursor(to: cursor + 1, count: count, height: height)
    case Key(.home), "g": moveCursor(to: 0, count: count, height: height)
    case Key(.end), "G": moveCursor(to: count - 1, count: count, height: height)
    case Key(.pageUp): moveCursor(to: cursor - height, count: count, height: height)
    case Key(.pageDown): moveCursor(to: cursor + height, count: count, height: height)
    case Key(.enter): return .export
    case Key(.insert), Key(.function(7)): return .new
    case Key(.delete), Key(.function(8)): return .remove
    default:
      guard let typed = key.typed.map({ String($0) }) else { return .stay }
      return Self.keys.first { $0.key == typed }?.wish ?? .stay
    }
    return .stay
  }

  mutating func received(_ mouse: MouseEvent, count: Int, layout: IdentityLayout) -> Wish {
    switch mouse.kind {
    case .wheelUp: moveCursor(to: cursor - 3, count: count, height: layout.list.height)
    case .wheelDown: moveCursor(to: cursor + 3, count: count, height: layout.list.height)
    case .press where mouse.button == .left:
      guard layout.frame.contains(mouse.point) else { return .close }
      if let key = layout.keys.firstIndex(where: { $0.contains(mouse.point) }) { return Self.keys[key].wish }
      let row = top + mouse.point.y - layout.list.y
      if layout.list.contains(mouse.point), row < count {
        moveCursor(to: row, count: count, height: layout.list.height)
      }
    default: break
    }
    return .stay
  }
}

/// Where the parts of that screen are; the same for drawing and for the mouse.
struct IdentityLayout: Equatable, Sendable {
  var frame: Rect
  var list: Rect
  /// The row of the line between list and details.
  var divider: Int
  var details: Rect
  /// One for each of `IdentityOverlay.keys`, in one or two rows.
  var keys: [Rect]

  init(count: Int, on size: Size) {
    let width = min(104, size.columns - 4)
    frame = Rect(size: size).centered(Size(columns: width, rows: min(24, size.rows - 2)))
    let inner = frame.inset(left: 2, top: 1, right: 2, bottom: 1)
    var rects: [Rect] = []
    var (x, row) = (0, 0)
    for key in IdentityOverlay.keys {
      let needed = DisplayText.width(of: key.title) + 2
      if x > 0, x + needed > inner.width { (x, row) = (0, row + 1) }
      rects.append(Rect(x: x, y: row, width: needed, height: 1))
      x += needed + 2
    }
    let keyRows = row + 1
    keys = rects.map {
      Rect(x: inner.x + $0.x, y: inner.maxY - keyRows + $0.y, width: $0.width, height: 1)
    }
    let room = inner.height - keyRows - 1
    let listHeight = max(2, min(max(3, count), room / 3))
    list = Rect(x: inner.x, y: inner.y, width: inner.width, height: listHeight)
    divider = list.maxY
    details = Rect(x: inner.x, y: divider + 1, width: inner.width, height: max(0, room - listHeight - 1))
  }
}
