import FTP
import Terminal

/// Draws the list of sites over the screen, and returns where its filter is typed.
func drawSites(_ sites: SitesOverlay, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas) -> CursorPlace {
  let layout = SitesLayout(on: state.size)
  canvas.dim(canvas.bounds)
  canvas.fill(layout.frame, style: theme[.dialog])
  canvas.box(layout.frame, style: theme[.dialogBorder], kind: theme.box)
  canvas.put(
    " Sites ", at: layout.frame.origin.moved(dx: 2), style: theme[.dialogTitle], maxWidth: layout.frame.width - 4)
  let pane = sites.side == .left ? " in the left pane " : " in the right pane "
  canvas.put(
    pane, at: layout.frame.origin.moved(dx: 2), style: theme[.dialogLabel], maxWidth: layout.frame.width - 4,
    alignment: .right)
  canvas.fill(layout.filter, style: theme[.dialogFieldFocused])
  let view = FieldText.visible(sites.filter, width: layout.filter.width - 2)
  if sites.filter.isEmpty {
    canvas.put("type to find a site", at: layout.filter.origin.moved(dx: 1), style: theme[.dialogFieldHint])
  } else {
    canvas.put(view.text, at: layout.filter.origin.moved(dx: 1), style: theme[.dialogFieldFocused])
  }
  let rows = sites.rows
  if rows.isEmpty {
    let text =
      sites.all.isEmpty ? "No site is saved yet: Ins adds one, F2 connects to any server." : "No site has these words."
    canvas.put(text, at: layout.list.origin, style: theme[.dialogLabel], maxWidth: layout.list.width)
  }
  let nameWidth = layout.list.width * 2 / 5
  for offset in 0..<max(0, layout.list.height) where rows.indices.contains(sites.top + offset) {
    let (row, line) = (rows[sites.top + offset], layout.list.row(offset))
    let isChosen = sites.top + offset == sites.cursor
    if isChosen { canvas.fill(line, style: theme[.dialogSelected]) }
    canvas.put(
      SafeText.escape(Array(row.title.utf8)), at: line.origin.moved(dx: 1),
      style: theme[isChosen ? .dialogSelected : .dialogValue], maxWidth: nameWidth - 2)
    canvas.put(
      row.address, at: line.origin.moved(dx: nameWidth), style: theme[isChosen ? .dialogSelected : .dialogLabel],
      maxWidth: line.width - nameWidth - 1, overflow: .middle)
  }
  if let mark = ScrollMark.rows(top: sites.top, shown: layout.list.height, of: rows.count) {
    for row in mark {
      canvas.place("┃", at: Point(x: layout.frame.maxX - 1, y: layout.list.y + row), style: theme[.dialogBorder])
    }
  }
  for (button, rect) in zip(SitesLayout.buttons, layout.buttons) {
    canvas.put(button.title, at: rect.origin, style: theme[.dialogLabel], maxWidth: rect.width)
  }
  return .visible(layout.filter.origin.moved(dx: 1 + view.cursor))
}
