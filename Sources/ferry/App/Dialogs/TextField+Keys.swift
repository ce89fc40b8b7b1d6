import Terminal

extension EditedLine {
  /// Takes a key if it edits a line; false if it means nothing here.
  mutating func received(_ key: Key) -> Bool {
    if let character = key.typed {
      insert(CollectionOfOne(character))
      return true
    }
    switch (key.code, key.modifiers) {
    case (.left, []), (.character("b"), .control): moveCursor(by: -1)
    case (.right, []), (.character("f"), .control): moveCursor(by: 1)
    case (.left, .control), (.character("b"), .alt): moveWord(-1)
    case (.right, .control), (.character("f"), .alt): moveWord(1)
    case (.home, []), (.character("a"), .control): moveToStart()
    case (.end, []), (.character("e"), .control): moveToEnd()
    case (.backspace, []), (.character("h"), .control): deleteBackwards()
    case (.delete, []), (.character("d"), .control): deleteForwards()
    case (.backspace, .alt), (.backspace, .control), (.character("w"), .control): deleteWordBackwards()
    case (.character("u"), .control): deleteToStart()
    case (.character("k"), .control): deleteToEnd()
    default: return false
    }
    return true
  }
}
