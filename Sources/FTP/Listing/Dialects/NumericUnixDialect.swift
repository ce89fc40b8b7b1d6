/// Unix in numbers: "0100644   500  101   12345    1732010553       name".
struct NumericUnixDialect: ListingDialect {
  static let name = "numeric Unix"

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 0 else { return .ignored }
    guard
      words.count > 5, 5...7 ~= words[0].count, let mode = UInt32(text(line.extracting(words[0].range)), radix: 8),
      let seconds = number(line.extracting(words[4].range)), number(line.extracting(words[1].range)) != nil,
      number(line.extracting(words[2].range)) != nil, let size = ListingSize.read(line.extracting(words[3].range))
    else { return .unreadable }
    let kind: ListingEntry.Kind
    switch mode >> 12 {
    case 0o10: kind = .file
    case 0o04: kind = .directory
    case 0o12: kind = .symbolicLink(target: nil)
    default: kind = .other
    }
    let owner = text(line.extracting(words[1].range))
    let group = text(line.extracting(words[2].range))
    return LineResult(name: line.extracting(words[5].range.lowerBound..<line.count)) {
      ListingEntry(
        name: $0, kind: kind, size: size.bytes, modified: Timestamp(seconds: seconds),
        permissions: UInt16(mode & 0o7777), owner: owner, group: group)
    }
  }
}
