import Terminal
import Transfers

/// Transfers that are dragged.
struct TransferCarry: Equatable, Sendable {
  var selection: QueueSelection
  /// The one that was taken; of several it stands for all.
  var row: QueueRow
  var pointer: Point
}

/// Where dragged transfers would go.
enum TransferDrop: Equatable, Sendable {
  /// Between the rows of those that wait: behind so many rows of the part that is shown.
  case gap(Int, QueueAnchor, Priority)
  /// To the part of what waits: they are tried again, or go on.
  case waiting
  /// To the part of what runs: in front of everything.
  case first
}

extension AppState {
  /// What a release would do now; nil where it would do nothing.
  var transferDrop: TransferDrop? {
    guard let carry = drag.sorting, let layout = layout.drawer else { return nil }
    switch hit(carry.pointer) {
    case .part(.waiting): return canWait(carry) ? .waiting : nil
    case .part(.running): return .first
    default: break
    }
    guard layout.reaches(carry.pointer) else { return nil }
    return drop(carry, gap: drawer.top + carry.pointer.y - layout.content.y)
  }

  /// Between which rows the pointer is, if both are known and one of them waits.
  private func drop(_ carry: TransferCarry, gap: Int) -> TransferDrop? {
    // Below the last row, it goes behind that.
    let gap = min(gap, drawer.waitingRows.upperBound)
    guard drawer.waitingRows.lowerBound <= gap, !drawer.waitingRows.isEmpty else { return nil }
    let above = gap > drawer.waitingRows.lowerBound ? drawer.row(gap - 1) : nil
    let below = gap < drawer.waitingRows.upperBound ? drawer.row(gap) : nil
    let neighbours = [below, above].compactMap(\.self)
    // It stands there already.
    if neighbours.contains(where: { drawer.isCarried($0, by: carry) }) { return nil }
    // Between two priorities it keeps its own where it can.
    let own = neighbours.first { $0.priority == carry.row.priority }
    guard let anchor = own ?? below ?? above else { return nil }
    let id = TransferItem.ID(anchor.id)
    return .gap(gap, anchor.id == above?.id ? .after(id) : .before(id), anchor.priority)
  }

  private func canWait(_ carry: TransferCarry) -> Bool { carry.row.part != .waiting || carry.row.state == .paused }

  /// Takes up a transfer under the pointer, with all that are marked if it is.
  mutating func armTransfer(_ row: QueueRow, at point: Point) {
    guard row.canBeCarried else { return drag.cancel() }
    let selection = drawer.isMarked(row) ? drawer.marked : nil
    drag.pressed(TransferCarry(selection: selection ?? .items([row.id]), row: row, pointer: point))
  }

  /// The button went up.
  func dropTransfers(_ carry: TransferCarry, on drop: TransferDrop?) -> [Effect] {
    switch drop {
    case .gap(_, let anchor, _): [.queue(.place(carry.selection, anchor))]
    case .first: [.queue(.place(carry.selection, .first)), .queue(.resume(carry.selection))]
    case .waiting: [.queue(.retry(carry.selection)), .queue(.resume(carry.selection))]
    case nil: []
    }
  }
}

extension QueueRow {
  /// What runs or is complete has no place that could be another one.
  fileprivate var canBeCarried: Bool { part != .running && state != .done }
}

extension DrawerLayout {
  /// Whether a point is in the list, or on the line below it, which is behind its last row.
  func reaches(_ point: Point) -> Bool { content.contains(point) || content.contains(point.moved(dy: -1)) }
}

extension DrawerState {
  /// The rows of those that wait, counted in the part that is shown.
  var waitingRows: Range<Int> {
    switch filter {
    case .all:
      let first = queue.running + queue.needsYou + queue.failed
      return first..<first + queue.waiting
    case .waiting: return 0..<queue.waiting
    case .running, .needsYou, .failed, .done: return 0..<0
    }
  }

  func isCarried(_ row: QueueRow, by carry: TransferCarry) -> Bool {
    if case .items(let ids) = carry.selection { ids.contains(row.id) } else { isMarked(row) }
  }
}
