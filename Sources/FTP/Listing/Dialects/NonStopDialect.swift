/// HP NonStop Guardian: `IARPTS   101   16354  18-Mar-20 15:09:12  244,  4 "nnnn"`.
struct NonStopDialect: ListingDialect {
  static let name = "NonStop"
  let clock: ListingClock

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 5 else { return words.count == 0 ? .ignored : .unreadable }
    if line.extracting(words[0].range).equals("file"), line.extracting(words[1].range).equals("code") {
      return .ignored
    }
    // An "O" after the code marks a file that is open.
    let eof = line.extracting(words[2].range).equals("o") ? 3 : 2
    guard
      words.count > eof + 3, number(line.extracting(words[1].range)) != nil,
      let size = ListingSize.read(line.extracting(words[eof].range)),
      let date = NumericDate(line.extracting(words[eof + 1].range), order: .dayFirst), let year = date.year,
      let time = ListingTime(line.extracting(words[eof + 2].range))
    else { return .unreadable }
    let moment = clock.moment(year: year, month: date.month, day: date.day, time)
    let owner = Self.owner(line, words, from: eof + 3)
    return LineResult(name: line.extracting(words[0].range)) {
      ListingEntry(name: $0, kind: .file, size: size.bytes, modified: moment, owner: owner)
    }
  }

  /// Group and user, "244,4", which may have a blank between them.
  private static func owner(_ line: Span<UInt8>, _ words: Words, from first: Int) -> String? {
    let word = line.extracting(words[first].range)
    guard word.firstIndex(of: UInt8(ascii: ",")) != nil else { return nil }
    let isSplit = word[word.count - 1] == UInt8(ascii: ",") && first + 1 < words.count
    return text(word) + (isSplit ? text(line.extracting(words[first + 1].range)) : "")
  }
}
