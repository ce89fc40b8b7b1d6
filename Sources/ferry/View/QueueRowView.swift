import Terminal

/// One line of the queue: direction, name, route, and how far it is.
struct QueueRowView {
  let row: QueueRow
  var isMarked = false
  let area: Rect
  let theme: Theme

  func draw(_ canvas: inout Canvas) {
    let line = area.inset(left: 1, right: 1)
    let progress = Rect(x: line.maxX - progressWidth, y: line.y, width: progressWidth, height: 1)
    let left = Rect(x: line.x, y: line.y, width: progress.x - line.x - 2, height: 1)
    if isMarked { canvas.put("*", at: Point(x: area.x, y: area.y), style: theme[.paneRowMarked]) }
    canvas.put(sign, at: left.origin, style: theme[stateScope])
    let priority = isWaiting ? row.priority.sign : ""
    canvas.put(priority, at: left.origin.moved(dx: 2), style: theme[.queueQuestion])
    let text = left.inset(left: priority.isEmpty ? 2 : 3 + DisplayText.width(of: priority))
    if let work = row.work {
      drawWork(work, text, &canvas)
      return drawProgress(progress, &canvas)
    }
    let nameWidth = DisplayText.width(ofBytes: row.name)
    let hasRoute = text.width >= 28
    let nameRoom = hasRoute ? max(min(nameWidth, text.width - 18), min(nameWidth, text.width * 3 / 5)) : text.width
    canvas.put(
      bytes: row.name, at: text.origin, style: theme[isMarked ? .paneRowMarked : .queueName], maxWidth: nameRoom,
      overflow: .middle)
    if hasRoute { drawRoute(text.inset(left: min(nameWidth, nameRoom) + 2), &canvas) }
    drawProgress(progress, &canvas)
  }

  /// The bar, the percentage, the speed and the time left need as much; a wide screen shows the bytes too.
  private var progressWidth: Int { area.width >= 100 ? 58 : area.width >= 74 ? 42 : 32 }

  private func drawRoute(_ area: Rect, _ canvas: inout Canvas) {
    guard area.width >= 9 else { return }
    let style = theme[.queueRoute]
    if case .running = row.state, let remark = row.remark {
      canvas.put(remark, at: area.origin, style: theme[.queueWaiting], maxWidth: area.width, overflow: .end)
      return
    }
    let (from, to) = (DisplayText(bytes: row.from), DisplayText(bytes: row.to))
    let room = area.width - 3
    let fromRoom = min(from.width, max(room / 2, room - to.width))
    var x = area.x
    x += canvas.put(from, at: Point(x: x, y: area.y), style: style, maxWidth: fromRoom, overflow: .start)
    x += canvas.put(" → ", at: Point(x: x, y: area.y), style: style)
    canvas.put(to, at: Point(x: x, y: area.y), style: style, maxWidth: area.maxX - x, overflow: .start)
  }

