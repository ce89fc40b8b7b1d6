/// Where the first words of a line are, with blanks between them.
struct Words {
  struct Word: BitwiseCopyable {
    var start: Int32
    var end: Int32

    var range: Range<Int> { Int(start)..<Int(end) }
    var count: Int { Int(end - start) }
  }

  /// More words than any format has before a name.
  static let limit = 18

  private(set) var count = 0
  private var words = InlineArray<18, Word>(repeating: Word(start: 0, end: 0))

  init(of line: Span<UInt8>, from start: Int = 0) {
    var index = start
    let end = line.count
    while count < Self.limit {
      while index < end, isBlank(line[index]) { index += 1 }
      if index >= end { return }
      let start = index
      while index < end, !isBlank(line[index]) { index += 1 }
      words[count] = Word(start: Int32(start), end: Int32(index))
      count += 1
    }
  }

  subscript(index: Int) -> Word {
    words[index]
  }

  /// Makes a word start later: what stands before belongs to something else.
  mutating func trim(_ index: Int, by count: Int) {
    words[index].start += Int32(count)
  }
}
