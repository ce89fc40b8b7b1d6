/// OS-9: "  0.0  01/02/15 1250  ---wr-wr  3C  1024 notes": group and user, date and time, attributes, a sector in
/// hexadecimal digits, bytes, name.
struct OS9Dialect: ListingDialect {
  static let name = "OS-9"
  let clock: ListingClock

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 0 else { return .ignored }
    if Self.isFrame(line, words) { return .ignored }
    guard
      words.count > 6, Self.isOwner(line.extracting(words[0].range)),
      let moment = moment(line.extracting(words[1].range), line.extracting(words[2].range)),
      Self.areAttributes(line.extracting(words[3].range)),
      UInt64(text(line.extracting(words[4].range)), radix: 16) != nil,
      let size = number(line.extracting(words[5].range))
    else { return .unreadable }
    let owner = text(line.extracting(words[0].range))
    let isFolder = line[words[3].range.lowerBound] == UInt8(ascii: "d")
    return LineResult(name: line.extracting(words[6].range.lowerBound..<line.count)) {
      ListingEntry(
        name: $0, kind: isFolder ? .directory : .file, size: isFolder ? nil : size, modified: moment, owner: owner)
    }
  }

  /// "01/02/15" is the year, month and day; "1250" the time.
  private func moment(_ date: Span<UInt8>, _ time: Span<UInt8>) -> Timestamp? {
    guard date.count == 8, date[2] == UInt8(ascii: "/"), date[5] == UInt8(ascii: "/"), time.count == 4,
      let year = number(date.extracting(0..<2)), let month = number(date.extracting(3..<5)),
      let day = number(date.extracting(6..<8)), let clockTime = number(time), clockTime % 100 < 60, clockTime < 2400
    else { return nil }
    var listed = ListingTime()
    listed.seconds = Int(clockTime / 100 * 3600 + clockTime % 100 * 60)
    listed.precision = .minute
    return clock.moment(year: ListingClock.fullYear(Int(year)), month: Int(month), day: Int(day), listed)
  }

  private static func isOwner(_ word: Span<UInt8>) -> Bool {
    guard let point = word.firstIndex(of: UInt8(ascii: ".")), point > 0, point + 1 < word.count else { return false }
    return number(word.extracting(0..<point)) != nil && number(word.extracting((point + 1)..<word.count)) != nil
  }

  /// "dsewrewr" with "-" for what is not set.
  private static func areAttributes(_ word: Span<UInt8>) -> Bool {
    guard word.count == 8 else { return false }
    let letters: StaticString = "dsewrewr"
    for index in 0..<8 where word[index] != UInt8(ascii: "-") && word[index] != letters.utf8Start[index] {
      return false
    }
    return true
  }

  /// The two lines above a listing.
  private static func isFrame(_ line: Span<UInt8>, _ words: Words) -> Bool {
    line.extracting(words[0].range).equals("owner") && line.contains("bytecount")
      || words.count > 5 && line.firstIndex { $0 != UInt8(ascii: "-") && !isBlank($0) } == nil
  }
}