  /// "delete  /www/old/": the whole path, of which the end tells most.
  private func drawWork(_ work: QueueRow.Work, _ area: Rect, _ canvas: inout Canvas) {
    let width = canvas.put(work.verb, at: area.origin, style: theme[.queueRoute], maxWidth: area.width) + 2
    let slash: [UInt8] = row.from.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]
    canvas.put(
      bytes: row.from + slash + row.name, at: area.origin.moved(dx: width),
      style: theme[isMarked ? .paneRowMarked : .queueName], maxWidth: max(0, area.width - width), overflow: .start)
  }

  private func drawProgress(_ area: Rect, _ canvas: inout Canvas) {
    switch row.state {
    case .running: drawRunning(area, &canvas)
    case .waiting, .retrying, .paused, .done, .skipped, .cancelled, .needsYou, .failed:
      canvas.put(stateText, at: area.origin, style: theme[stateScope], maxWidth: area.width)
    }
  }

  private func drawRunning(_ area: Rect, _ canvas: inout Canvas) {
    if row.work != nil {
      let count = "\(ByteText.exact(Int64(row.entriesDone))) of \(ByteText.exact(Int64(row.entriesFound)))"
      let bar = Rect(x: area.x, y: area.y, width: max(0, area.width - DisplayText.width(of: count) - 2), height: 1)
      let fraction = row.entriesFound == 0 ? 0 : Double(row.entriesDone) / Double(row.entriesFound)
      ProgressBar.draw(fraction, in: bar, style: theme[.queueBar], empty: theme[.queueBarEmpty], &canvas)
      canvas.put(count, at: Point(x: bar.maxX + 2, y: area.y), style: theme[.queueNumber])
      return
    }
    if row.isFolder {
      canvas.put("reading the folder", at: area.origin, style: theme[.queueRunning], maxWidth: area.width)
      return
    }
    let tail = area.width >= 42 ? 25 : 23
    let bytes = area.width >= 58 ? 18 : 0
    let bar = Rect(x: area.x, y: area.y, width: area.width - tail - bytes, height: 1)
    let number = theme[.queueNumber]
    if let fraction = row.fraction {
      ProgressBar.draw(fraction, in: bar, style: theme[.queueBar], empty: theme[.queueBarEmpty], &canvas)
      canvas.put(
        "\(Int(fraction * 100)) %", at: Point(x: bar.maxX, y: area.y), style: number, maxWidth: 6, alignment: .right)
    } else {
      canvas.put(ByteText.short(row.bytesDone), at: bar.origin, style: number, maxWidth: bar.width)
    }
    var x = bar.maxX + 6
    if bytes > 0 {
      let total = row.bytesTotal.map { "/\(ByteText.short($0))" } ?? ""
      canvas.put(
        ByteText.short(row.bytesDone) + total, at: Point(x: x, y: area.y), style: number, maxWidth: bytes,
        alignment: .right)
      x += bytes
    }
    // Before its first byte, there is nothing to tell.
    let hasBegun = row.bytesDone > 0 || (row.speed ?? 0) >= 1
    canvas.put(
      hasBegun ? row.speed.map(ByteText.speed) ?? "" : "", at: Point(x: x, y: area.y), style: number, maxWidth: 11,
      alignment: .right)
    canvas.put(
      row.secondsLeft.map(ByteText.duration) ?? "", at: Point(x: x + 11, y: area.y), style: number,
      maxWidth: area.maxX - x - 11, alignment: .right)
  }

  private var isWaiting: Bool {
    switch row.state {
    case .waiting, .paused, .retrying: true
    case .running, .needsYou, .failed, .done, .skipped, .cancelled: false
    }
  }

  private var sign: String {
    switch row.work {
    case .delete: return "×"
    case .permissions: return "*"
    case nil: break
    }
    return switch row.direction {
    case .upload: "↑"
    case .download: "↓"
    case .across: "→"
    }
  }

  private var stateText: String {
    let percent = row.fraction.map { row.bytesDone > 0 ? " at \(Int($0 * 100)) %" : "" } ?? ""
    return switch row.state {
    case .running: ""
    case .waiting: "waiting" + percent
    case .retrying(let reason): "again soon\(percent): \(reason.asClause)"
    case .paused: "paused" + percent
    case .needsYou(let text): "? \(text)"
    case .failed(let reason): "! \(reason)"
    case .done:
      "✓ done" + (row.bytesTotal.map { ", \(ByteText.short($0))" } ?? "") + (row.remark.map { ", \($0)" } ?? "")
    case .skipped: row.outcome.isEmpty ? "left out" : "left out: \(row.outcome.asClause)"
    case .cancelled: "cancelled"
    }
  }

  private var stateScope: Scope {
    switch row.state {
    case .waiting, .retrying: .queueWaiting
    case .running: .queueRunning
    case .paused: .queuePaused
    case .needsYou: .queueQuestion
    case .failed: .queueFailed
    case .done: .queueDone
    case .skipped, .cancelled: .queueWaiting
    }
  }
}

/// A thin bar: a heavy line on a light one, which needs no colours to be read and leaves rows apart.
enum ProgressBar {
  static func draw(_ fraction: Double, in rect: Rect, style: Style, empty: Style, _ canvas: inout Canvas) {
    let halves = Int((max(0, min(1, fraction)) * Double(rect.width * 2)).rounded(.down))
    canvas.fill(rect, style: empty, with: "─")
    canvas.fill(Rect(x: rect.x, y: rect.y, width: halves / 2, height: 1), style: style, with: "━")
    if halves % 2 == 1 { canvas.place("╾", at: Point(x: rect.x + halves / 2, y: rect.y), style: style) }
  }
}
