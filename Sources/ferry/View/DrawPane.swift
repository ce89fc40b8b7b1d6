import FTP
import Terminal

/// Draws one pane and returns the cell where its cursor is.
func drawPane(_ side: Side, _ state: AppState, _ layout: ScreenLayout, _ theme: Theme, _ canvas: inout Canvas) -> Point
{
  let view = PaneView(side: side, state: state, layout: layout[side], hasDrawer: layout.drawer != nil, theme: theme)
  return view.draw(&canvas)
}

/// What drawing a pane needs to know.
struct PaneView {
  let side: Side
  let state: AppState
  let layout: PaneLayout
  let hasDrawer: Bool
  let theme: Theme

  var pane: PaneState { state[side] }
  var isActive: Bool { state.active == side && state.focus == .panes }
  /// Whether a release of the mouse would drop here.
  var target: DragState.Target? { state.drag.carry?.target.flatMap { $0.side == side ? $0 : nil } }

  /// Activities shorter than this are not shown: a flicker helps nobody.
  private static let patience: Int64 = 150
  var isSeenBusy: Bool {
    guard pane.isBusy, state.now - pane.busySince >= Self.patience else { return false }
    if case .listing(_, quietly: true) = pane.activity { return false }
    return true
  }

  var border: Style {
    theme[target != nil ? .paneBorderTarget : isActive ? .paneBorderActive : .paneBorder]
  }

  func draw(_ canvas: inout Canvas) -> Point {
    canvas.fill(layout.frame, style: theme[.pane])
    canvas.box(layout.frame, style: border, kind: theme.box)
    if hasDrawer {
      canvas.place(theme.box.glyphs.teeLeft, at: layout.footer.origin, style: border)
      canvas.place(theme.box.glyphs.teeRight, at: Point(x: layout.frame.maxX - 1, y: layout.footer.y), style: border)
    }
    drawTitle(&canvas)
    drawHead(&canvas)
    drawRows(&canvas)
    drawMessage(&canvas)
    drawScrollMark(&canvas)
    drawFooter(&canvas)
    let row = max(0, min(pane.cursor - pane.top, layout.list.height - 1))
    return Point(x: layout.list.x + 1, y: layout.list.y + row)
  }

  // MARK: Title and heads

  private func drawTitle(_ canvas: inout Canvas) {
    let row = layout.title
    var x = row.x + 2
    let end = row.maxX - 2 - (isSeenBusy ? busyText.count + 2 : 0)
    for piece in titlePieces(room: end - x) {
      x += canvas.put(
        piece.text, at: Point(x: x, y: row.y), style: piece.style, maxWidth: max(0, end - x), overflow: .start)
    }
    guard isSeenBusy else { return }
    canvas.put(" \(busyText) ", at: Point(x: row.maxX - busyText.count - 4, y: row.y), style: theme[.paneNotice])
  }

  private func titlePieces(room: Int) -> [(text: DisplayText, style: Style)] {
    let style = theme[isActive ? .paneTitleActive : .paneTitle]
    let blank = (DisplayText(" "), style)
    if let server = pane.serverAhead { return [(DisplayText(" \(server) "), theme[.paneNotice])] }
    let path = (DisplayText(bytes: pane.place.pathBytes(home: state.home)), style)
    guard let server = pane.place.server else { return [blank, path, blank] }
    let lock =
      server.mode == .plaintext
      ? (DisplayText(" PLAINTEXT "), theme[.paneTitlePlaintext]) : (DisplayText("■"), theme[.paneTitleSecure])
    return [blank, lock, blank, (DisplayText(serverText(server, room: room)), style), blank, path, blank]
  }

  /// The server, without the user where that would leave no room for the path.
  private func serverText(_ server: ServerAddress, room: Int) -> String {
    let host = server.port == server.mode.defaultPort ? server.host : "\(server.host):\(server.port)"
    let full = server.user.map { "\($0)@\(host)" } ?? host
    let path = DisplayText.width(ofBytes: pane.place.pathBytes)
    return full.count + path + 4 <= room ? full : host
  }

  private var busyText: String {
    let spinner = Spinner.frame(at: state.now)
    return switch pane.activity {
    case .idle: ""
    case .listing: "\(spinner) reading"
    case .connecting: "\(spinner) connecting"
    }
  }

