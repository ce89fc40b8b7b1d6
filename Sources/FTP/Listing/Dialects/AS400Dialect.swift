/// IBM i: "QSYS   77824 02/23/00 15:09:55 *DIR   etc/".
struct AS400Dialect: ListingDialect {
  static let name = "AS/400"
  let clock: ListingClock
  private var order = NumericDate.Order.windows

  init(clock: ListingClock) {
    self.clock = clock
  }

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 2 else { return words.count == 0 ? .ignored : .unreadable }
    // An object whose owner may not be told leaves the column empty.
    let hasOwner = !isBlank(line[0])
    var next = hasOwner ? 1 : 0
    var size: Int64?
    var moment: Timestamp?
    // Members have neither size nor date.
    if words.count > next + 4, let stated = ListingSize.read(line.extracting(words[next].range)) {
      let word = line.extracting(words[next + 1].range)
      guard
        let date = NumericDate(word, order: order), let year = date.year,
        let time = ListingTime(line.extracting(words[next + 2].range))
      else { return .unreadable }
      if date.isCertain, date.month != date.day, let first = number(word.extracting(first: 2)), first == date.day {
        order = .dayFirst
      }
      size = stated.bytes
      moment = clock.moment(year: year, month: date.month, day: date.day, time)
      next += 3
    }
    let type = line.extracting(words[next].range)
    guard type[0] == UInt8(ascii: "*"), type.count > 2, next + 1 < words.count else { return .unreadable }
    var end = line.count
    let isMarked = line[end - 1] == UInt8(ascii: "/")
    if isMarked { end -= 1 }
    let isFolder = isMarked || type.equals("*dir") || type.equals("*ddir") || type.equals("*lib") || type.equals("*flr")
    let owner = hasOwner ? text(line.extracting(words[0].range)) : nil
    var start = words[next + 1].range.lowerBound
    // A file's members are named with their file: "ORDERS.FILE/MAY.MBR".
    if type.equals("*mem"), let slash = line.firstIndex(of: UInt8(ascii: "/"), from: start), slash + 1 < end {
      start = slash + 1
    }
    return LineResult(name: line.extracting(start..<max(start, end))) {
      ListingEntry(name: $0, kind: isFolder ? .directory : .file, size: size, modified: moment, owner: owner)
    }
  }
}
