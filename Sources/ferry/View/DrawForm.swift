import Terminal

/// Draws a dialog over what is there already, and returns where text is typed.
func drawForm(_ form: Form, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas) -> CursorPlace {
  FormView(form: form, layout: FormLayout(form, on: state.size), theme: theme).draw(&canvas)
}

private struct FormView {
  let form: Form
  let layout: FormLayout
  let theme: Theme

  private var isDanger: Bool { form.tone == .danger }
  private var base: Style { theme[isDanger ? .dialogDanger : .dialog] }

  func draw(_ canvas: inout Canvas) -> CursorPlace {
    canvas.dim(canvas.bounds)
    let border = theme[isDanger ? .dialogDangerBorder : .dialogBorder]
    canvas.fill(layout.frame, style: base)
    canvas.box(layout.frame, style: border, kind: theme.box)
    canvas.put(
      " \(form.title) ", at: layout.frame.origin.moved(dx: 2),
      style: theme[isDanger ? .dialogDangerTitle : .dialogTitle],
      maxWidth: layout.frame.width - 4)
    drawBody(border, &canvas)
    var place = CursorPlace.hidden(layout.buttons.first?.origin ?? layout.frame.origin)
    for index in form.fields.indices {
      if let point = drawField(index, &canvas), form.focusedField == index { place = point }
    }
    for (index, rect) in layout.buttons.enumerated() {
      drawButton(index, rect, &canvas)
      if form.focusedButton == index { place = .hidden(rect.origin) }
    }
    return place
  }

  // MARK: Body

  private func drawBody(_ border: Style, _ canvas: inout Canvas) {
    canvas.clipped(to: layout.body) { canvas in
      for row in 0..<layout.body.height {
        let index = form.scroll + row
        guard layout.lines.indices.contains(index) else { break }
        for piece in layout.lines[index].pieces {
          canvas.put(piece.text, at: layout.body.origin.moved(dx: piece.x, dy: row), style: style(piece.look))
        }
      }
    }
    guard let mark = ScrollMark.rows(top: form.scroll, shown: layout.body.height, of: layout.lines.count) else {
      return
    }
    let edge = layout.frame.maxX - 1
    for row in mark { canvas.place("┃", at: Point(x: edge, y: layout.body.y + row), style: border.with(.bold)) }
    let isAtEnd = form.scroll + layout.body.height >= layout.lines.count
    canvas.put(
      isAtEnd ? " PgUp " : " PgDn: more ", at: Point(x: layout.frame.x + 2, y: layout.frame.maxY - 1), style: border,
      maxWidth: layout.frame.width - 4, alignment: .right)
  }

  private func style(_ look: FormLayout.Look) -> Style {
    switch look {
    case .label: return theme[isDanger ? .dialogDangerLabel : .dialogLabel]
    case .value(let emphasis):
      switch emphasis {
      case .text: return theme[isDanger ? .dialogDangerText : .dialogText]
      case .strong: return theme[isDanger ? .dialogDangerValue : .dialogValue].with(.bold)
      case .faint: return theme[isDanger ? .dialogDangerLabel : .dialogLabel]
      case .good: return theme[.dialogGood].background(base.background)
      case .warning: return theme[.dialogWarning].background(base.background)
      }
    }
  }

  // MARK: Fields

