import FTP
import Terminal
import Transfers

/// The preview of a synchronisation: what differs between both panes' folders, row by row, and what is to be done about
/// it. Each row can be flipped before it starts.
struct CompareOverlay: ScrollingList, Sendable {
  enum Step: Sendable {
    case stay, close
    /// Compares again in another way.
    case compare(SyncRules.Comparison)
    case start
  }

  let left: Place
  let right: Place
  /// The comparison that is awaited; answers to older ones are dropped.
  var ticket: Int
  var comparison = SyncRules.Comparison.time
  /// Nil until they have been compared.
  private(set) var rows: [SyncRow]?
  /// Why they could not be.
  private(set) var problem: String?
  /// The rows that are seen, by their index.
  private(set) var seen: [Int] = []
  private(set) var showsEqual = false
  var cursor = 0
  var top = 0

  /// The keys named on the lower edge, which can be clicked.
  static let keys: [(key: Key, label: String)] = [
    (Key(.enter), "Enter starts"), (" ", "Space flips"), ("e", "e equal ones"), ("t", "t time"), ("s", "s size"),
    ("h", "h hash"), (Key(.escape), "Esc closes"),
  ]

  init(left: Place, right: Place, ticket: Int) {
    self.left = left
    self.right = right
    self.ticket = ticket
  }

  var isReading: Bool { rows == nil && problem == nil }
  var rowCount: Int { seen.count }
  var current: SyncRow? { seen.indices.contains(cursor) ? rows?[seen[cursor]] : nil }

  /// What would be done now. The size that a folder's own list has is nothing to copy.
  var tally: (toRight: Int, toLeft: Int, deleted: Int, open: Int, copied: TreeCount) {
    (rows ?? []).reduce(into: (0, 0, 0, 0, TreeCount())) { tally, row in
      switch row.action {
      case .copyRight:
        guard !row.isFolder else { break }
        tally.0 += 1
        tally.4.add(bytes: row.left?.size ?? 0)
      case .copyLeft:
        guard !row.isFolder else { break }
        tally.1 += 1
        tally.4.add(bytes: row.right?.size ?? 0)
      case .deleteLeft, .deleteRight: tally.2 += 1
      case .conflict: tally.3 += 1
      case .equal, .leave: tally.3 += row.isProblem ? 1 : 0
      }
    }
  }

  mutating func compare(_ comparison: SyncRules.Comparison, ticket: Int) {
    self.comparison = comparison
    self.ticket = ticket
    rows = nil
    problem = nil
    seen = []
  }

  mutating func received(_ rows: [SyncRow], height: Int) {
    self.rows = rows
    choose(height: height)
  }

  mutating func failed(_ reason: String) { problem = reason }

  private mutating func choose(height: Int) {
    let rows = rows ?? []
    seen = rows.indices.filter { showsEqual || rows[$0].action != .equal }
    moveCursor(to: cursor, height: height)
  }

  /// Gives the row under the cursor the next thing that can be done with it.
  mutating func flip(height: Int) {
    guard let row = current, row.choices.count > 1 else { return }
    rows?[seen[cursor]].action = row.choices[1]
    moveCursor(to: cursor + 1, height: height)
  }

  // MARK: Keys and mouse

  mutating func received(_ key: Key, height: Int) -> Step {
    switch key {
    case Key(.escape), Key(.function(10)), "q", "C-c": return .close
    case Key(.up), "k": moveCursor(to: cursor - 1, height: height)
    case Key(.down), "j": moveCursor(to: cursor + 1, height: height)
    case Key(.pageUp), "C-b": moveCursor(to: cursor - height, height: height)
    case Key(.pageDown), "C-f": moveCursor(to: cursor + height, height: height)
    case Key(.home), "g": moveCursor(to: 0, height: height)
    case Key(.end), "G": moveCursor(to: rowCount - 1, height: height)
    case " ", Key(.insert): flip(height: height)
    case "e":
      showsEqual.toggle()
      choose(height: height)
    case "t": return .compare(.time)
    case "s": return .compare(.size)
    case "h": return .compare(.hash)
    case Key(.enter), Key(.function(5)): return rows == nil ? .stay : .start
    default: break
    }
    return .stay
  }

  /// Takes a press of the left button, or the wheel: a second press on a row flips it.
  mutating func received(_ mouse: MouseEvent, layout: CompareLayout) -> Step {
    let height = layout.list.height
    switch mouse.kind {
    case .wheelUp: moveCursor(to: cursor - 3, height: height)
    case .wheelDown: moveCursor(to: cursor + 3, height: height)
    case .press where mouse.button == .left:
      if let key = zip(Self.keys, layout.keys).first(where: { $1.contains(mouse.point) })?.0.key {
        return received(key, height: height)
      }
      guard layout.frame.contains(mouse.point) else { return .close }
      let row = top + mouse.point.y - layout.list.y
      guard layout.list.contains(mouse.point), row < rowCount else { return .stay }
      if row == cursor { flip(height: height) } else { moveCursor(to: row, height: height) }
    default: break
    }
    return .stay
  }
}
