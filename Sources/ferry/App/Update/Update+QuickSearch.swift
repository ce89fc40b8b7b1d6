import FTP
import Terminal

extension AppState {
  /// While a search is being typed: letters narrow it, arrows go to other matches. Nil for keys that end it and then
  /// mean what they always do.
  mutating func receivedByQuickSearch(_ key: Key) -> [Effect]? {
    guard let text = self[active].quickSearch else { return nil }
    if let character = key.typed {
      quickSearch(text + String(character))
      return []
    }
    switch key.code {
    case .backspace: quickSearch(String(text.dropLast()))
    case .escape: self[active].quickSearch = nil
    case .up: goToMatch(text, from: self[active].cursor - 1, step: -1)
    case .down, .tab: goToMatch(text, from: self[active].cursor + 1, step: 1)
    case .character("s") where key.modifiers == .control: goToMatch(text, from: self[active].cursor + 1, step: 1)
    case .character("c") where key.modifiers == .control: self[active].quickSearch = nil
    default:
      self[active].quickSearch = nil
      return nil
    }
    return []
  }

  /// Searches for a text: the first name that begins with it, else the first that holds it. A text that no name fits is
  /// not taken.
  mutating func quickSearch(_ text: String) {
    if text.isEmpty || goToMatch(text, from: self[active].cursor, step: 1) { self[active].quickSearch = text }
  }

  @discardableResult
  private mutating func goToMatch(_ text: String, from row: Int, step: Int) -> Bool {
    let pane = self[active]
    guard pane.rowCount > 0 else { return false }
    let wanted = Array(text.lowercased().utf8)
    for isPrefix in [true, false] {
      for offset in 0..<pane.rowCount {
        let candidate = ((row + step * offset) % pane.rowCount + pane.rowCount) % pane.rowCount
        guard let name = pane.entry(at: candidate)?.name, let range = name.range(of: wanted) else { continue }
        if isPrefix, range.lowerBound > 0 { continue }
        self[active].moveCursor(to: candidate, height: layout[active].list.height)
        return true
      }
    }
    return false
  }
}

extension FileName {
  /// Where `wanted`, in small letters, is in the name, whose capital ASCII letters count as small.
  func range(of wanted: [UInt8]) -> Range<Int>? {
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
    for start in 0...(bytes.count - wanted.count) {
      let fits = wanted.indices.allSatisfy { offset in
        let byte = bytes[start + offset]
        return (byte &- 0x41 < 26 ? byte | 0x20 : byte) == wanted[offset]
      }
      if fits { return start..<(start + wanted.count) }
    }
    return nil
  }
}
