import Terminal

extension DrawerView {
  func drawSession(_ canvas: inout Canvas) {
    let area = layout.content
    let lines = state.drawer.session.lines
    if lines.isEmpty {
      canvas.put(
        "A session with a server is drawn here, step by step: F2 connects.",
        at: Point(x: area.x + 1, y: area.y + max(0, area.height / 2 - 1)), style: theme[.drawerHint],
        maxWidth: area.width - 2, alignment: .center)
      return
    }
    let top = state.drawer.session.top(height: area.height)
    for (offset, line) in lines.dropFirst(top).prefix(area.height).enumerated() {
      var x = area.x
      for run in line.runs {
        x += canvas.put(
          run.text, at: Point(x: x, y: area.y + offset), style: theme[run.ink.scope], maxWidth: max(0, area.maxX - x),
          overflow: .clip)
      }
    }
    guard let mark = ScrollMark.rows(top: top, shown: area.height, of: lines.count) else { return }
    for row in mark { canvas.place("┃", at: Point(x: area.maxX, y: area.y + row), style: theme[.paneBorder]) }
  }
}

extension DrawerState {
  /// Which session is shown, of how many.
  var sessionSummary: String {
    guard let index = session.index, session.records.count > 1 else { return "" }
    return "\(index + 1) of \(session.records.count) sessions"
  }
}

extension DiagramInk {
  var scope: Scope {
    switch self {
    case .time: .sessionTime
    case .clear: .sessionClear
    case .secure: .sessionSecure
    case .data: .sessionData
    case .title: .sessionTitle
    case .command: .sessionCommand
    case .reply: .sessionReply
    case .refusal: .sessionRefusal
    case .handshake: .sessionHandshake
    case .note: .sessionNote
    case .good: .sessionGood
    case .warning: .sessionWarning
    }
  }
}
