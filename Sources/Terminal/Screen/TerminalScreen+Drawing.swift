internal import CNcurses

extension TerminalScreen {
  /// Shows a canvas, in one update; only what changed since the last one is sent. A canvas of another size than the
  /// terminal's is cut, or has blanks beside it.
  ///
  /// `cursor` shows the cursor at a cell (text input). Without one it is hidden, but rests at `focus`, the selected row
  /// say, where screen readers and braille lines look for it.
  package func draw(_ canvas: Canvas, cursor: Point? = nil, focus: Point? = nil) {
    checkThread()
    guard isActive else { return }
    let bounds = Rect(size: size)
    let rows = changedRows(of: canvas)
    let point = cursor ?? focus ?? shownCursor?.point ?? .origin
    let wanted = Cursor(point: clamp(point), isVisible: cursor.map(bounds.contains) ?? false)
    if rows.isEmpty, wanted == shownCursor { return }

    output.write(TerminalOutput.synchronizedOn)
    if shown?.size != canvas.size { screen_erase() }
    if wanted.isVisible != shownCursor?.isVisible { curs_set(wanted.isVisible ? 1 : 0) }
    var doubtful: [(y: Int, columns: Range<Int>)] = []
    for (y, columns) in rows where drawSurely(y, columns, of: canvas) { doubtful.append((y, columns)) }
    if !doubtful.isEmpty { screen_update() }
    for (y, columns) in doubtful { drawDoubtfully(y, columns, of: canvas) }
    screen_move(Int32(wanted.point.y), Int32(wanted.point.x))
    screen_update()
    output.write(TerminalOutput.synchronizedOff)
    shown = canvas
    shownCursor = wanted
  }

  /// Forgets what the terminal shows: the next canvas is drawn anew, all of it.
  package func redraw() {
    shown = nil
    shownCursor = nil
    screen_forget()
  }

  /// Rows that differ from what is shown, each with the columns from the first to the last difference.
  private func changedRows(of canvas: Canvas) -> [(y: Int, columns: Range<Int>)] {
    let columns = min(canvas.size.columns, size.columns)
    let rows = min(canvas.size.rows, size.rows)
    guard columns > 0 else { return [] }
    guard let shown, shown.size == canvas.size, shown.clusters == canvas.clusters else {
      return (0..<rows).map { ($0, 0..<columns) }
    }
    return canvas.cells.withUnsafeBufferPointer { new in
      shown.cells.withUnsafeBufferPointer { old in
        (0..<rows).compactMap { y in
          let start = y * canvas.size.columns
          guard var first = (0..<columns).first(where: { new[start + $0] != old[start + $0] }) else { return nil }
          var last = first
          for x in (first..<columns).reversed() where new[start + x] != old[start + x] {
            last = x
            break
          }
          // Wide characters are drawn whole.
          if first > 0, new[start + first].width == 0 { first -= 1 }
          if new[start + last].width == 2, last + 1 < columns { last += 1 }
          return (y, first..<(last + 1))
        }
      }
    }
  }

  /// Draws a part of a row, but blanks for characters about whose width terminals disagree, and for what follows each.
  /// True if there are any.
  private func drawSurely(_ y: Int, _ columns: Range<Int>, of canvas: Canvas) -> Bool {
    let start = canvas.index(columns.lowerBound, y)
    var part = canvas.cells[start..<(start + columns.count)]
    var isDoubtful = false
    var followsDoubtful = false
    for index in part.indices where canvas.cells[index].width > 0 {
      let isOne = DoubtfulWidth.contains(canvas.cells[index], of: canvas)
      if isOne || followsDoubtful {
        if part[index].width == 2, index + 1 < part.endIndex { part[index + 1].blank() }
        part[index].blank()
        isDoubtful = true
      }
      followsDoubtful = isOne
    }
    put(part, columns.lowerBound, y, of: canvas)
    return isDoubtful
  }

  /// Draws what `drawSurely` left blank. Each doubtful character is the last of an update, after which the cursor is
  /// put where it has to be: so nothing behind it moves, whatever the terminal makes of it.
  private func drawDoubtfully(_ y: Int, _ columns: Range<Int>, of canvas: Canvas) {
    let row = canvas.index(0, y)
    var start = columns.lowerBound
    var x = start
    while x < columns.upperBound {
      let cell = canvas.cells[row + x]
      let next = min(x + max(1, Int(cell.width)), columns.upperBound)
      if DoubtfulWidth.contains(cell, of: canvas) {
        put(canvas.cells[(row + start)..<(row + next)], start, y, of: canvas)
        screen_move(Int32(y), Int32(x))
        screen_update()
        if let address = terminfo_cursor_at(Int32(y), Int32(x)) { output.write(String(cString: address)) }
        start = next
      }
      x = next
    }
    put(canvas.cells[(row + start)..<(row + columns.upperBound)], start, y, of: canvas)
  }

  private func put(_ cells: ArraySlice<PackedCell>, _ x: Int, _ y: Int, of canvas: Canvas) {
    if cells.isEmpty { return }
    var cells = cells
    // A wide character that the terminal's edge halves.
    if cells[cells.endIndex - 1].width == 2 { cells[cells.endIndex - 1].blank() }
    let encoded = encoder.encode(cells, of: canvas)
    encoded.withUnsafeBufferPointer { screen_put(Int32(y), Int32(x), $0.baseAddress, Int32($0.count)) }
  }

  private func clamp(_ point: Point) -> Point {
    Point(x: max(0, min(point.x, size.columns - 1)), y: max(0, min(point.y, size.rows - 1)))
  }
}
