import Synchronization

/// Collects rows that come in small pieces and hands them on a few times a second, so that sorting them does not take
/// longer than receiving them.
final class RowBatches: Sendable {
  private struct State {
    var rows: [Entry] = []
    /// When rows were handed on last; nil before the first.
    var last: ContinuousClock.Instant?
    /// Each pause is longer than the one before: every batch is sorted with all that came before it.
    var pause = Duration.milliseconds(100)
  }

  private let state = Mutex(State())
  private let onRows: @Sendable ([Entry]) -> Void

  init(_ onRows: @escaping @Sendable ([Entry]) -> Void) { self.onRows = onRows }

  func add(_ rows: [Entry]) {
    let due = state.withLock { state -> [Entry]? in
      state.rows += rows
      let now = ContinuousClock.now
      if let last = state.last, now < last + state.pause { return nil }
      if state.last != nil { state.pause *= 2 }
      state.last = now
      defer { state.rows = [] }
      return state.rows
    }
    if let due, !due.isEmpty { onRows(due) }
  }

  /// Hands on what is left.
  func finish() {
    let rest = state.withLock { state in
      defer { state.rows = [] }
      return state.rows
    }
    if !rest.isEmpty { onRows(rest) }
  }
}
