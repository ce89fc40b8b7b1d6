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
    // As much as there is room for, the first words before all others.
    let separator = hasFocus ? "  " : " · "
    var words = hasFocus ? hints : summary
    while words.count > 1, DisplayText.width(of: words.joined(separator: separator)) > room.width { words.removeLast() }
    canvas.put(
      words.joined(separator: separator), at: room.origin, style: theme[hasFocus ? .drawerHint : .drawerSummary],
      maxWidth: room.width, alignment: .right)
  }

  /// What the keys do while the drawer has the focus, the most needed first.
  private var hints: [String] {
    switch drawer.tab {
    case .queue:
      if let marked = drawer.marked { return [markedText(marked), "Esc unmarks"] }
      return (drawer.queue.isPaused ? ["P goes on"] : []) + rowHints + ["F1 more"]
    case .log: return ["Enter zoom", "Esc back"]
    case .session: return ["n N other", "s save", "Enter zoom", "Esc back"]
    }
  }

  private var rowHints: [String] {
    switch drawer.selected?.state {
    case .running, .waiting, .retrying: ["p pause", "x cancel", "Enter details"]
    case .paused: ["p resume", "x cancel", "Enter details"]
    case .needsYou: ["Enter answer", "r retry", "x cancel"]
    case .failed: ["r retry", "R retry all", "x cancel", "Enter details"]
    case .done: ["c clear", "x remove", "Enter details"]
    case .skipped, .cancelled: ["c clear", "r retry", "x remove", "Enter details"]
    case nil: ["P pause all", "s speed", "w when done"]
    }
  }

  /// How the whole queue is going, while the drawer has not the focus.
  private var summary: [String] {
    if drawer.tab == .session { return [drawer.sessionSummary] }
    let queue = drawer.queue
    if queue.isPaused { return ["P goes on"] }
    guard queue.running > 0 else { return [] }
    return [ByteText.speed(queue.speed)] + (queue.secondsLeft.map { ["\(ByteText.duration($0)) left"] } ?? [])
  }

  private func markedText(_ marked: QueueSelection) -> String {
    switch marked {
    case .items(let ids): "\(ids.count) marked"
    case .order: "the whole order is marked"
    case .part(let part): part == .all ? "all is marked" : "all of “\(part.title)” is marked"
    }
  }

  // MARK: Queue

  private func drawParts(_ canvas: inout Canvas) {
    guard layout.hasParts else { return }
    let titles = layout.partTitles(drawer.queue)
    let rects = layout.partRects(titles)
    for (part, (title, rect)) in zip(QueueFilter.allCases, zip(titles, rects)) {
      let isShown = part == drawer.filter
      let isTarget = state.isDropTarget(part)
      let style = theme[isTarget ? .drag : isShown ? .drawerTabActive : scope(part)]
      canvas.fill(rect, style: style)
      canvas.put(title, at: rect.origin.moved(dx: 1), style: style, maxWidth: rect.width - 1)
    }
    let start = (rects.last?.maxX ?? layout.parts.x) + 2
    let limit = ([drawer.queue.limit.map { "max \(ByteText.speed($0))" }] + [state.whenDone.hint])
      .compactMap(\.self).joined(separator: " · ")
    let end = layout.parts.maxX - 1
    canvas.put(limit, at: Point(x: start, y: layout.parts.y), style: theme[.drawerHint], maxWidth: max(0, end - start))
    let graphStart = limit.isEmpty ? start : start + DisplayText.width(of: limit) + 2
    let width = min(30, end - graphStart)
    guard width >= 6 else { return }
    SpeedGraph.draw(
      drawer.speeds.recent(width, at: state.now), in: Rect(x: end - width, y: layout.parts.y, width: width, height: 1),
      style: theme[.queueBar], &canvas)
  }

  /// What wants attention has its colour also where it is not shown.
  private func scope(_ part: QueueFilter) -> Scope {
    switch part {
    case .needsYou where drawer.queue.needsYou > 0: .queueQuestion
    case .failed where drawer.queue.failed > 0: .queueFailed
    default: .drawerTab
    }
  }

  private func drawQueue(_ canvas: inout Canvas) {
    drawParts(&canvas)
    let area = layout.content
    if drawer.rowCount == 0 {
      canvas.put(
        emptyText, at: Point(x: area.x + 1, y: area.y + max(0, area.height / 2 - 1)), style: theme[.drawerHint],
        maxWidth: area.width - 2, alignment: .center)
      return
    }
    let mark = TransferDragView(state: state, theme: theme, height: area.height)
    for offset in 0..<area.height {
      if mark.draw(at: offset, in: area, &canvas) { continue }
      let index = drawer.top + mark.index(of: offset)
      guard index < drawer.rowCount else { continue }
      if let row = drawer.row(index) {
        QueueRowView(row: row, isMarked: drawer.isMarked(row), area: area.row(offset), theme: theme).draw(&canvas)
      } else {
        canvas.put("…", at: area.row(offset).origin.moved(dx: 1), style: theme[.drawerHint])
      }
      if let row = drawer.row(index), mark.isCarried(row) {
        let ink = theme[.queueWaiting]
        canvas.restyle(area.row(offset)) { $0 = ink }
      } else if hasFocus, index == drawer.cursor {
        let cursor = theme[.drawerCursor]
        canvas.restyle(area.row(offset)) { $0 = cursor.under($0) }
      }
    }
    guard let bar = ScrollMark.rows(top: drawer.top, shown: area.height, of: drawer.rowCount) else { return }
    for row in bar { canvas.place("┃", at: Point(x: area.maxX, y: area.y + row), style: theme[.paneBorder]) }
  }

  private var emptyText: String {
    switch drawer.filter {
    case .all: "Nothing is being transferred: F5 copies, or drag rows across."
    case .running: "Nothing is being transferred just now."
    case .waiting: "Nothing waits."
    case .needsYou: "No transfer waits for an answer of yours."
    case .failed: "Nothing has failed."
    case .done: "Nothing is done yet."
    }
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
