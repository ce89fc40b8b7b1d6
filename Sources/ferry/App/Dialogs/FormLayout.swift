import Terminal

/// Where the parts of a form are on the screen; the same for drawing and for the mouse.
struct FormLayout: Equatable, Sendable {
  /// One row of the body, ready to be put: pieces with their columns.
  struct Line: Equatable, Sendable {
    struct Piece: Equatable, Sendable {
      var x: Int
      var text: String
      var look: Look
    }
    var pieces: [Piece]
  }

  enum Look: Hashable, Sendable {
    case label
    case value(FormLine.Emphasis)
  }

  /// A choice of more options than this shows one at a time.
  static let manyOptions = 8

  struct FieldRow: Equatable, Sendable {
    /// All of it; a choice may take several rows.
    var row: Rect
    var label: Rect
    /// The cells that text is typed into; empty for a choice.
    var input: Rect
    /// The cells of each option of a choice; empty where it shows one at a time.
    var options: [Rect] = []
    /// The arrows of a choice that shows one option at a time.
    var arrows: (back: Rect, forth: Rect)?

    static func == (left: FieldRow, right: FieldRow) -> Bool {
      left.row == right.row && left.label == right.label && left.input == right.input && left.options == right.options
    }
  }

  /// With its frame.
  var frame: Rect
  /// The visible part of the body.
  var body: Rect
  /// All rows of the body, scrolled out ones too.
  var lines: [Line]
  var fields: [FieldRow]
  var buttons: [Rect]

  var canScroll: Bool { lines.count > body.height }

  init(_ form: Form, on size: Size) {
    let screen = Rect(size: size)
    let inner = max(10, min(form.width, size.columns - 8))
    lines = FormText.lines(form.body, width: inner)
    let heights = form.fields.map { Self.optionRows($0, width: inner - Self.labelWidth(form, inner)).count }
    let gap = lines.isEmpty || form.fields.isEmpty ? 0 : 1
    let buttonRows = Self.buttonRows(form, width: inner + 4)
    // Frame, a blank row above and below what is inside, the buttons.
    let fixed = heights.reduce(0, +) + gap + 4 + buttonRows.count
    // Fields stand apart where there is room.
    let spread = form.fields.count - 1
    let isSpread = spread > 0 && fixed + spread + lines.count + 2 <= size.rows
    let room = size.rows - fixed - (isSpread ? spread : 0)
    let bodyHeight = max(min(lines.count, 1), min(lines.count, room))
    frame = screen.centered(
      Size(columns: inner + 6, rows: fixed + (isSpread ? spread : 0) + bodyHeight))
    let content = frame.inset(left: 3, top: 2, right: 3, bottom: 1)
    body = Rect(x: content.x, y: content.y, width: content.width, height: bodyHeight)
    fields = Self.fields(form, below: body.maxY + gap, apart: isSpread ? 1 : 0, in: content)
    buttons = Self.buttons(form, buttonRows, in: frame)
  }

  private static func labelWidth(_ form: Form, _ width: Int) -> Int {
    let labels = form.fields.map { DisplayText.width(of: $0.label) }.max() ?? 0
    return labels == 0 ? 0 : min(labels + 2, width / 2)
  }

  /// What stands side by side in a field; nil where text is typed.
  private static func options(_ field: FormField) -> [String]? {
    switch field.value {
    case .text, .secret: nil
    case .choice(let options, _), .boxes(let options, _, _): options
    }
  }

  private static func showsOne(_ field: FormField) -> Bool {
    guard case .choice(let options, _) = field.value else { return false }
    return field.isStepper || options.count > manyOptions
  }

  /// The options of a choice in rows that fit; one empty row for other fields.
  private static func optionRows(_ field: FormField, width: Int) -> [[Int]] {
    guard let options = options(field), !showsOne(field) else { return [[]] }
    let mark = field.markWidth
    var rows: [[Int]] = [[]]
    var used = 0
    for (index, option) in options.enumerated() {
      let needed = DisplayText.width(of: option) + mark + 3
      if used + needed > width, used > 0 {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(index)
      used += needed
    }
    return rows
  }

  private static func fields(_ form: Form, below y: Int, apart: Int, in content: Rect) -> [FieldRow] {
    let column = labelWidth(form, content.width)
    var y = y
    return form.fields.map { field in
      let rows = optionRows(field, width: content.width - column)
      let area = Rect(x: content.x, y: y, width: content.width, height: rows.count)
      y = area.maxY + apart
      let rest = area.inset(left: column)
      var result = FieldRow(row: area, label: Rect(x: area.x, y: area.y, width: column, height: 1), input: rest)
      guard let options = Self.options(field) else { return result }
      result.input = .zero
      if showsOne(field) {
        let back = Rect(x: rest.x, y: rest.y, width: 2, height: 1)
        let forth = Rect(x: rest.maxX - 2, y: rest.y, width: 2, height: 1)
        result.arrows = (back, forth)
        return result
      }
      for (line, indices) in rows.enumerated() {
        var x = rest.x
        for index in indices {
          let width = DisplayText.width(of: options[index]) + field.markWidth + 1
          result.options.append(Rect(x: x, y: rest.y + line, width: min(width, max(0, rest.maxX - x)), height: 1))
          x += width + 2
        }
      }
      return result
    }
  }

  private static func buttonWidth(_ button: FormButton) -> Int { DisplayText.width(of: button.title) + 4 }

  /// The buttons in as few rows as they need.
  private static func buttonRows(_ form: Form, width: Int) -> [[Int]] {
    var rows: [[Int]] = [[]]
    var used = 0
    for (index, button) in form.buttons.enumerated() {
      let needed = buttonWidth(button) + (used == 0 ? 0 : 2)
      if used > 0, used + needed > width || button.startsRow {
        rows.append([])
        used = buttonWidth(button)
      } else {
        used += needed
      }
      rows[rows.count - 1].append(index)
    }
    return rows
  }

  /// On the rows above the lower edge, in the middle.
  private static func buttons(_ form: Form, _ rows: [[Int]], in frame: Rect) -> [Rect] {
    rows.enumerated().flatMap { line, row -> [Rect] in
      let widths = row.map { buttonWidth(form.buttons[$0]) }
      let total = widths.reduce(0, +) + 2 * max(0, widths.count - 1)
      var x = frame.x + max(1, (frame.width - total) / 2)
      return widths.map { width in
        let rect = Rect(
          x: x, y: frame.maxY - 1 - rows.count + line, width: min(width, frame.maxX - 1 - x), height: 1)
        x += width + 2
        return rect
      }
    }
  }
}

extension FormField {
  /// The cells before an option's text: `● `, or `[x] `.
  fileprivate var markWidth: Int { if case .boxes = value { 4 } else { 2 } }
}
