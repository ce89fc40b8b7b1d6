/// Batches of Connect:Enterprise: "-C--E-----FTP B ADA1   18128   41 Aug 12 13:56 INVOICES": flags with the protocol that
/// brought the batch, its form, mailbox, number, size, date and name.
struct ConnectEnterpriseDialect: ListingDialect {
  static let name = "Connect:Enterprise"
  let clock: ListingClock

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 5 else { return words.count == 0 ? .ignored : .unreadable }
    guard
      Self.areFlags(line.extracting(words[0].range)), words[1].count == 1,
      number(line.extracting(words[3].range)) != nil, let size = ListingSize.read(line.extracting(words[4].range)),
      let date = ListingDate.read(line, words, at: 5, clock), date.last + 1 < words.count
    else { return .unreadable }
    let owner = text(line.extracting(words[2].range))
    return LineResult(name: line.extracting(words[date.last + 1].range.lowerBound..<line.count)) {
      ListingEntry(name: $0, kind: .file, size: size.bytes, modified: date.moment, owner: owner)
    }
  }

  /// Ten capitals or "-", and the three letters of a protocol.
  private static func areFlags(_ word: Span<UInt8>) -> Bool {
    guard word.count == 13, word[0] == UInt8(ascii: "-") else { return false }
    for index in 1..<13 where word[index] &- UInt8(ascii: "A") >= 26 {
      if index >= 10 || word[index] != UInt8(ascii: "-") { return false }
    }
    return true
  }
}
