import FTP
import Terminal

/// Draws the pager over the whole screen, and returns where text is typed.
func drawViewer(_ viewer: Viewer, _ state: AppState, _ theme: Theme, _ canvas: inout Canvas) -> CursorPlace {
  let screen = canvas.bounds
  canvas.fill(screen, style: theme[.viewer])
  let body = screen.inset(top: 1, bottom: 1)
  drawViewerTitle(viewer, state, theme, in: screen.row(0), &canvas)
  if let problem = viewer.problem {
    for (index, line) in FormText.wrap(problem, width: body.width - 8).enumerated() {
      canvas.put(
        line, at: Point(x: body.x + 4, y: body.y + body.height / 2 - 1 + index), style: theme[.paneProblem],
        maxWidth: body.width - 8, alignment: .center)
    }
  } else if viewer.bytes.isEmpty {
    let text = viewer.isReading ? "\(Spinner.frame(at: state.now)) Reading…" : "This file is empty."
    canvas.put(
      text, at: Point(x: body.x, y: body.y + body.height / 2), style: theme[.paneNotice], maxWidth: body.width,
      alignment: .center)
  } else {
    for offset in 0..<body.height where viewer.top + offset < viewer.rowCount {
      switch viewer.mode {
      case .text: drawTextLine(viewer, viewer.top + offset, theme, in: body.row(offset), &canvas)
      case .hex: drawHexLine(viewer, viewer.top + offset, theme, in: body.row(offset), &canvas)
      }
    }
  }
  return drawViewerBar(viewer, state, theme, in: screen.row(-1), &canvas)
}

private func drawViewerTitle(
  _ viewer: Viewer, _ state: AppState, _ theme: Theme, in row: Rect, _ canvas: inout Canvas
) {
  canvas.fill(row, style: theme[.viewerBar])
  let rows = viewer.rowCount
  let place = rows == 0 ? "" : "\(min(viewer.top + 1, rows))/\(rows)\(viewer.isComplete ? "" : "…")"
  let size = viewer.size.map { ByteText.short($0) } ?? ""
  let right = [viewer.mode == .hex ? "hex" : "text", size, place].filter { !$0.isEmpty }.joined(separator: "  ")
  canvas.put(" \(right) ", at: row.origin, style: theme[.viewerBar], maxWidth: row.width, alignment: .right)
  canvas.put(
    bytes: viewer.file.pathBytes(home: state.home), at: row.origin.moved(dx: 1), style: theme[.viewerBar].with(.bold),
    maxWidth: row.width - DisplayText.width(of: right) - 4, overflow: .start)
}

private func drawTextLine(_ viewer: Viewer, _ index: Int, _ theme: Theme, in row: Rect, _ canvas: inout Canvas) {
  let line = viewer.line(index)
  // Tabs have no stand-in here: in a text they are what they are.
  var expanded: [UInt8] = []
  var columns = 0
  for byte in line.prefix(viewer.left + 8 * row.width) {
    if byte == UInt8(ascii: "\t") {
      let blanks = 8 - columns % 8
      expanded += repeatElement(UInt8(ascii: " "), count: blanks)
      columns += blanks
    } else {
      expanded.append(byte)
      if byte & 0xc0 != 0x80 { columns += 1 }
    }
  }
  canvas.clipped(to: row) { canvas in
    canvas.put(
      bytes: expanded, at: row.origin.moved(dx: 1 - viewer.left), style: theme[.viewer],
      maxWidth: row.width + viewer.left, overflow: .clip)
    guard let match = viewer.match, line.startIndex <= match.lowerBound, match.upperBound <= line.endIndex,
      !line.contains(UInt8(ascii: "\t"))
    else { return }
    let start = DisplayText.width(ofBytes: line[..<match.lowerBound])
    let width = DisplayText.width(ofBytes: line[match])
    canvas.restyle(
      Rect(x: row.x + 1 - viewer.left + start, y: row.y, width: width, height: 1), style: theme[.viewerMatch])
  }
}

private func drawHexLine(_ viewer: Viewer, _ index: Int, _ theme: Theme, in row: Rect, _ canvas: inout Canvas) {
  let start = index * 16
  let bytes = viewer.bytes[start..<min(start + 16, viewer.bytes.count)]
  let offset = String(start, radix: 16)
  canvas.put(
    String(repeating: "0", count: max(0, 8 - offset.count)) + offset, at: row.origin.moved(dx: 1),
    style: theme[.viewerOffset])
  for (column, byte) in bytes.enumerated() {
    let isMatch = viewer.match?.contains(start + column) ?? false
    let style = theme[isMatch ? .viewerMatch : .viewer]
    let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16)
    canvas.put(digits, at: row.origin.moved(dx: 11 + column * 3 + (column >= 8 ? 1 : 0)), style: style)
    let character = (0x20..<0x7f).contains(byte) ? String(UnicodeScalar(byte)) : "·"
    canvas.put(
      character, at: row.origin.moved(dx: 61 + column),
      style: isMatch ? style : theme[character == "·" ? .viewerOffset : .viewer])
  }
}

private func drawViewerBar(
  _ viewer: Viewer, _ state: AppState, _ theme: Theme, in row: Rect, _ canvas: inout Canvas
) -> CursorPlace {
  canvas.fill(row, style: theme[.keys])
  if let search = viewer.search {
    let used = canvas.put("Search: ", at: row.origin.moved(dx: 1), style: theme[.keysNumber])
    let view = FieldText.visible(search, width: row.width - used - 3)
    canvas.put(view.text, at: row.origin.moved(dx: 1 + used), style: theme[.screen], maxWidth: row.width - used - 2)
    return .visible(row.origin.moved(dx: 1 + used + view.cursor))
  }
  let limitText = viewer.bytes.count >= Viewer.limit ? "Only the first 32 MiB are shown." : nil
  if let said = viewer.said ?? limitText {
    canvas.put(said, at: row.origin.moved(dx: 1), style: theme[.paneFooterMarked], maxWidth: row.width - 2)
    return .hidden(row.origin)
  }
  for (key, rect) in zip(ViewerBar.keys, ViewerBar.rects(on: state.size)) {
    let used = canvas.put(key.name, at: rect.origin, style: theme[.keysNumber], maxWidth: rect.width)
    canvas.put(
      " \(key.label) ", at: rect.origin.moved(dx: used), style: theme[.keysLabel], maxWidth: rect.width - used)
  }
  return .hidden(row.origin)
}
