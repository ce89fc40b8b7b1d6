import Terminal

/// What lies under the pointer when no layer is open.
enum Hit: Hashable, Sendable {
  case nothing
  case row(Side, Int)
  /// The part of a pane below its last row, or its frame.
  case pane(Side)
  case head(Side, PaneLayout.Column)
  case tab(DrawerState.Tab)
  /// A part of the queue.
  case part(QueueFilter)
  case drawerRow(Int)
  case drawer
  /// The edge between the panes and the drawer.
  case edge
  /// Function key 1...10.
  case key(Int)
}

extension AppState {
  /// What lies at a point.
  func hit(_ point: Point) -> Hit {
    let layout = layout
    if layout.isTooSmall { return .nothing }
    if layout.keys.contains(point) {
      return layout.keyBar.key(at: point).map { .key($0) } ?? .nothing
    }
    if let drawer = layout.drawer {
      if drawer.edge.contains(point) { return .edge }
      if drawer.tabs.contains(point) {
        let titles = DrawerState.Tab.allCases.map { self.drawer.title($0) }
        let tab = DrawerState.Tab.allCases.first { drawer.tab($0, titles: titles).contains(point) }
        return tab.map { .tab($0) } ?? .drawer
      }
      if drawer.parts.contains(point) {
        let rects = drawer.partRects(drawer.partTitles(self.drawer.queue))
        let part = zip(QueueFilter.allCases, rects).first { $1.contains(point) }
        return part.map { .part($0.0) } ?? .drawer
      }
      if drawer.content.contains(point) {
        let row = self.drawer.top + point.y - drawer.content.y
        return self.drawer.tab == .queue && row < self.drawer.rowCount ? .drawerRow(row) : .drawer
      }
    }
    for side in Side.allCases {
      let pane = layout[side]
      if let column = pane.column(at: point) { return .head(side, column) }
      if pane.list.contains(point) {
        let row = self[side].top + point.y - pane.list.y
        return row < self[side].rowCount ? .row(side, row) : .pane(side)
      }
      if pane.frame.contains(point) { return .pane(side) }
    }
    return .nothing
  }
}

extension DrawerState {
  /// A tab's title with what is worth knowing while it is not shown.
  func title(_ tab: Tab) -> String {
    switch tab {
    case .log: return "Log"
    case .session: return "Session"
    case .queue:
      var parts = [queue.isPaused ? "Queue paused" : "Queue"]
      if queue.running > 0 { parts.append("\(queue.running)▸") }
      if queue.waiting > 0 { parts.append("\(queue.waiting)…") }
      if queue.needsYou > 0 { parts.append("\(queue.needsYou)?") }
      if queue.failed > 0 { parts.append("\(queue.failed)!") }
      return parts.joined(separator: " ")
    }
  }
}
