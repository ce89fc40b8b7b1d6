import Terminal

/// Draws the help over the screen, and returns where its filter is typed.
func drawHelp(_ help: HelpOverlay, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas) -> CursorPlace {
  let layout = HelpLayout(on: state.size)
  canvas.dim(canvas.bounds)
  canvas.fill(layout.frame, style: theme[.dialog])
  canvas.box(layout.frame, style: theme[.dialogBorder], kind: theme.box)
  canvas.put(
    " Help ", at: layout.frame.origin.moved(dx: 2), style: theme[.dialogTitle], maxWidth: layout.frame.width - 4)
  canvas.put(
    " Enter runs · Esc closes ", at: Point(x: layout.frame.x + 2, y: layout.frame.maxY - 1), style: theme[.dialogLabel],
    maxWidth: layout.frame.width - 4, alignment: .right)
  canvas.fill(layout.filter, style: theme[.dialogFieldFocused])
  let view = FieldText.visible(help.filter, width: layout.filter.width - 2)
  if help.filter.isEmpty {
    canvas.put("type to find an action", at: layout.filter.origin.moved(dx: 1), style: theme[.dialogFieldHint])
  } else {
    canvas.put(view.text, at: layout.filter.origin.moved(dx: 1), style: theme[.dialogFieldFocused])
  }
  let rows = help.rows
  if rows.isEmpty { canvas.put("No action has these words.", at: layout.list.origin, style: theme[.dialogLabel]) }
  let keyWidth = layout.list.width * 2 / 5
  for offset in 0..<layout.list.height where rows.indices.contains(help.top + offset) {
    let (row, line) = (rows[help.top + offset], layout.list.row(offset))
    let isChosen = help.top + offset == help.cursor
    if isChosen { canvas.fill(line, style: theme[.dialogSelected]) }
    canvas.put(
      row.title, at: line.origin.moved(dx: 1), style: theme[isChosen ? .dialogSelected : .dialogText],
      maxWidth: line.width - keyWidth - 2)
    canvas.put(
      row.keys, at: Point(x: line.maxX - keyWidth - 1, y: line.y),
      style: theme[isChosen ? .dialogSelected : .dialogLabel],
      maxWidth: keyWidth, alignment: .right)
  }
  if let mark = ScrollMark.rows(top: help.top, shown: layout.list.height, of: rows.count) {
    for row in mark {
      canvas.place("┃", at: Point(x: layout.frame.maxX - 1, y: layout.list.y + row), style: theme[.dialogBorder])
    }
  }
  return .visible(layout.filter.origin.moved(dx: 1 + view.cursor))
}

/// Draws the menu on the top line and the one that is open.
func drawMenu(_ menu: MenuOverlay, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas) -> CursorPlace {
  let layout = MenuLayout(menu, keymap: state.keymap, on: state.size)
  canvas.fill(layout.bar, style: theme[.menu])
  for (index, rect) in layout.titles.enumerated() {
    let style = theme[index == menu.open ? .menuSelected : .menuItem]
    canvas.fill(rect, style: style)
    canvas.put(MenuOverlay.menus[index].title, at: rect.origin.moved(dx: 1), style: style)
  }
  canvas.fill(layout.frame, style: theme[.menu])
  canvas.box(layout.frame, style: theme[.menuBorder], kind: theme.box)
  var place = layout.frame.origin
  for (index, item) in menu.items.enumerated() {
    let row = layout.rows[index]
    guard let action = item else {
      canvas.divider(in: layout.frame, y: row.y, style: theme[.menuBorder], kind: theme.box)
      continue
    }
    let isChosen = index == menu.cursor
    if isChosen {
      canvas.fill(row, style: theme[.menuSelected])
      place = row.origin
    }
    canvas.put(
      action.title, at: row.origin.moved(dx: 1), style: theme[isChosen ? .menuSelected : .menuItem],
      maxWidth: row.width - 2)
    canvas.put(
      MenuLayout.key(action, state.keymap), at: row.origin.moved(dx: 1),
      style: theme[isChosen ? .menuSelected : .menuKey], maxWidth: row.width - 2, alignment: .right)
  }
  return .hidden(place)
}
