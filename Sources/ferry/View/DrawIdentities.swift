import Terminal

/// Draws the screen of client certificates, and returns the row of its cursor.
func drawIdentities(_ overlay: IdentityOverlay, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas)
  -> CursorPlace
{
  let rows = state.identities
  let layout = IdentityLayout(count: rows.count, on: state.size)
  canvas.dim(canvas.bounds)
  canvas.fill(layout.frame, style: theme[.dialog])
  canvas.box(layout.frame, style: theme[.dialogBorder], kind: theme.box)
  canvas.put(
    " Client certificates ", at: layout.frame.origin.moved(dx: 2), style: theme[.dialogTitle],
    maxWidth: layout.frame.width - 4)
  canvas.put(
    " Esc closes ", at: Point(x: layout.frame.x + 2, y: layout.frame.maxY - 1), style: theme[.dialogLabel],
    maxWidth: layout.frame.width - 4, alignment: .right)
  canvas.divider(in: layout.frame, y: layout.divider, style: theme[.dialogBorder], kind: theme.box)
  drawKeys(layout, theme, &canvas)
  guard !rows.isEmpty else {
    canvas.put("None yet. n makes one.", at: layout.list.origin.moved(dx: 1), style: theme[.dialogText])
    canvas.clipped(to: layout.details) { canvas in
      for (index, line) in FormText.wrap(emptyText, width: layout.details.width - 2).enumerated() {
        canvas.put(line, at: layout.details.origin.moved(dx: 1, dy: index), style: theme[.dialogLabel])
      }
    }
    return .hidden(layout.list.origin)
  }
  let nameWidth = min(24, rows.map { DisplayText.width(of: $0.name) }.max() ?? 0)
  for offset in 0..<layout.list.height where rows.indices.contains(overlay.top + offset) {
    drawRow(
      rows[overlay.top + offset], nameWidth, layout.list.row(offset), isChosen: overlay.top + offset == overlay.cursor,
      state, theme, &canvas)
  }
  if let mark = ScrollMark.rows(top: overlay.top, shown: layout.list.height, of: rows.count) {
    for row in mark {
      canvas.place("┃", at: Point(x: layout.frame.maxX - 1, y: layout.list.y + row), style: theme[.dialogBorder])
    }
  }
  if rows.indices.contains(overlay.cursor) { drawDetails(rows[overlay.cursor], layout.details, state, theme, &canvas) }
  return .hidden(layout.list.row(max(0, overlay.cursor - overlay.top)).origin)
}

private let emptyText =
  "Some servers let clients in only with a certificate of their own. Make one here; where the server's side signs "
  + "certificates, export the request, and install the answer."

private func drawRow(
  _ row: IdentityRow, _ nameWidth: Int, _ line: Rect, isChosen: Bool, _ state: AppState, _ theme: Theme,
  _ canvas: inout Canvas
) {
  let base = theme[isChosen ? .dialogSelected : .dialogText]
  if isChosen { canvas.fill(line, style: base) }
  canvas.put(
    row.name, at: line.origin.moved(dx: 1), style: isChosen ? base : theme[.dialogValue].with(.bold),
    maxWidth: nameWidth)
  var facts = row.sheet.map { "\($0.key), \(row.vouched)" } ?? row.problem ?? ""
  if let sheet = row.sheet { facts += ", until \(DateText.day(sheet.notAfter))" }
  let markWidth = DisplayText.width(of: row.mark)
  canvas.put(
    facts, at: line.origin.moved(dx: nameWidth + 3), style: isChosen ? base : theme[.dialogLabel],
    maxWidth: line.width - nameWidth - markWidth - 6)
  let warning = isChosen ? base : theme[.dialogWarning].background(theme[.dialog].background)
  canvas.put(row.mark, at: line.origin, style: warning, maxWidth: line.width - 1, alignment: .right)
}

private func drawDetails(
  _ row: IdentityRow, _ area: Rect, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas
) {
  var body: [FormLine] = []
  if let problem = row.problem { body.append(.text(problem, .warning)) }
  if let sheet = row.sheet {
    body.append(.fingerprint("SHA-256", sheet.sha256))
    body += row.waiting.map { .pair("Awaits trust", "on \($0)", .warning) }
    if let reminder = row.reminder { body.append(.pair("Note", reminder, .warning)) }
    body.append(
      row.isEncrypted
        ? .pair("Private key", "encrypted with a passphrase", .text)
        : .pair("Private key", "NOT encrypted: whoever can read its file has it", .warning))
    body.append(.pair("Request", row.hasRequest ? "ready for a signer" : "none yet", .text))
    if row.isReplacing { body.append(.pair("Before", "kept until a server lets this one in; b takes it back", .text)) }
    body += state.facts(of: sheet)
  }
  canvas.clipped(to: area) { canvas in
    for (index, line) in FormText.lines(body, width: area.width - 2).enumerated() where index < area.height {
      for piece in line.pieces {
        let style =
          switch piece.look {
          case .label: theme[.dialogLabel]
          case .value(.strong): theme[.dialogValue].with(.bold)
          case .value(.warning): theme[.dialogWarning].background(theme[.dialog].background)
          case .value(.good): theme[.dialogGood].background(theme[.dialog].background)
          case .value(.text), .value(.faint): theme[.dialogText]
          }
        canvas.put(piece.text, at: area.origin.moved(dx: 1 + piece.x, dy: index), style: style)
      }
    }
  }
}

private func drawKeys(_ layout: IdentityLayout, _ theme: Theme, _ canvas: inout Canvas) {
  for (key, rect) in zip(IdentityOverlay.keys, layout.keys) {
    canvas.put(key.key, at: rect.origin, style: theme[.dialogValue].with(.bold))
    canvas.put(key.title, at: rect.origin.moved(dx: 2), style: theme[.dialogLabel])
  }
}
