/// OS/2, old VShell, VxWorks and Nortel routers: a size, perhaps attributes, a date, and the name at the end.
///
/// "0   DIR   05-12-97   16:44  PSFONTS", "206876  Apr 04, 2000 21:06 VShell", "512  JAN-01-1980  00:00:00  EPROM  <DIR>".
struct SizeFirstDialect: ListingDialect {
  static let name = "OS/2"
  let clock: ListingClock

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 3 else { return words.count == 0 ? .ignored : .unreadable }
    if Self.isHeader(line, words) { return .ignored }
    guard let size = ListingSize.read(line.extracting(words[0].range)) else { return .unreadable }
    var isFolder = false
    var next = 1
    while next < min(words.count, 5), Self.isAttribute(line.extracting(words[next].range)) {
      isFolder = isFolder || line.extracting(words[next].range).equals("dir")
      next += 1
    }
    guard let (moment, last) = date(line, words, at: next), last + 1 < words.count else { return .unreadable }

    var end = line.count
    let final = line.extracting(words[words.count - 1].range)
    if line[end - 1] == UInt8(ascii: "/") {
      isFolder = true
      end -= 1
    } else if final.equals("<dir>"), last + 2 < words.count {
      isFolder = true
      end = words[words.count - 2].range.upperBound
    }
    let start = words[last + 1].range.lowerBound
    return LineResult(name: line.extracting(start..<max(start, end))) {
      ListingEntry(
        name: $0, kind: isFolder ? .directory : .file, size: isFolder ? nil : size.bytes, modified: moment)
    }
  }

  private func date(_ line: Span<UInt8>, _ words: Words, at first: Int) -> (Timestamp?, last: Int)? {
    guard first + 1 < words.count else { return nil }
    if let date = NumericDate(line.extracting(words[first].range), order: .monthFirst), let year = date.year,
      let time = ListingTime(line.extracting(words[first + 1].range))
    {
      return (clock.moment(year: year, month: date.month, day: date.day, time), first + 1)
    }
    guard !isDigit(line[words[first].range.lowerBound]), let date = ListingDate.read(line, words, at: first, clock)
    else {
      return nil
    }
    return (date.moment, date.last)
  }

  /// Up to four capitals, and no month.
  private static func isAttribute(_ word: Span<UInt8>) -> Bool {
    guard word.count <= 4 else { return false }
    for index in word.indices where word[index] &- UInt8(ascii: "A") >= 26 { return false }
    return MonthNames.number(word) == nil
  }

  /// "size  date  time  name" and the rule below it.
  private static func isHeader(_ line: Span<UInt8>, _ words: Words) -> Bool {
    line.extracting(words[0].range).equals("size") && line.extracting(words[1].range).equals("date")
      || line.firstIndex { $0 != UInt8(ascii: "-") && !isBlank($0) } == nil
  }
}
