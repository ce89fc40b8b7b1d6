extension Key {
  /// Reads the text form: `g`, `F5`, `S-F6`, `C-x`, `M-Enter`, `C-M-Left`, `Space`; long names (`PageUp`, `Delete`,
  /// `Return`), any case of names, and `A-`, `Ctrl-`, `Alt-`, `Shift-` are understood too. Nil if it is not one.
  package init?(_ text: String) {
    var rest = Substring(text)
    var modifiers: Modifiers = []
    while let dash = rest.dropFirst().firstIndex(of: "-"), let modifier = Self.modifier(rest[..<dash]) {
      modifiers.insert(modifier)
      rest = rest[rest.index(after: dash)...]
    }
    guard let code = Self.code(rest) else { return nil }
    self.init(code, modifiers)
    normalize()
  }

  /// Brings forms that mean the same to one: Shift-Tab is BackTab, Shift with a letter is the capital, Control with a
  /// capital is the small letter.
  mutating func normalize() {
    switch code {
    case .tab where modifiers.contains(.shift):
      code = .backTab
      modifiers.remove(.shift)
    case .backTab: modifiers.remove(.shift)
    case .character(let character) where modifiers.contains(.control):
      let lower = character.lowercased()
      if lower.count == 1 { code = .character(Character(lower)) }
    case .character(let character) where modifiers.contains(.shift):
      let upper = character.uppercased()
      if upper.count == 1, upper != character.lowercased() {
        code = .character(Character(upper))
        modifiers.remove(.shift)
      }
    default: break
    }
  }

  private static func modifier(_ text: Substring) -> Modifiers? {
    switch text {
    case "C", "c": .control
    case "M", "m", "A", "a": .alt
    case "S", "s": .shift
    default:
      switch text.lowercased() {
      case "ctrl", "control": .control
      case "alt", "meta": .alt
      case "shift": .shift
      default: nil
      }
    }
  }

  private static func code(_ text: Substring) -> Code? {
    if text.count == 1, let character = text.first { return character.isWhitespace ? nil : .character(character) }
    let name = text.lowercased()
    if let code = names[name] { return code }
    guard name.first == "f", let number = Int(name.dropFirst()), (1...35).contains(number) else { return nil }
    return .function(number)
  }

  private static let names: [String: Code] = [
    "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end,
    "pgup": .pageUp, "pageup": .pageUp, "pgdn": .pageDown, "pagedown": .pageDown,
    "ins": .insert, "insert": .insert, "del": .delete, "delete": .delete,
    "bs": .backspace, "backspace": .backspace, "tab": .tab, "backtab": .backTab,
    "enter": .enter, "return": .enter, "esc": .escape, "escape": .escape, "space": .character(" "),
  ]
}

extension Key: CustomStringConvertible {
  /// The text form that `init?(_:)` reads: `C-M-Left`, `F5`, `g`.
  package var description: String {
    (modifiers.contains(.control) ? "C-" : "") + (modifiers.contains(.alt) ? "M-" : "")
      + (modifiers.contains(.shift) ? "S-" : "") + name
  }

  private var name: String {
    switch code {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .function(let number): "F\(number)"
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .insert: "Ins"
    case .delete: "Del"
    case .backspace: "Backspace"
    case .tab: "Tab"
    case .backTab: "BackTab"
    case .enter: "Enter"
    case .escape: "Esc"
    }
  }
}
