/// A line of text being edited.
struct TextField: EditedLine, Hashable {
  private(set) var characters: [Character]
  var cursor: Int

  init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  var text: String { String(characters) }
  var count: Int { characters.count }

  mutating func set(_ text: String) {
    characters = Array(text)
    cursor = characters.count
  }

  mutating func replace(_ range: Range<Int>, with new: some Collection<Character>) {
    characters.replaceSubrange(range, with: new)
  }

  func isInWord(_ index: Int) -> Bool { characters[index].isLetter || characters[index].isNumber }
}
