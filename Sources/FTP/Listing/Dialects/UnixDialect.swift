/// What `ls -l` writes, in the many forms that servers have made of it.
///
/// The date is what is looked for, from the left: before it stand the size and, without a fixed number of columns, link
/// count, owner and group; after it exactly one blank and the name, which may start with blanks itself.
struct UnixDialect: ListingDialect {
  static let name = "Unix"
  let clock: ListingClock

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    var words = Words(of: line)
    guard words.count > 0 else { return .ignored }
    // Numbers of inode and blocks may stand in front.
    var first = 0
    while first < 2, first + 1 < words.count, number(line.extracting(words[first].range)) != nil { first += 1 }
    guard let mode = UnixMode(line, at: words[first].range.lowerBound) else {
      return Dialects.isTotal(line, words) ? .ignored : .unreadable
    }
    // "drwxr-xr-x1024 ada": a large link count without a blank.
    if words[first].count > mode.length {
      words.trim(first, by: mode.length)
    } else {
      first += 1
    }
    guard let columns = UnixColumns(line, words, from: first, mode, clock) else { return .unreadable }
    return entry(line, words, mode, columns)
  }

  private func entry(_ line: Span<UInt8>, _ words: Words, _ mode: UnixMode, _ columns: UnixColumns) -> LineResult {
    guard columns.nameStart < line.count else { return .unreadable }
    var nameEnd = line.count
    var kind = mode.kind
    if mode.isLink, let arrow = Self.arrow(line, from: columns.nameStart, size: columns.size) {
      nameEnd = arrow
      kind = .symbolicLink(target: copy(line.extracting((arrow + 4)..<line.count)))
    } else if kind == .directory, nameEnd - columns.nameStart > 1, line[nameEnd - 1] == UInt8(ascii: "/") {
      // `ls -F` marks folders so.
      nameEnd -= 1
    }
    let owner = columns.owner.map { text(line.extracting($0)) }
    let group = columns.group.map { text(line.extracting($0)) }
    return LineResult(name: line.extracting(columns.nameStart..<nameEnd)) { name in
      ListingEntry(
        name: name, kind: kind, size: mode.isDevice ? nil : columns.size, modified: columns.moment,
        permissions: mode.permissions, owner: owner, group: group)
    }
  }

  /// Where " -> " parts a link's name from its target. Either may hold another one: a link's size is its target's
  /// length, which tells which of them it is; else it is the first.
  private static func arrow(_ line: Span<UInt8>, from start: Int, size: Int64?) -> Int? {
    var found: Int?
    var index = start + 1
    while index + 4 < line.count {
      if line[index] == 0x20, line[index + 1] == UInt8(ascii: "-"), line[index + 2] == UInt8(ascii: ">"),
        line[index + 3] == 0x20
      {
        if Int64(line.count - index - 4) == size { return index }
        found = found ?? index
      }
      index += 1
    }
    return found
  }
}