  private func drawHead(_ canvas: inout Canvas) {
    for span in layout.columns {
      let isSorted = span.column.sortKey == pane.sort.key || (span.column == .name && pane.sort.key == .extension)
      var text = layout.hasShortTimes && span.column == .modified ? "Date" : span.column.title
      if isSorted {
        let arrow = pane.sort.isReversed ? "▼" : "▲"
        text =
          pane.sort.key == .extension
          ? "Name \(arrow) by extension" : span.column == .name ? "\(text) \(arrow)" : "\(arrow) \(text)"
      }
      canvas.put(
        text, at: Point(x: span.x, y: layout.head.y), style: theme[isSorted ? .paneHeadSorted : .paneHead],
        maxWidth: span.width, alignment: span.column == .size ? .right : .left, overflow: .clip)
    }
  }

  // MARK: Rows

  private func drawRows(_ canvas: inout Canvas) {
    guard pane.problem == nil else { return }
    let rows = pane.top..<min(pane.rowCount, pane.top + layout.list.height)
    guard rows.lowerBound <= rows.upperBound else { return }
    for row in rows {
      let line = layout.list.row(row - pane.top)
      if pane.isParent(row: row) {
        let style = RowStyle(pane: self, row: row, entry: nil)
        canvas.fill(line, style: style.name)
        canvas.put("..", at: Point(x: line.x + 1, y: line.y), style: style.name)
      } else if let entry = pane.entry(at: row) {
        drawRow(entry, row: row, in: line, &canvas)
      }
    }
  }

  private func drawRow(_ entry: Entry, row: Int, in line: Rect, _ canvas: inout Canvas) {
    let style = RowStyle(pane: self, row: row, entry: entry)
    canvas.fill(line, style: style.name)
    if pane.marks.contains(entry.name) { canvas.place("▌", at: line.origin, style: style.name) }
    for span in layout.columns {
      let point = Point(x: span.x, y: line.y)
      switch span.column {
      case .name:
        let suffix: [UInt8] = entry.isFolder ? [UInt8(ascii: "/")] : []
        canvas.put(
          bytes: entry.name.bytes + suffix, at: point, style: style.name, maxWidth: span.width, overflow: .middle)
        drawMatch(entry, in: span, at: point, &canvas)
      case .size:
        canvas.put(entry.sizeText, at: point, style: style.detail, maxWidth: span.width, alignment: .right)
      case .modified:
        guard let moment = entry.modified else { continue }
        let text =
          layout.hasShortTimes
          ? DateText.short(moment, now: state.date, state.zone) : DateText.long(moment, now: state.date, state.zone)
        canvas.put(text, at: point, style: style.detail, maxWidth: span.width)
      case .permissions:
        guard let permissions = entry.permissions else { continue }
        canvas.put(permissions.modeText, at: point, style: style.detail, maxWidth: span.width)
      }
    }
  }

  /// Shows what the quick search found, where the name is plain and not cut.
  private func drawMatch(_ entry: Entry, in span: PaneLayout.ColumnSpan, at point: Point, _ canvas: inout Canvas) {
    guard isActive, let search = pane.quickSearch, !search.isEmpty else { return }
    guard let range = entry.name.range(of: Array(search.lowercased().utf8)) else { return }
    let start = DisplayText.width(ofBytes: entry.name.bytes[..<range.lowerBound])
    let width = DisplayText.width(ofBytes: entry.name.bytes[range])
    guard DisplayText.width(ofBytes: entry.name.bytes) <= span.width else { return }
    canvas.restyle(Rect(x: point.x + start, y: point.y, width: width, height: 1), style: theme[.paneRowMatch])
  }
}

extension PaneLayout.Column {
  fileprivate var title: String {
    switch self {
    case .name: "Name"
    case .size: "Size"
    case .modified: "Modified"
    case .permissions: "Mode"
    }
  }
}

/// Turns while something is being waited for, in characters that every font has.
enum Spinner {
  private static let frames = ["|", "/", "-", "\\"]

  static func frame(at time: Int64) -> String { frames[Int(time / 100) % frames.count] }
}
