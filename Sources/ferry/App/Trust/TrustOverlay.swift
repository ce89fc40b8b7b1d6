import Terminal

/// The certificates that are trusted for good: a list with what a person can do about each.
struct TrustOverlay: ScrollingList, Equatable, Sendable {
  enum Step: Hashable, Sendable {
    case stay, close
    case show(TrustRow)
    case note(TrustRow)
    case revoke(TrustRow)
    case export(TrustRow)
    case take
  }

  /// Nil until the list has been read.
  var rows: [TrustRow]?
  var cursor = 0
  var top = 0
  /// What came of the last request.
  var said: String?
  var isError = false

  /// The keys named on the lower edge, which can be clicked.
  static let keys: [(key: Key, label: String, short: String)] = [
    (Key(.enter), "Enter shows", "Enter"), ("n", "n note", "n note"), ("d", "d revokes", "d revoke"),
    ("x", "x exports", "x export"), ("i", "i imports", "i import"), (Key(.escape), "Esc closes", "Esc"),
  ]

  var rowCount: Int { rows?.count ?? 0 }
  var current: TrustRow? { rows.flatMap { $0.indices.contains(cursor) ? $0[cursor] : nil } }

  /// A new list; the cursor stays on its certificate.
  mutating func received(_ outcome: TrustOutcome, height: Int) {
    let id = current?.id
    rows = outcome.rows
    (said, isError) = (outcome.said, outcome.isError)
    moveCursor(to: outcome.rows.firstIndex { $0.id == id } ?? cursor, height: height)
  }

  /// Takes a key; `height` is the number of rows shown.
  mutating func received(_ key: Key, height: Int) -> Step {
    said = nil
    switch key {
    case Key(.escape), Key(.function(10)), "q", "C", "C-c": return .close
    case Key(.up), "k": moveCursor(to: cursor - 1, height: height)
    case Key(.down), "j": moveCursor(to: cursor + 1, height: height)
    case Key(.pageUp), "C-b": moveCursor(to: cursor - height, height: height)
    case Key(.pageDown), "C-f": moveCursor(to: cursor + height, height: height)
    case Key(.home), "g": moveCursor(to: 0, height: height)
    case Key(.end), "G": moveCursor(to: rowCount - 1, height: height)
    case Key(.enter), Key(.function(3)), " ": return current.map { .show($0) } ?? .stay
    case "n": return current.map { .note($0) } ?? .stay
    case "d", Key(.delete), Key(.function(8)): return current.map { .revoke($0) } ?? .stay
    case "x", Key(.function(5)): return current.map { .export($0) } ?? .stay
    case "i": return .take
    default: break
    }
    return .stay
  }

  /// Takes a press of the left button, or the wheel.
  mutating func received(_ mouse: MouseEvent, layout: TrustLayout) -> Step {
    switch mouse.kind {
    case .wheelUp: moveCursor(to: cursor - 3, height: layout.list.height)
    case .wheelDown: moveCursor(to: cursor + 3, height: layout.list.height)
    case .press where mouse.button == .left:
      if let key = zip(Self.keys, layout.keys).first(where: { $1.contains(mouse.point) })?.0.key {
        return received(key, height: layout.list.height)
      }
      guard layout.frame.contains(mouse.point) else { return .close }
      let row = top + mouse.point.y - layout.list.y
      guard layout.list.contains(mouse.point), row < rowCount else { return .stay }
      if row == cursor { return current.map { .show($0) } ?? .stay }
      moveCursor(to: row, height: layout.list.height)
    default: break
    }
    return .stay
  }
}
