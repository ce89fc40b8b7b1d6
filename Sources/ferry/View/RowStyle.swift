import Terminal

/// How one row of a pane looks.
struct RowStyle {
  /// The name, and what nothing is said about.
  var name: Style
  /// Size, time and mode.
  var detail: Style

  init(pane view: PaneView, row: Int, entry: Entry?) {
    let theme = view.theme
    let isMarked = entry.map { view.pane.marks.contains($0.name) } ?? false
    if let folder = view.target?.folderRow, folder == row {
      name = theme[.paneTarget]
      detail = name
      return
    }
    let own = theme[Self.scope(entry, isMarked: isMarked)]
    let details = isMarked ? own.without(.bold) : theme[.paneRowDetail]
    guard row == view.pane.cursor else {
      name = own
      detail = details
      return
    }
    if view.isActive {
      name = theme[isMarked ? .paneCursorMarked : .paneCursor]
      detail = name.without(.bold)
    } else {
      name = theme[.paneCursorIdle].under(own)
      detail = theme[.paneCursorIdle].under(details)
    }
  }

  private static func scope(_ entry: Entry?, isMarked: Bool) -> Scope {
    guard let entry else { return .paneRow }
    if isMarked { return .paneRowMarked }
    switch entry.kind {
    case .folder: return entry.isHidden ? .paneRowHidden : .paneRowFolder
    case .folderLink, .link: return .paneRowLink
    case .brokenLink: return .paneProblem
    case .special: return .paneRowSpecial
    case .file: return entry.isHidden ? .paneRowHidden : entry.isProgram ? .paneRowProgram : .paneRow
    }
  }
}

extension Style {
  /// This style as a bar under text that has colours of its own: those are kept where they can be read on it, which is
  /// known of colours that a theme has mixed itself, and of no background at all.
  func under(_ text: Style) -> Style {
    switch background.kind {
    case .default: text.with(attributes)
    case .rgb: text.background(background).with(attributes)
    case .indexed: self
    }
  }
}

extension Entry {
  /// What stands in the column of sizes.
  var sizeText: String {
    switch kind {
    case .folder, .folderLink: "dir"
    case .brokenLink: "broken"
    case .special: "special"
    case .file, .link: size.map(ByteText.short) ?? ""
    }
  }
}

extension UInt16 {
  /// A Unix mode's lower bits as `rwxr-xr-x`.
  var modeText: String {
    let letters = Array("rwxrwxrwx")
    var text = ""
    for bit in 0..<9 { text.append(self & (0o400 >> bit) == 0 ? "-" : letters[bit]) }
    return text
  }
}
