import FTP
import Terminal

extension AppState {
  /// The mouse goes to the top layer, else to what is under the pointer.
  mutating func received(_ mouse: MouseEvent) -> [Effect] {
    if let layer = layers.last { return received(mouse, by: layer) }
    if layout.isTooSmall { return [] }
    switch mouse.kind {
    case .press:
      // The release of an earlier one was not told, perhaps outside of the window: nothing is dropped here.
      if drag.phase != .idle { drag.cancel() }
      return pressed(mouse)
    case .drag: return dragged(mouse)
    case .release:
      // Where the button goes up counts, even if the way there was not told.
      let isDragging = drag.carry != nil || drag.sorting != nil
      if isDragging { clicks = ClickCounter() }
      let last = isDragging ? dragged(mouse) : []
      let drop = transferDrop
      return last + follow(drag.released(), drop)
    case .wheelUp: wheel(by: -3, at: mouse.point)
    case .wheelDown: wheel(by: 3, at: mouse.point)
    case .move:
      // No button is held any more: its release was not told.
      if drag.phase != .idle { drag.cancel() }
    case .wheelLeft, .wheelRight: break
    }
    return []
  }

  private mutating func pressed(_ mouse: MouseEvent) -> [Effect] {
    notice = nil
    let hit = hit(mouse.point)
    switch (mouse.button, hit) {
    case (.left, .row(let side, let row)): return pressedLeft(side, row: row, mouse)
    case (.left, .pane(let side)): activate(side)
    case (.right, .row(let side, let row)):
      activate(side)
      guard let name = self[side].entry(at: row)?.name else { return [] }
      return follow(drag.pressedRight(side, row: row, isMarked: self[side].marks.contains(name)))
    case (.left, .head(let side, let column)):
      activate(side)
      if let key = column.sortKey { sort(side, key) }
    case (.left, .key(let number)): return perform(KeyBar.action(number))
    case (.left, .tab(let tab)):
      drawer.tab = tab
      focus = .drawer
    case (.left, .part(let part)):
      focus = .drawer
      drawer.show(part)
    case (.left, .drawerRow(let row)): return pressedDrawer(row: row, mouse)
    case (.right, .drawerRow(let row)):
      focus = .drawer
      drawer.cursor = row
      if let row = drawer.selected { drawer.toggleMark(row) }
    case (.left, .drawer): focus = .drawer
    case (.left, .edge): drag.pressedEdge()
    default: break
    }
    return []
  }

  private mutating func pressedLeft(_ side: Side, row: Int, _ mouse: MouseEvent) -> [Effect] {
    activate(side)
    self[side].cursor = row
    if clicks.pressed(at: mouse.point, time: now) {
      drag.cancel()
      return openCurrent(side)
    }
    if mouse.modifiers.contains(.control) { self[side].toggleMark(row: row) }
    if let load = load(side, row: row) { drag.pressed(load, at: mouse.point) }
    return []
  }

  private mutating func pressedDrawer(row: Int, _ mouse: MouseEvent) -> [Effect] {
    focus = .drawer
    drawer.cursor = row
    drawer.dropped = nil
    if clicks.pressed(at: mouse.point, time: now) {
      drag.cancel()
      return performOnTransfers(.answer)
    }
    guard let row = drawer.selected else { return [] }
    if mouse.modifiers.contains(.control) { drawer.toggleMark(row) }
    armTransfer(row, at: mouse.point)
    return []
  }

  private mutating func activate(_ side: Side) {
    if active != side { self[active].quickSearch = nil }
    active = side
    focus = .panes
  }

  // MARK: Dragging

  private mutating func dragged(_ mouse: MouseEvent) -> [Effect] {
    let hit = hit(mouse.point)
    let step = drag.moved(
      to: mouse.point, over: hit, folderRow: folderRow(hit), edge: scrollEdge(mouse.point), modifiers: mouse.modifiers)
    return follow(step)
  }

