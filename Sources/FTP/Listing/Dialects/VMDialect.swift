/// z/VM and VM/CMS: "TEST  EXEC  V  72  24  1  2008-12-07 14:31:56 DISK".
///
/// A file has a name and a type, which FTP joins with a point. Its size is record length times records, an upper bound
/// where records vary.
struct VMDialect: ListingDialect {
  static let name = "VM/CMS"
  let clock: ListingClock

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 0 else { return .ignored }
    let isFolder = words.count > 6 && line.extracting(words[1].range).equals("dir")
    let dateWord = isFolder ? 5 : 6
    guard
      words.count > dateWord + 1, words.count <= dateWord + 3, words[0].count <= 8, words[1].count <= 8,
      let date = NumericDate(line.extracting(words[dateWord].range), order: .monthFirst), let year = date.year,
      let time = ListingTime(line.extracting(words[dateWord + 1].range))
    else { return .unreadable }
    let moment = clock.moment(year: year, month: date.month, day: date.day, time)
    if isFolder {
      guard line.extracting(words[2].range).equals("-") else { return .unreadable }
      return LineResult(name: line.extracting(words[0].range)) {
        ListingEntry(name: $0, kind: .directory, modified: moment)
      }
    }
    let format = line.extracting(words[2].range)
    guard
      format.equals("f") || format.equals("v"), let length = number(line.extracting(words[3].range)),
      let records = number(line.extracting(words[4].range)), number(line.extracting(words[5].range)) != nil
    else { return .unreadable }
    let (bytes, overflow) = length.multipliedReportingOverflow(by: records)
    let name = copy(line.extracting(words[0].range)) + [UInt8(ascii: ".")] + copy(line.extracting(words[1].range))
    return LineResult(name: name.span) {
      ListingEntry(name: $0, kind: .file, size: overflow ? nil : bytes, modified: moment)
    }
  }
}
