import FTP
import Terminal

/// What is seen of transfers that are dragged: a line between the rows where they would go, which the other rows make
/// room for, or a word beside the pointer.
struct TransferDragView {
  let state: AppState
  let theme: Theme
  private let carry: TransferCarry?
  private let drop: TransferDrop?
  /// Rows of the list on the screen.
  private let height: Int

  init(state: AppState, theme: Theme, height: Int = 0) {
    self.state = state
    self.theme = theme
    self.height = height
    carry = state.drag.sorting
    drop = state.transferDrop
  }

  /// Behind how many rows on the screen the line is; nil without one.
  private var offset: Int? {
    if case .gap(let gap, _, _) = drop { gap - state.drawer.top } else { nil }
  }

  /// The row that is drawn in a line of the list, counted from its top: those behind the line make room for it, and where
  /// it is behind all of them, those before it.
  func index(of row: Int) -> Int {
    guard let offset else { return row }
    return offset >= height ? row + 1 : row - (offset < row ? 1 : 0)
  }

  func isCarried(_ row: QueueRow) -> Bool { carry.map { state.drawer.isCarried(row, by: $0) } ?? false }

  /// Draws the line if it is in this row.
  func draw(at row: Int, in area: Rect, _ canvas: inout Canvas) -> Bool {
    guard let carry, let offset, row == min(offset, height - 1), case .gap(_, _, let priority) = drop else {
      return false
    }
    let line = area.row(row)
    let style = theme[.paneBorderActive]
    canvas.fill(line, style: style, with: "─")
    let becomes = priority == carry.row.priority ? "" : ", \(priority.title) priority"
    canvas.put("▸", at: line.origin, style: style)
    canvas.put(
      " \(Self.text(carry))\(becomes) ", at: line.origin.moved(dx: 1), style: theme[.drag], maxWidth: line.width - 2)
    return true
  }

  /// The word beside the pointer, where no line tells.
  func drawWord(_ canvas: inout Canvas) {
    guard let carry, offset == nil else { return }
    let text =
      switch drop {
      case .waiting: " \(carry.row.state == .paused ? "goes on" : "try again"): \(Self.text(carry)) "
      case .first: " first of all: \(Self.text(carry)) "
      case .gap, nil: " \(Self.text(carry)): drop among those that wait "
      }
    let label = DisplayText(text).clipped(to: min(60, state.size.columns), at: .end)
    let x = max(0, min(carry.pointer.x + 2, state.size.columns - label.width))
    let y = carry.pointer.y + 1 < state.size.rows ? carry.pointer.y + 1 : carry.pointer.y - 1
    canvas.put(label, at: Point(x: x, y: max(0, y)), style: theme[drop == nil ? .dragRefused : .drag])
  }

  private static func text(_ carry: TransferCarry) -> String {
    switch carry.selection {
    case .items(let ids) where ids.count == 1: SafeText.excerpt(carry.row.name, limit: 40)
    case .items(let ids): Count.of(ids.count, "transfer", "transfers")
    case .order: "all that was queued together"
    case .part: "all that is marked"
    }
  }
}

extension AppState {
  /// Whether dragged transfers would be dropped on the name of a part of the queue.
  func isDropTarget(_ part: QueueFilter) -> Bool {
    switch transferDrop {
    case .waiting: part == .waiting
    case .first: part == .running
    case .gap, nil: false
    }
  }
}
