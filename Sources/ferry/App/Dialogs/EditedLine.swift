/// A line that is edited with a cursor in it, character by character.
protocol EditedLine: Sendable {
  /// How many characters there are.
  var count: Int { get }
  /// Where the next character goes, 0...count.
  var cursor: Int { get set }
  /// Puts characters in the place of others, and leaves the cursor where it is.
  mutating func replace(_ range: Range<Int>, with new: some Collection<Character>)
  /// Whether words are made of this character.
  func isInWord(_ index: Int) -> Bool
}

extension EditedLine {
  /// The most characters that there can be.
  static var limit: Int { 4096 }
  var isEmpty: Bool { count == 0 }

  /// Takes typed or pasted text: one line, so line ends become blanks.
  mutating func insert(_ text: some Sequence<Character>) {
    let new = text.prefix(Self.limit - min(Self.limit, count)).map { $0.isNewline ? " " : $0 }
    replace(cursor..<cursor, with: new)
    cursor += new.count
  }

  mutating func moveCursor(by count: Int) { cursor = max(0, min(cursor + count, self.count)) }
  mutating func moveToStart() { cursor = 0 }
  mutating func moveToEnd() { cursor = count }

  mutating func moveWord(_ direction: Int) {
    cursor = wordEdge(direction)
  }

  mutating func deleteBackwards() {
    guard cursor > 0 else { return }
    cursor -= 1
    remove(cursor..<cursor + 1)
  }

  mutating func deleteForwards() {
    guard cursor < count else { return }
    remove(cursor..<cursor + 1)
  }

  mutating func deleteWordBackwards() {
    let start = wordEdge(-1)
    remove(start..<cursor)
    cursor = start
  }

  mutating func deleteToStart() {
    remove(0..<cursor)
    cursor = 0
  }

  mutating func deleteToEnd() { remove(cursor..<count) }

  private mutating func remove(_ range: Range<Int>) { replace(range, with: EmptyCollection()) }

  private func wordEdge(_ direction: Int) -> Int {
    var edge = cursor
    if direction < 0 {
      while edge > 0, !isInWord(edge - 1) { edge -= 1 }
      while edge > 0, isInWord(edge - 1) { edge -= 1 }
    } else {
      while edge < count, !isInWord(edge) { edge += 1 }
      while edge < count, isInWord(edge) { edge += 1 }
    }
    return edge
  }
}
