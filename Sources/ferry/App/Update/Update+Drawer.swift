import Terminal

extension AppState {
  mutating func performInDrawer(_ action: Action) -> [Effect] {
    switch action {
    case .drawer: toggleDrawer()
    case .drawerFocus:
      if !drawer.isOpen { toggleDrawer() }
      focus = focus == .drawer ? .panes : .drawer
    case .drawerBack:
      if drawer.tab == .queue, drawer.marked != nil { drawer.marked = nil } else { focus = .panes }
    case .drawerTaller: resizeDrawer(to: drawerHeight + 1)
    case .drawerShorter: resizeDrawer(to: drawerHeight - 1)
    case .drawerZoom:
      if !drawer.isOpen { toggleDrawer() }
      resizeDrawer(to: drawerHeight > 6 ? 6 : size.rows)
    case .queueTab: show(.queue)
    case .logTab: show(.log)
    case .sessionTab: show(.session)
    case .nextTab:
      let tabs = DrawerState.Tab.allCases
      show(tabs[(drawer.tab.rawValue + 1) % tabs.count])
    case .nextSession, .previousSession, .saveSession: performInSession(action)
    default: break
    }
    return []
  }

  private mutating func show(_ tab: DrawerState.Tab) {
    if !drawer.isOpen { toggleDrawer() }
    drawer.tab = tab
  }

  private var drawerHeight: Int { layout.drawer?.inner.height ?? drawer.height }

  private mutating func toggleDrawer() {
    drawer.isOpen.toggle()
    if !drawer.isOpen { focus = .panes }
    reveal()
  }

  /// Sets the drawer's height in rows; the layout keeps it in bounds. Heights up to six may be cut on small screens.
  mutating func resizeDrawer(to rows: Int) {
    let most = max(3, size.rows - 10)
    drawer.height = max(3, min(rows, most))
    if drawer.height <= 6, drawerHeight < drawer.height, rows > drawerHeight { drawer.height = min(7, most) }
    reveal()
  }

  private mutating func reveal() {
    for side in Side.allCases { self[side].revealCursor(height: layout[side].list.height) }
    if let content = layout.drawer?.content { drawer.revealCursor(height: content.height) }
  }
}