  /// The row under the pointer if a release there would drop into that folder.
  private func folderRow(_ hit: Hit) -> Int? {
    guard case .row(let side, let row) = hit, self[side].entry(at: row)?.isFolder == true else { return nil }
    return row
  }

  /// -1 or 1 where there is more to see beyond the row under the pointer, which is the first or last of its list.
  private func scrollEdge(_ point: Point) -> Int {
    if drag.sorting != nil { return drawerScrollEdge(point) }
    for side in Side.allCases {
      let list = layout[side].list
      guard list.contains(point) else { continue }
      if point.y == list.y, self[side].top > 0 { return -1 }
      if point.y == list.maxY - 1, self[side].top + list.height < self[side].rowCount { return 1 }
    }
    return 0
  }

  private func drawerScrollEdge(_ point: Point) -> Int {
    guard let drawerLayout = layout.drawer, drawerLayout.reaches(point) else { return 0 }
    let list = drawerLayout.content
    if point.y == list.y, drawer.top > 0 { return -1 }
    return point.y >= list.maxY - 1 && drawer.top + list.height < drawer.rowCount ? 1 : 0
  }

  /// Time passes while rows are held at the edge of a list: it scrolls, and another row comes under the pointer.
  mutating func scrollWhileCarrying() {
    if let sorting = drag.sorting, let list = layout.drawer?.content {
      drawer.top = max(0, min(drawer.top + drag.scrollDirection, drawer.rowCount - list.height))
      _ = drag.moved(to: sorting.pointer, over: .drawer, folderRow: nil, edge: drawerScrollEdge(sorting.pointer))
      return
    }
    guard let carry = drag.carry, drag.scrollDirection != 0, let side = hit(carry.pointer).side else { return }
    let cursor = self[side].cursor
    self[side].scroll(by: drag.scrollDirection, height: layout[side].list.height)
    if side == carry.load.side { self[side].cursor = cursor }
    let hit = hit(carry.pointer)
    _ = drag.moved(
      to: carry.pointer, over: hit, folderRow: folderRow(hit), edge: scrollEdge(carry.pointer),
      modifiers: carry.isMove ? .alt : [])
  }

  private mutating func follow(_ step: DragState.Step, _ transferDrop: TransferDrop? = nil) -> [Effect] {
    switch step {
    case .none: return []
    case .sort(let carry):
      if case .gap = transferDrop { drawer.dropped = DrawerState.Dropped(id: carry.row.id, row: drawer.cursor) }
      return dropTransfers(carry, on: transferDrop)
    case .mark(let side, let rows, let isMarking):
      self[side].setMark(isMarking, rows: rows)
      return []
    case .resize(let row):
      resizeDrawer(to: size.rows - 2 - row - 1)
      return []
    case .drop(let load, let target, let isMove): return drop(load, on: target, isMove: isMove)
    }
  }

  // MARK: Wheel

  private mutating func wheel(by rows: Int, at point: Point) {
    switch hit(point) {
    case .row(let side, _), .pane(let side), .head(let side, _):
      self[side].scroll(by: rows, height: layout[side].list.height)
    case .drawer, .drawerRow, .tab, .part:
      guard let height = layout.drawer?.content.height else { return }
      if drawer.tab == .log { return drawer.scrollLog(by: -rows, height: height) }
      if drawer.tab == .session { return drawer.session.scroll(by: -rows, height: height) }
      drawer.top = max(0, min(drawer.top + rows, drawer.rowCount - height))
      drawer.cursor = max(drawer.top, min(drawer.cursor, drawer.top + height - 1))
    case .nothing, .edge, .key: break
    }
  }
}

extension PaneLayout.Column {
  /// The order that a click on the column's head chooses.
  var sortKey: SortOrder.Key? {
    switch self {
    case .name: .name
    case .size: .size
    case .modified: .modified
    case .permissions: nil
    }
  }
}
