import FTP
import Terminal
import Transfers

/// Draws the preview of a synchronisation, and returns the row of its cursor.
func drawCompare(
  _ compare: CompareOverlay, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas
) -> CursorPlace {
  CompareView(compare: compare, state: state, layout: CompareLayout(on: state.size), theme: theme).draw(&canvas)
}

private struct CompareView {
  let compare: CompareOverlay
  let state: AppState
  let layout: CompareLayout
  let theme: Theme

  private static let sizeWidth = 8
  private static let timeWidth = 12

  func draw(_ canvas: inout Canvas) -> CursorPlace {
    canvas.dim(canvas.bounds)
    canvas.fill(layout.frame, style: theme[.dialog])
    canvas.box(layout.frame, style: theme[.dialogBorder], kind: theme.box)
    canvas.put(
      " Synchronise, by \(compare.comparison.rawValue) ", at: layout.frame.origin.moved(dx: 2),
      style: theme[.dialogTitle])
    drawTally(&canvas)
    for (key, rect) in zip(CompareOverlay.keys, layout.keys) where !rect.isEmpty {
      canvas.put(" \(key.label) ", at: rect.origin, style: theme[.dialogLabel])
    }
    canvas.divider(in: layout.frame, y: layout.divider, style: theme[.dialogBorder], kind: theme.box)
    for (columns, place) in [(layout.left, compare.left), (layout.right, compare.right)] {
      canvas.put(
        state.shortPath(place), at: layout.head.origin.moved(dx: columns.lowerBound), style: theme[.dialogLabel],
        maxWidth: columns.count, overflow: .start)
    }
    drawRows(&canvas)
    drawDetails(&canvas)
    return .hidden(layout.list.origin.moved(dy: max(0, compare.cursor - compare.top)))
  }

  private func drawTally(_ canvas: inout Canvas) {
    guard compare.rows != nil else { return }
    let tally = compare.tally
    var parts = ["→ \(tally.toRight)", "← \(tally.toLeft)"]
    if tally.deleted > 0 { parts.append("✗ \(tally.deleted)") }
    if tally.open > 0 { parts.append("! \(tally.open)") }
    parts.append(ByteText.short(tally.copied.bytes))
    let room = Rect(x: layout.frame.x + 24, y: layout.frame.y, width: layout.frame.width - 26, height: 1)
    canvas.put(
      " \(parts.joined(separator: "  ")) ", at: room.origin, style: theme[.dialogValue], maxWidth: room.width,
      alignment: .right)
  }

  private func drawRows(_ canvas: inout Canvas) {
    let area = layout.list
    guard !compare.seen.isEmpty, let rows = compare.rows else {
      let text =
        compare.problem ?? (compare.isReading ? "Comparing…" : "Nothing differs. e shows what is equal.")
      let style = theme[compare.problem == nil ? .dialogLabel : .dialogWarning].background(theme[.dialog].background)
      for (row, line) in FormText.wrap(text, width: area.width - 4).prefix(area.height).enumerated() {
        canvas.put(
          line, at: area.row(area.height / 3 + row).origin, style: style, maxWidth: area.width, alignment: .center)
      }
      return
    }
    for offset in 0..<area.height where compare.seen.indices.contains(compare.top + offset) {
      drawRow(rows[compare.seen[compare.top + offset]], offset, &canvas)
    }
    guard let mark = ScrollMark.rows(top: compare.top, shown: area.height, of: compare.seen.count) else { return }
    for row in mark {
      canvas.place("┃", at: Point(x: layout.frame.maxX - 1, y: area.y + row), style: theme[.dialogBorder])
    }
  }

  private func drawRow(_ row: SyncRow, _ offset: Int, _ canvas: inout Canvas) {
    let line = layout.list.row(offset)
    let isChosen = compare.top + offset == compare.cursor
    if isChosen { canvas.fill(line, style: theme[.dialogSelected]) }
    func style(_ scope: Scope) -> Style {
      isChosen ? theme[.dialogSelected] : theme[scope].background(theme[.dialog].background)
    }
    drawSide(row, row.left, line, layout.left, style, &canvas)
    drawSide(row, row.right, line, layout.right, style, &canvas)
    let (sign, scope) = Self.sign(row)
    canvas.put(
      sign, at: line.origin.moved(dx: 1 + layout.sign.lowerBound), style: style(scope), maxWidth: layout.sign.count,
      alignment: .center)
  }

  private func drawSide(
    _ row: SyncRow, _ entry: ListingEntry?, _ line: Rect, _ columns: Range<Int>, _ style: (Scope) -> Style,
    _ canvas: inout Canvas
  ) {
    guard let entry else { return }
    var end = columns.upperBound
    func put(_ text: String, _ width: Int) {
      guard columns.count >= width + 20 else { return }
      canvas.put(
        text, at: line.origin.moved(dx: 1 + end - width), style: style(.dialogLabel), maxWidth: width, alignment: .right
      )
      end -= width + 1
    }
    if columns.count >= 40 {
      put(entry.modified.map { DateText.long($0, now: state.date, state.zone) } ?? "", Self.timeWidth)
    }
    put(row.isFolder ? "dir" : entry.size.map(ByteText.short) ?? "", Self.sizeWidth)
    canvas.put(
      bytes: row.pathBytes + (row.isFolder ? [UInt8(ascii: "/")] : []),
      at: line.origin.moved(dx: 1 + columns.lowerBound), style: style(row.isFolder ? .dialogText : .dialogValue),
      maxWidth: end - columns.lowerBound, overflow: .start)
  }

  static func sign(_ row: SyncRow) -> (String, Scope) {
    switch row.action {
    case .copyRight: ("──►", .dialogGood)
    case .copyLeft: ("◄──", .dialogGood)
    case .deleteRight: ("  ✗", .dialogWarning)
    case .deleteLeft: ("✗  ", .dialogWarning)
    case .conflict: ("!", .dialogWarning)
    case .equal: ("=", .dialogLabel)
    case .leave: (row.isProblem ? "!" : "·", row.isProblem ? .dialogWarning : .dialogLabel)
    }
  }

  private func drawDetails(_ canvas: inout Canvas) {
    guard let row = compare.current else { return }
    canvas.put(
      bytes: row.pathBytes, at: layout.details.origin, style: theme[.dialogValue], maxWidth: layout.details.width,
      overflow: .start)
    let meaning =
      switch row.action {
      case .copyRight: "is copied to the right"
      case .copyLeft: "is copied to the left"
      case .deleteRight: "is deleted on the right"
      case .deleteLeft: "is deleted on the left"
      case .conflict: "is for you to decide"
      case .equal: "is equal"
      case .leave: "stays as it is"
      }
    canvas.put(
      meaning + (row.reason.isEmpty ? "" : ": \(row.reason)"), at: layout.details.row(1).origin,
      style: theme[row.isProblem ? .dialogWarning : .dialogLabel].background(theme[.dialog].background),
      maxWidth: layout.details.width)
  }
}
