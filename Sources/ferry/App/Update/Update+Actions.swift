import SystemPackage
import Terminal

extension AppState {
  /// Does what a key, a click or the palette asked for.
  mutating func perform(_ action: Action) -> [Effect] {
    if action.isAboutFolder, !isSomewhere(active) { return [] }
    switch action {
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .first, .last: move(action)
    case .open: return openCurrent(active)
    case .parent: return openParent(active)
    case .home: return list(active, .local(home ?? "/"))
    case .otherPane:
      focus = .panes
      self[active].quickSearch = nil
      active = active.other
    case .goTo: openGoTo()
    case .refresh: return refresh()
    case .sameFolder: return list(active.other, self[active].place)
    case .swap:
      swapPanes()
    case .synchronize: return openCompare()
    case .moveTogether:
      movesTogether.toggle()
      say(movesTogether ? "Both panes move together now." : "Each pane moves by itself.")
    case .search: self[active].quickSearch = ""
    case .mark where focus == .drawer, .markUp where focus == .drawer: return performOnTransfers(action)
    case .mark, .markUp:
      self[active].toggleMark(row: self[active].cursor)
      move(action == .mark ? .down : .up)
    case .markPattern: openPattern(isMarking: true)
    case .unmarkPattern: openPattern(isMarking: false)
    case .invertMarks: self[active].invertMarks()
    case .unmarkAll: self[active].marks = []
    case .sortName: sort(active, .name)
    case .sortSize: sort(active, .size)
    case .sortModified: sort(active, .modified)
    case .sortExtension: sort(active, .extension)
    case .hidden:
      self[active].setShowsHidden(!self[active].showsHidden)
      self[active].revealCursor(height: layout[active].list.height)
    case .view: return openViewer(active)
    case .edit: return openEditor()
    case .copy: openTransfer(isMove: false)
    case .move: openTransfer(isMove: true)
    case .rename: openRename()
    case .permissions: openPermissions()
    case .prefix: beginKeys()
    case .makeFolder: openMakeFolder()
    case .delete: return openDelete()
    case .connect: sites.isEmpty ? openConnect() : openSites()
    case .saveSite: openSite(nil, active)
    case .disconnect: return disconnect(active)
    case .trust: return openTrust()
    case .identities: return openIdentities()
    case .help: layers.append(.help(HelpOverlay(keymap, context: context)))
    case .menu: layers.append(.menu(MenuOverlay(for: focus == .drawer ? drawer.tab : nil)))
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .quit: return openQuit()
    case .drawer, .drawerFocus, .drawerBack, .drawerTaller, .drawerShorter, .drawerZoom, .queueTab, .logTab,
      .sessionTab,
      .nextTab, .nextSession, .previousSession, .saveSession:
      return performInDrawer(action)
    case .pause, .pauseAll, .cancelTransfer, .retry, .retryFailed, .clear, .answer, .details, .moveUp, .moveDown,
      .moveTop, .moveBottom, .raise, .lower, .speedLimit, .whenDone, .nextPart, .previousPart, .markOrder, .markPart:
      return performOnTransfers(action)
    }
    return []
  }

  private mutating func refresh() -> [Effect] {
    // A pane that never got anywhere tries once more to get there.
    if self[active].problem != nil, let request = self[active].unreached { return connect(active, request) }
    return list(active, self[active].place)
  }

  private mutating func swapPanes() {
    let left = self[.left]
    guard !left.isBusy, !self[.right].isBusy else { return say("Wait until both panes are ready.", isError: true) }
    self[.left] = self[.right]
    self[.right] = left
    for side in Side.allCases { self[side].revealCursor(height: layout[side].list.height) }
    active = active.other
  }

  mutating func sort(_ side: Side, _ key: SortOrder.Key) {
    self[side].choose(self[side].sort.choosing(key))
    self[side].revealCursor(height: layout[side].list.height)
  }

  /// Moves the cursor of what has the focus.
  private mutating func move(_ action: Action) {
    if focus == .drawer { return moveInDrawer(action) }
    let height = layout[active].list.height
    self[active].moveCursor(
      to: target(action, from: self[active].cursor, count: self[active].rowCount, height: height), height: height)
  }

  private mutating func moveInDrawer(_ action: Action) {
    guard let height = layout.drawer?.content.height else { return }
    drawer.dropped = nil
    switch drawer.tab {
    case .queue:
      let row = target(action, from: drawer.cursor, count: drawer.rowCount, height: height)
      drawer.moveCursor(to: row, height: height)
    case .log:
      // The log's cursor is its last visible line, counted from the newest.
      let last = drawer.log.count - 1
      let row = target(action, from: last - drawer.logOffset, count: drawer.log.count, height: height)
      drawer.scrollLog(by: (last - drawer.logOffset) - row, height: height)
    case .session:
      let top = drawer.session.top(height: height)
      let count = drawer.session.lines.count
      let row = target(action, from: top, count: max(1, count - height + 1), height: height)
      drawer.session.scroll(by: top - row, height: height)
    }
  }

  private func target(_ action: Action, from row: Int, count: Int, height: Int) -> Int {
    switch action {
    case .up: row - 1
    case .down: row + 1
    case .pageUp: row - max(1, height - 1)
    case .pageDown: row + max(1, height - 1)
    case .halfUp: row - max(1, height / 2)
    case .halfDown: row + max(1, height / 2)
    case .first: 0
    case .last: count - 1
    default: row
    }
  }
}
