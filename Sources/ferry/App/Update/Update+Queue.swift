import Terminal
import Transfers

extension AppState {
  /// What keys, the menu and the mouse do to transfers: to those that are marked, else to the one under the cursor.
  mutating func performOnTransfers(_ action: Action) -> [Effect] {
    switch action {
    case .retryFailed: return [.queue(.retryFailed)]
    case .clear: return [.queue(.clearFinished)]
    case .pauseAll: return [.queue(drawer.queue.isPaused ? .resumeAll : .pauseAll)]
    case .speedLimit: openLimit()
    case .whenDone: openWhenDone()
    case .nextPart: drawer.walkParts(by: 1)
    case .previousPart: drawer.walkParts(by: -1)
    case .markOrder: drawer.marked = drawer.selected.map { .order($0.order) }
    case .markPart: if drawer.rowCount > 0 { drawer.marked = .part(drawer.filter) }
    case .mark, .markUp: markTransfer(goingDown: action == .mark)
    default: return performOnSelection(action)
    }
    return []
  }

  private mutating func performOnSelection(_ action: Action) -> [Effect] {
    guard let selection = drawer.selection else { return [] }
    switch action {
    case .moveUp: return [.queue(.move(selection, .up))]
    case .moveDown: return [.queue(.move(selection, .down))]
    case .moveTop: return [.queue(.move(selection, .top))]
    case .moveBottom: return [.queue(.move(selection, .bottom))]
    case .raise: return [.queue(.raise(selection, by: 1))]
    case .lower: return [.queue(.raise(selection, by: -1))]
    case .cancelTransfer: return cancel(selection)
    default: break
    }
    // Of several, each does what it can.
    if drawer.marked != nil {
      switch action {
      case .pause: return [.queue(areMarkedPaused ? .resume(selection) : .pause(selection))]
      case .retry: return [.queue(.retry(selection))]
      default: break
      }
    }
    return drawer.selected.map { performOnTransfer(action, $0) } ?? []
  }

  /// What a key means for the transfer under the drawer's cursor.
  private mutating func performOnTransfer(_ action: Action, _ row: QueueRow) -> [Effect] {
    let one = QueueSelection.items([row.id])
    switch (action, row.state) {
    case (.answer, .needsYou):
      invitedItem = row.id
      return [.queue(.ask(row.id))]
    case (.answer, _), (.details, _): openDetails(row)
    case (.retry, .failed), (.retry, .skipped), (.retry, .cancelled), (.retry, .needsYou), (.retry, .retrying):
      return [.queue(.retry(one))]
    case (.pause, .paused): return [.queue(.resume(one))]
    case (.pause, .waiting), (.pause, .retrying), (.pause, .running): return [.queue(.pause(one))]
    default: break
    }
    return []
  }

  private var areMarkedPaused: Bool {
    let rows = drawer.queue.rows.filter { drawer.isMarked($0) && !$0.isOver }
    return !rows.isEmpty && rows.allSatisfy { $0.state == .paused }
  }

  private mutating func markTransfer(goingDown: Bool) {
    guard let row = drawer.selected, let height = layout.drawer?.content.height else { return }
    drawer.toggleMark(row)
    drawer.moveCursor(to: drawer.cursor + (goingDown ? 1 : -1), height: height)
  }

  /// Gives up transfers; asks first where bytes would be lost. What is over leaves the list.
  private mutating func cancel(_ selection: QueueSelection) -> [Effect] {
    let rows = drawer.queue.rows.filter { row in
      if case .items(let ids) = selection { ids.contains(row.id) } else { drawer.isMarked(row) }
    }
    if !rows.isEmpty, rows.allSatisfy(\.isOver), case .items = selection { return [.queue(.remove(selection))] }
    if selection == .part(.done) {
      drawer.marked = nil
      return [.queue(.remove(selection))]
    }
    let losing = rows.filter(\.wouldLoseBytes)
    guard !losing.isEmpty || drawer.marked != nil else { return [.queue(.cancel(selection))] }
    return openCancel(selection, rows: rows, losing: losing)
  }

  /// What the drawer wants to have at hand, if that is something else than it asked for last.
  mutating func lookForRows() -> [Effect] {
    let window = QueueWindow(drawer.filter, around: drawer.top)
    guard window != drawer.window else { return [] }
    drawer.window = window
    return [.queue(.look(window))]
  }

  /// The queue is another one than before.
  mutating func queueChanged(_ view: QueueView) -> [Effect] {
    let wasActive = drawer.queue.isActive
    drawer.received(view, now: now)
    // Somebody wants to quit, and nothing speaks against it any more.
    if case .dialog(let dialog) = layers.last, dialog.purpose == .quit, view.running == 0 { return leave() }
    if drawer.dropped == nil, let content = layout.drawer?.content { drawer.revealCursor(height: content.height) }
    guard wasActive, !view.isActive, !view.isPaused, view.done + view.failed + view.needsYou > 0 else { return [] }
    return finishedQueue(WhenDone.Facts(done: view.done, failed: view.failed, needsYou: view.needsYou))
  }

  private mutating func finishedQueue(_ facts: WhenDone.Facts) -> [Effect] {
    var effects: [Effect] = []
    if whenDone.notifies { effects.append(.notify("Ferry: the queue is done", facts.text)) }
    if !whenDone.command.isEmpty { effects.append(.runCommand(whenDone.command, facts)) }
    if whenDone.quits, facts.needsYou == 0 { effects += leave() }
    return effects
  }
}
