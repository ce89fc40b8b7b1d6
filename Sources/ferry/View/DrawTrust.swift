import FTP
import Storage
import Terminal

/// Draws the list of trusted certificates over the screen, and returns the row of its cursor.
func drawTrust(_ trust: TrustOverlay, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas) -> CursorPlace {
  TrustView(trust: trust, state: state, layout: TrustLayout(on: state.size), theme: theme).draw(&canvas)
}

private struct TrustView {
  let trust: TrustOverlay
  let state: AppState
  let layout: TrustLayout
  let theme: Theme

  func draw(_ canvas: inout Canvas) -> CursorPlace {
    canvas.dim(canvas.bounds)
    canvas.fill(layout.frame, style: theme[.dialog])
    canvas.box(layout.frame, style: theme[.dialogBorder], kind: theme.box)
    let title = trust.rows.map { $0.isEmpty ? "" : " (\($0.count))" } ?? ""
    canvas.put(
      " Trusted certificates\(title) ", at: layout.frame.origin.moved(dx: 2), style: theme[.dialogTitle],
      maxWidth: layout.frame.width - 4)
    drawKeys(&canvas)
    canvas.divider(in: layout.frame, y: layout.divider, style: theme[.dialogBorder], kind: theme.box)
    guard let rows = trust.rows else {
      canvas.put("Reading…", at: layout.head.origin, style: theme[.dialogLabel])
      return .hidden(layout.head.origin)
    }
    if rows.isEmpty {
      drawEmpty(&canvas)
    } else {
      drawHeads(&canvas)
      for offset in 0..<layout.list.height where rows.indices.contains(trust.top + offset) {
        drawRow(rows[trust.top + offset], offset, &canvas)
      }
    }
    drawScrollMark(rows.count, &canvas)
    drawDetails(&canvas)
    return .hidden(layout.list.origin.moved(dy: max(0, trust.cursor - trust.top)))
  }

  private func drawKeys(_ canvas: inout Canvas) {
    for (label, rect) in zip(layout.labels, layout.keys) {
      canvas.put(" \(label) ", at: rect.origin, style: theme[.dialogLabel])
    }
  }

  private func drawEmpty(_ canvas: inout Canvas) {
    canvas.put("Nothing is trusted for good yet.", at: layout.head.origin, style: theme[.dialogText])
    for (row, line) in FormText.wrap(
      "A certificate that you accept for good is kept here. i imports those that FileZilla has.",
      width: layout.head.width
    ).enumerated() {
      canvas.put(line, at: layout.head.origin.moved(dy: 2 + row), style: theme[.dialogLabel])
    }
  }

  private func drawHeads(_ canvas: inout Canvas) {
    func head(_ text: String, _ columns: Range<Int>?) {
      guard let columns else { return }
      canvas.put(
        text, at: layout.head.origin.moved(dx: columns.lowerBound), style: theme[.dialogLabel], maxWidth: columns.count)
    }
    head("Server", layout.server)
    head("Trusted", layout.kind)
    head("Until", layout.until)
    head("Last used", layout.lastUsed)
  }

  private func drawRow(_ row: TrustRow, _ offset: Int, _ canvas: inout Canvas) {
    let line = layout.list.row(offset)
    let isChosen = trust.top + offset == trust.cursor
    if isChosen { canvas.fill(line, style: theme[.dialogSelected]) }
    func put(_ text: String, _ columns: Range<Int>?, _ scope: Scope, _ overflow: DisplayText.Overflow = .end) {
      guard let columns else { return }
      let style = isChosen ? theme[.dialogSelected] : theme[scope].background(theme[.dialog].background)
      canvas.put(
        text, at: line.origin.moved(dx: 1 + columns.lowerBound), style: style, maxWidth: columns.count,
        overflow: overflow)
    }
    let isOver = state.date > row.certificate.notAfter
    put("\(row.server)", layout.server, .dialogValue, .middle)
    put(row.kind.rawValue, layout.kind, .dialogText)
    put(DateText.day(row.certificate.notAfter), layout.until, isOver ? .dialogWarning : .dialogText)
    let used = row.lastUsed.map { DateText.long(Timestamp(seconds: $0), now: state.date, state.zone) }
    put(used ?? "never", layout.lastUsed, .dialogText)
  }

  private func drawScrollMark(_ count: Int, _ canvas: inout Canvas) {
    guard let mark = ScrollMark.rows(top: trust.top, shown: layout.list.height, of: count) else { return }
    for row in mark {
      canvas.place("┃", at: Point(x: layout.frame.maxX - 1, y: layout.list.y + row), style: theme[.dialogBorder])
    }
  }

  /// The fingerprint and whose it is; or what came of the last request.
  private func drawDetails(_ canvas: inout Canvas) {
    if let said = trust.said {
      let style = theme[trust.isError ? .dialogWarning : .dialogGood].background(theme[.dialog].background)
      for (row, line) in FormText.wrap(said, width: layout.details.width).prefix(layout.details.height).enumerated() {
        canvas.put(line, at: layout.details.row(row).origin, style: style)
      }
      return
    }
    guard let row = trust.current else { return }
    let width = layout.details.width - 10
    // Where the whole fingerprint has no room its ends stand for it; a cut one would stand for nothing.
    let digits =
      width >= 47
      ? FingerprintText.rows(row.certificate.sha256, perRow: width >= 95 ? 8 : 4)
      : ["\(row.certificate.short)  (Enter: all)"]
    var lines: [(String, String)] = digits.enumerated().map { ($0.offset == 0 ? "SHA-256" : "", $0.element) }
    lines.append(("Subject", row.certificate.subject))
    lines.append(row.note.isEmpty ? ("Valid", state.validity(of: row.certificate)) : ("Note", row.note))
    if digits.count == 1 { lines.append(("Issuer", state.issuer(of: row.certificate))) }
    for (index, line) in lines.prefix(layout.details.height).enumerated() {
      let place = layout.details.row(index).origin
      canvas.put(line.0, at: place, style: theme[.dialogLabel])
      canvas.put(line.1, at: place.moved(dx: 10), style: theme[.dialogValue], maxWidth: width)
    }
  }
}
