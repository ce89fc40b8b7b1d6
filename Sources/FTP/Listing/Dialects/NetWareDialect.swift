/// NetWare and HellSoft: "d [RWCEAFMS] supervisor   512   Jan 16 18:53    login".
struct NetWareDialect: ListingDialect {
  static let name = "NetWare"
  let clock: ListingClock

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    guard line.count > 2, line[0] == UInt8(ascii: "d") || line[0] == UInt8(ascii: "-") else {
      return Dialects.isTotal(line, Words(of: line)) ? .ignored : .unreadable
    }
    var open = 1
    while open < line.count, isBlank(line[open]) { open += 1 }
    guard open < line.count, line[open] == UInt8(ascii: "["), let close = line.firstIndex(of: UInt8(ascii: "]")) else {
      return .unreadable
    }
    // Rights are letters and "-".
    for index in (open + 1)..<close where !isLetter(line[index]) && line[index] != UInt8(ascii: "-") {
      return .unreadable
    }

    let words = Words(of: line, from: close + 1)
    guard
      words.count > 4, let size = ListingSize.read(line.extracting(words[1].range)),
      let date = ListingDate.read(line, words, at: 2, clock), date.last + 1 < words.count
    else { return .unreadable }
    let kind: ListingEntry.Kind = line[0] == UInt8(ascii: "d") ? .directory : .file
    let owner = text(line.extracting(words[0].range))
    return LineResult(name: line.extracting(words[date.last + 1].range.lowerBound..<line.count)) {
      ListingEntry(name: $0, kind: kind, size: size.bytes, modified: date.moment, owner: owner)
    }
  }
}
