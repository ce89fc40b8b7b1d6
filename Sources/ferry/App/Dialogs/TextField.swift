/// A line of text being edited.
struct TextField: Hashable, Sendable {
  private(set) var characters: [Character]
  /// Where the next character goes, 0...count.
  private(set) var cursor: Int
  /// Whether the text is shown as dots.
  var isSecret = false

  init(_ text: String = "", isSecret: Bool = false) {
    characters = Array(text)
    cursor = characters.count
    self.isSecret = isSecret
  }

  var text: String { String(characters) }
  var isEmpty: Bool { characters.isEmpty }

  mutating func set(_ text: String) {
    characters = Array(text)
    cursor = characters.count
  }

  /// Takes typed or pasted text: one line, so line ends become blanks.
  mutating func insert(_ text: String) {
    let new = text.map { $0.isNewline ? " " : $0 }.prefix(4096 - min(4096, characters.count))
    characters.insert(contentsOf: new, at: cursor)
    cursor += new.count
  }

  /// Overwrites what was typed, as far as a value type can.
  mutating func wipe() {
    for index in characters.indices { characters[index] = " " }
    characters = []
    cursor = 0
  }

  // MARK: Editing

  mutating func moveCursor(by count: Int) { cursor = max(0, min(cursor + count, characters.count)) }
  mutating func moveToStart() { cursor = 0 }
  mutating func moveToEnd() { cursor = characters.count }

  mutating func moveWord(_ direction: Int) {
    cursor = wordEdge(direction)
  }

  mutating func deleteBackwards() {
    guard cursor > 0 else { return }
    cursor -= 1
    characters.remove(at: cursor)
  }

  mutating func deleteForwards() {
    guard cursor < characters.count else { return }
    characters.remove(at: cursor)
  }

  mutating func deleteWordBackwards() {
    let start = wordEdge(-1)
    characters.removeSubrange(start..<cursor)
    cursor = start
  }

  mutating func deleteToStart() {
    characters.removeSubrange(..<cursor)
    cursor = 0
  }

  mutating func deleteToEnd() { characters.removeSubrange(cursor...) }

  private func wordEdge(_ direction: Int) -> Int {
    func isWord(_ index: Int) -> Bool { characters[index].isLetter || characters[index].isNumber }
    var edge = cursor
    if direction < 0 {
      while edge > 0, !isWord(edge - 1) { edge -= 1 }
      while edge > 0, isWord(edge - 1) { edge -= 1 }
    } else {
      while edge < characters.count, !isWord(edge) { edge += 1 }
      while edge < characters.count, isWord(edge) { edge += 1 }
    }
    return edge
  }
}