  private func drawField(_ index: Int, _ canvas: inout Canvas) -> CursorPlace? {
    let (field, row) = (form.fields[index], layout.fields[index])
    canvas.put(
      field.label, at: row.label.origin, style: theme[isDanger ? .dialogDangerLabel : .dialogLabel],
      maxWidth: row.label.width)
    switch field.value {
    case .text(let text):
      let shown = text.characters.map { String($0) }
      return .visible(
        drawLine(shown, text.cursor, field, row.input, isFocused: form.focusedField == index, &canvas))
    case .secret(let secret):
      let shown = Array(repeating: "•", count: secret.count)
      return .visible(
        drawLine(shown, secret.cursor, field, row.input, isFocused: form.focusedField == index, &canvas))
    case .choice(let options, let selected):
      if let arrows = row.arrows {
        let style = theme[form.focusedField == index ? .dialogSelected : isDanger ? .dialogDangerValue : .dialogValue]
        let line = Rect(x: arrows.back.x, y: row.row.y, width: arrows.forth.maxX - arrows.back.x, height: 1)
        canvas.fill(line, style: style)
        canvas.put("◂", at: arrows.back.origin, style: style)
        canvas.put("▸", at: arrows.forth.origin.moved(dx: 1), style: style)
        canvas.put(
          options[selected], at: arrows.back.origin.moved(dx: 2), style: style, maxWidth: line.width - 4,
          alignment: .center)
        return .hidden(arrows.back.origin)
      }
      for (option, rect) in row.options.enumerated() {
        let isChosen = option == selected
        let style =
          isChosen && form.focusedField == index
          ? theme[.dialogSelected]
          : isDanger
            ? theme[isChosen ? .dialogDangerValue : .dialogDangerLabel] : theme[isChosen ? .dialogValue : .dialogLabel]
        canvas.put("\(isChosen ? "●" : "○") \(options[option])", at: rect.origin, style: style, maxWidth: rect.width)
      }
      return row.options.indices.contains(selected) ? .hidden(row.options[selected].origin) : nil
    case .boxes(let titles, let on, let at):
      for (box, rect) in row.options.enumerated() {
        let isHere = box == at && form.focusedField == index
        canvas.put(
          "[\(on.contains(box) ? "x" : " ")] \(titles[box])", at: rect.origin,
          style: theme[isHere ? .dialogSelected : on.contains(box) ? .dialogValue : .dialogLabel], maxWidth: rect.width)
      }
      return row.options.indices.contains(at) ? .hidden(row.options[at].origin.moved(dx: 1)) : nil
    }
  }

  private func drawLine(
    _ characters: [String], _ cursor: Int, _ field: FormField, _ rect: Rect, isFocused: Bool, _ canvas: inout Canvas
  ) -> Point {
    let style = theme[isFocused ? .dialogFieldFocused : .dialogField]
    canvas.fill(rect, style: style)
    if characters.isEmpty {
      canvas.put(field.hint, at: rect.origin.moved(dx: 1), style: theme[.dialogFieldHint], maxWidth: rect.width - 2)
      return rect.origin.moved(dx: 1)
    }
    let view = FieldText.visible(characters, cursor: cursor, width: rect.width - 2)
    canvas.put(view.text, at: rect.origin.moved(dx: 1), style: style, maxWidth: rect.width - 1, overflow: .clip)
    return rect.origin.moved(dx: 1 + view.cursor)
  }

  // MARK: Buttons

  private func drawButton(_ index: Int, _ rect: Rect, _ canvas: inout Canvas) {
    let isFocused = form.focusedButton == index
    let scope: Scope =
      isDanger
      ? (isFocused ? .dialogDangerButtonFocused : .dialogDangerButton)
      : (isFocused ? .dialogButtonFocused : .dialogButton)
    canvas.fill(rect, style: theme[scope])
    canvas.put(
      form.buttons[index].title, at: rect.origin, style: theme[scope], maxWidth: rect.width, alignment: .center)
    guard theme.box != .rounded else { return }
    canvas.place("[", at: rect.origin, style: theme[scope])
    canvas.place("]", at: Point(x: rect.maxX - 1, y: rect.y), style: theme[scope])
  }
}

/// The part of a text field that fits its cells, so that the cursor is in it.
enum FieldText {
  static func visible(_ field: TextField, width: Int) -> (text: String, cursor: Int) {
    visible(field.characters.map { String($0) }, cursor: field.cursor, width: width)
  }

  static func visible(_ shown: [String], cursor: Int, width: Int) -> (text: String, cursor: Int) {
    let widths = shown.map { DisplayText.width(of: $0) }
    var start = cursor
    var used = 0
    while start > 0, used + widths[start - 1] <= width - 1 {
      start -= 1
      used += widths[start]
    }
    var end = cursor
    var total = used
    while end < shown.count, total + widths[end] <= width {
      total += widths[end]
      end += 1
    }
    return (shown[start..<end].joined(), used)
  }
}
