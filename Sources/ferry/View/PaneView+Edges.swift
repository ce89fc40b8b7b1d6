import FTP
import Terminal

extension PaneView {
  // MARK: Messages in the place of rows

  /// Says why there is nothing to see.
  func drawMessage(_ canvas: inout Canvas) {
    let area = layout.list.inset(left: 2, right: 2)
    if let problem = pane.problem {
      let lines = FormText.wrap(problem, width: area.width)
      let hint = "F2 connects, Ctrl-R tries again."
      let y = area.y + max(0, (area.height - lines.count - 2) / 2)
      for (index, line) in lines.enumerated() where y + index < area.maxY {
        canvas.put(
          line, at: Point(x: area.x, y: y + index), style: theme[.paneProblem], maxWidth: area.width, alignment: .center
        )
      }
      guard y + lines.count + 1 < area.maxY else { return }
      canvas.put(
        hint, at: Point(x: area.x, y: y + lines.count + 1), style: theme[.paneNotice], maxWidth: area.width,
        alignment: .center)
      return
    }
    guard pane.isUnfilled else { return }
    let text: String? =
      switch pane.activity {
      case .idle: "This folder is empty."
      case .listing: isSeenBusy ? "Reading…" : nil
      case .connecting(let server): isSeenBusy ? "Connecting to \(server.host)…" : nil
      }
    guard let text else { return }
    canvas.put(
      text, at: Point(x: area.x, y: area.y + max(1, area.height / 2 - 1)), style: theme[.paneNotice],
      maxWidth: area.width, alignment: .center)
  }

  /// The part of the right edge that stands for the rows on the screen.
  func drawScrollMark(_ canvas: inout Canvas) {
    guard let thumb = ScrollMark.rows(top: pane.top, shown: layout.list.height, of: pane.rowCount) else { return }
    for row in thumb {
      canvas.place("┃", at: Point(x: layout.frame.maxX - 1, y: layout.list.y + row), style: border)
    }
  }

  // MARK: Footer

  func drawFooter(_ canvas: inout Canvas) {
    let row = layout.footer.inset(left: 2, right: 2)
    if isActive, let search = pane.quickSearch {
      canvas.put(
        " Search: \(search)▏", at: row.origin, style: theme[.paneFooterMarked], maxWidth: row.width, overflow: .start)
      return
    }
    var left = leftFooter
    var right = rightFooter(room: row.width - (left.text.isEmpty ? 0 : DisplayText.width(of: left.text) + 3))
    // How the server is reached says more than how many rows there are.
    if left.isDispensable, case let whole = rightFooter(room: row.width), right != whole {
      (left.text, right) = ("", whole)
    }
    if !left.text.isEmpty {
      canvas.put(" \(left.text) ", at: row.origin, style: theme[left.scope], maxWidth: row.width)
    }
    if !right.isEmpty {
      canvas.put(" \(right) ", at: row.origin, style: theme[.paneFooter], maxWidth: row.width, alignment: .right)
    }
  }

  private var leftFooter: (text: String, scope: Scope, isDispensable: Bool) {
    if !pane.marks.isEmpty {
      let total = pane.markedTotal
      let bytes = total.bytes > 0 ? " · \(ByteText.short(total.bytes))" : ""
      return ("\(total.count) marked\(bytes)", .paneFooterMarked, false)
    }
    if let notice = pane.notice { return (notice, .paneFooter, false) }
    let count = pane.problem == nil ? Count.of(pane.rowCount - (pane.hasParent ? 1 : 0), "item", "items") : ""
    return (count, .paneFooter, !pane.place.isLocal)
  }

  /// The longest form that fits.
  private func rightFooter(room: Int) -> String {
    let candidates: [String]
    if let server = pane.place.server {
      candidates = Self.linkTexts(server.mode, pane.link)
    } else if let free = pane.freeBytes {
      candidates = ["\(ByteText.short(free)) free"]
    } else {
      candidates = []
    }
    return candidates.first { DisplayText.width(of: $0) + 2 <= room } ?? ""
  }

  private static func linkTexts(_ mode: TLSMode, _ link: LinkFacts?) -> [String] {
    guard mode != .plaintext else { return ["no encryption: everybody on the way can read along", "no encryption"] }
    guard let link else { return [mode.rawValue] }
    let version = link.tlsVersion ?? "no TLS"
    let data = link.isDataResumed.map { $0 ? "data resumed" : "data checked" }
    let time = link.roundTrip.map { $0 == 0 ? "<1 ms" : "\($0) ms" }
    return [
      [version, mode.rawValue, data, time], [version, mode.rawValue, data], [version, mode.rawValue, time],
      [version, mode.rawValue], [version],
    ].map { $0.compactMap(\.self).joined(separator: " · ") }
  }
}

/// The mark on an edge that shows which part of something long is on the screen.
enum ScrollMark {
  /// The rows of the mark, counted from the top; nil where everything fits.
  static func rows(top: Int, shown: Int, of count: Int) -> Range<Int>? {
    guard shown > 0, count > shown else { return nil }
    let length = max(1, shown * shown / count)
    let start = top >= count - shown ? shown - length : (shown - length) * top / (count - shown)
    return start..<(start + length)
  }
}
