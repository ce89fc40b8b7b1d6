import FTP
import Terminal

/// Draws the drawer and returns the cell where its cursor is.
func drawDrawer(_ state: AppState, _ layout: DrawerLayout, _ theme: Theme, _ canvas: inout Canvas) -> Point {
  DrawerView(state: state, layout: layout, theme: theme).draw(&canvas)
}

struct DrawerView {
  let state: AppState
  let layout: DrawerLayout
  let theme: Theme

  private var drawer: DrawerState { state.drawer }
  private var hasFocus: Bool { state.focus == .drawer }

  func draw(_ canvas: inout Canvas) -> Point {
    let frame = layout.inner.inset(left: -1, top: -1, right: -1, bottom: -1)
    let border = theme[hasFocus ? .paneBorderActive : .paneBorder]
    let glyphs = theme.box.glyphs
    canvas.fill(layout.inner, style: theme[.drawer])
    canvas.verticalLine(at: Point(x: 0, y: layout.inner.y), length: layout.inner.height, style: border, kind: theme.box)
    canvas.verticalLine(
      at: Point(x: frame.maxX - 1, y: layout.inner.y), length: layout.inner.height, style: border, kind: theme.box)
    canvas.horizontalLine(
      at: Point(x: 1, y: frame.maxY - 1), length: layout.inner.width, style: border, kind: theme.box)
    canvas.place(glyphs.bottomLeft, at: Point(x: 0, y: frame.maxY - 1), style: border)
    canvas.place(glyphs.bottomRight, at: Point(x: frame.maxX - 1, y: frame.maxY - 1), style: border)
    drawTabs(&canvas)
    switch drawer.tab {
    case .queue: drawQueue(&canvas)
    case .log: drawLog(&canvas)
    case .session: drawSession(&canvas)
    }
    let row = max(0, min(drawer.cursor - drawer.top, layout.content.height - 1))
    return layout.content.origin.moved(dx: 1, dy: drawer.tab == .queue ? row : layout.content.height - 1)
  }

  private func drawTabs(_ canvas: inout Canvas) {
    let titles = DrawerState.Tab.allCases.map { drawer.title($0) }
    var end = layout.tabs.x
    for tab in DrawerState.Tab.allCases {
      let rect = layout.tab(tab, titles: titles)
      let style = theme[tab == drawer.tab ? .drawerTabActive : .drawerTab]
      canvas.fill(rect, style: style)
      canvas.put(titles[tab.rawValue], at: rect.origin.moved(dx: 1), style: style)
      end = rect.maxX
    }
    let room = Rect(x: end + 2, y: layout.tabs.y, width: layout.tabs.maxX - end - 3, height: 1)
    // The speed alone, where there is no room for more.
    let isShort = DisplayText.width(of: summary) > room.width && !hasFocus
    canvas.put(
      isShort ? summary.split(separator: " ·").first.map(String.init) ?? "" : summary, at: room.origin,
      style: theme[hasFocus ? .drawerHint : .drawerSummary], maxWidth: room.width,
      alignment: .right)
  }

  /// What the keys do while the drawer has the focus, else how the whole queue is going.
  private var summary: String {
    if hasFocus {
      switch drawer.tab {
      case .queue: return "p pause  x cancel  r retry  c clear  Esc back"
      case .log: return "Enter zoom  Esc back"
      case .session: return "n N other  s save  Enter zoom  Esc back"
      }
    }
    if drawer.tab == .session { return drawer.sessionSummary }
    let queue = drawer.queue
    if queue.isPaused { return "paused: P goes on" }
    guard queue.running > 0 else { return "" }
    return ByteText.speed(queue.speed) + (queue.secondsLeft.map { " · \(ByteText.duration($0)) left" } ?? "")
  }

  // MARK: Queue

  private func drawQueue(_ canvas: inout Canvas) {
    let area = layout.content
    if drawer.queue.rows.isEmpty {
      canvas.put(
        "Nothing is being transferred: F5 copies, or drag rows across.",
        at: Point(x: area.x + 1, y: area.y + max(0, area.height / 2 - 1)), style: theme[.drawerHint],
        maxWidth: area.width - 2, alignment: .center)
      return
    }
    for offset in 0..<area.height {
      let index = drawer.top + offset
      guard drawer.queue.rows.indices.contains(index) else { break }
      QueueRowView(row: drawer.queue.rows[index], area: area.row(offset), theme: theme).draw(&canvas)
      if hasFocus, index == drawer.cursor {
        let cursor = theme[.drawerCursor]
        canvas.restyle(area.row(offset)) { $0 = cursor.under($0) }
      }
    }
    guard let mark = ScrollMark.rows(top: drawer.top, shown: area.height, of: drawer.queue.rows.count) else { return }
    for row in mark { canvas.place("┃", at: Point(x: area.maxX, y: area.y + row), style: theme[.paneBorder]) }
  }

  // MARK: Log

  private func drawLog(_ canvas: inout Canvas) {
    let area = layout.content
    let last = drawer.log.count - 1 - drawer.logOffset
    if last < 0 {
      canvas.put(
        "What Ferry and the servers say to each other appears here.",
        at: Point(x: area.x + 1, y: area.y + max(0, area.height / 2 - 1)), style: theme[.drawerHint],
        maxWidth: area.width - 2, alignment: .center)
      return
    }
    let first = max(0, last - area.height + 1)
    for index in first...last {
      drawLogLine(drawer.log[index], in: area.row(index - first).inset(left: 1, right: 1), &canvas)
    }
  }

  private func drawLogLine(_ line: LogLine, in row: Rect, _ canvas: inout Canvas) {
    let (sign, scope): (String, Scope) =
      switch line.kind {
      case .command: ("→", .logCommand)
      case .reply: ("←", .logReply)
      case .status: ("·", .logStatus)
      case .error: ("!", .logError)
      }
    let session = line.session.map { "\($0)" } ?? ""
    canvas.put(DateText.time(line.time, state.zone), at: row.origin, style: theme[.logSource])
    canvas.put(session, at: row.origin.moved(dx: 9), style: theme[.logSource], maxWidth: 3, alignment: .right)
    canvas.put(sign, at: row.origin.moved(dx: 13), style: theme[scope])
    canvas.put(line.text, at: row.origin.moved(dx: 15), style: theme[scope], maxWidth: row.width - 15)
  }
}
