import FTP
import Terminal

/// The mouse with a button held: dragging rows to the other pane or transfers to another place in the queue, marking a
/// range, moving the drawer's edge.
struct DragState: Equatable, Sendable {
  enum Phase: Equatable, Sendable {
    /// No button is held, or nothing comes of it.
    case idle
    /// The left button went down on a row and has not moved yet.
    case armed(Load, at: Point)
    /// Rows hang on the pointer.
    case carrying(Carry)
    /// The right button marks, or unmarks, all rows it passes.
    case marking(Side, from: Int, isMarking: Bool)
    /// The left button went down on a transfer and has not moved yet.
    case armedTransfers(TransferCarry, at: Point)
    /// Transfers hang on the pointer.
    case sorting(TransferCarry)
    /// The edge of the drawer follows the pointer.
    case resizing
  }

  /// The rows that were taken, as they were when the button went down: what a number stands for may be another row by
  /// the time it goes up.
  struct Load: Equatable, Sendable {
    var side: Side
    /// The folder that the pane showed.
    var place: Place
    var entries: [Entry]

    var names: Set<FileName> { Set(entries.map(\.name)) }
  }

  struct Carry: Equatable, Sendable {
    var load: Load
    var pointer: Point
    /// Where a release would drop; nil where it would not.
    var target: Target?
    /// Whether a modifier asks for a move.
    var isMove = false
  }

  struct Target: Equatable, Sendable {
    var side: Side
    /// The row of the folder under the pointer; nil for the folder that the pane shows.
    var folderRow: Int?
  }

  /// What is to be done about an event.
  enum Step: Equatable, Sendable {
    case none
    case mark(Side, ClosedRange<Int>, Bool)
    case resize(row: Int)
    case sort(TransferCarry)
    case drop(Load, Target, isMove: Bool)
  }

  private(set) var phase = Phase.idle
  /// -1 or 1 while the pointer carries rows at the upper or lower edge of a list, which scrolls then.
  private(set) var scrollDirection = 0

  var carry: Carry? {
    if case .carrying(let carry) = phase { carry } else { nil }
  }

  /// The transfers that hang on the pointer.
  var sorting: TransferCarry? {
    if case .sorting(let carry) = phase { carry } else { nil }
  }

  /// The left button went down on a row.
  mutating func pressed(_ load: Load, at point: Point) { phase = .armed(load, at: point) }

  /// The right button went down on a row that is marked or not: what it does to this one, it does to the others.
  mutating func pressedRight(_ side: Side, row: Int, isMarked: Bool) -> Step {
    phase = .marking(side, from: row, isMarking: !isMarked)
    return .mark(side, row...row, !isMarked)
  }

  /// The left button went down on a transfer that can go somewhere else.
  mutating func pressed(_ carry: TransferCarry) { phase = .armedTransfers(carry, at: carry.pointer) }

  /// The left button went down on the drawer's edge.
  mutating func pressedEdge() { phase = .resizing }

  /// The pointer moved with its button held. `folderRow` is the row under it if that is a folder; `edge` is -1 or 1
  /// on the first or last row of a list.
  mutating func moved(
    to point: Point, over hit: Hit, folderRow: Int?, edge: Int, modifiers: Key.Modifiers = []
  ) -> Step {
    switch phase {
    case .idle: return .none
    case .resizing: return .resize(row: point.y)
    case .marking(let side, let from, let isMarking):
      guard case .row(side, let row) = hit else { return .none }
      return .mark(side, min(from, row)...max(from, row), isMarking)
    case .armedTransfers(let carry, let start):
      guard Self.isMove(from: start, to: point) else { return .none }
      phase = .sorting(carry)
      return moved(to: point, over: hit, folderRow: folderRow, edge: edge, modifiers: modifiers)
    case .sorting(var carry):
      carry.pointer = point
      scrollDirection = edge
      phase = .sorting(carry)
      return .none
    case .armed(let load, let start):
      guard Self.isMove(from: start, to: point) else { return .none }
      phase = .carrying(Carry(load: load, pointer: point))
      return moved(to: point, over: hit, folderRow: folderRow, edge: edge, modifiers: modifiers)
    case .carrying(var carry):
      carry.pointer = point
      carry.isMove = !modifiers.isDisjoint(with: [.control, .alt])
      carry.target = Self.target(of: carry, over: hit, folderRow: folderRow)
      scrollDirection = hit.side == nil ? 0 : edge
      phase = .carrying(carry)
      return .none
    }
  }

  /// The button went up.
  mutating func released() -> Step {
    defer { cancel() }
    if let sorting { return .sort(sorting) }
    guard let carry, let target = carry.target else { return .none }
    return .drop(carry.load, target, isMove: carry.isMove)
  }

  /// Escape, a lost focus, a changed screen: nothing is dropped.
  mutating func cancel() {
    phase = .idle
    scrollDirection = 0
  }

  /// A hand is never quite still.
  private static func isMove(from start: Point, to point: Point) -> Bool {
    abs(point.x - start.x) >= 2 || point.y != start.y
  }

  private static func target(of carry: Carry, over hit: Hit, folderRow: Int?) -> Target? {
    guard let side = hit.side, side != carry.load.side else { return nil }
    return Target(side: side, folderRow: folderRow)
  }
}

extension Hit {
  /// The pane under the pointer.
  var side: Side? {
    switch self {
    case .row(let side, _), .pane(let side), .head(let side, _): side
    case .nothing, .tab, .part, .drawerRow, .drawer, .edge, .key: nil
    }
  }
}
