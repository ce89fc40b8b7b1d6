/// OpenVMS: "README.TXT;4   2/9   21-NOV-1998 21:54:33  [SYSTEM]  (RWED,RWED,RE,)".
///
/// A long name stands on a line of its own. Sizes are blocks of 512 bytes, the first number those in use, so that the
/// bytes are an upper bound. Folders appear without ".DIR;1"; files keep their version, which is part of the name.
struct VMSDialect: ListingDialect {
  static let name = "VMS"
  let clock: ListingClock
  /// A name whose other columns come on the next line.
  private var pending: [UInt8]?

  init(clock: ListingClock) {
    self.clock = clock
  }

  mutating func restart() {
    pending = nil
  }

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 0 else { return .ignored }
    if let name = pending, isBlank(line[0]) {
      pending = nil
      return entry(name, line, words, from: 0) ?? .unreadable
    }
    pending = nil
    let first = line.extracting(words[0].range)
    guard Self.isVersioned(first) else {
      let isFrame =
        line.starts(with: "directory ") || line.starts(with: "total of ") || line.starts(with: "grand total")
      return isFrame ? .ignored : .unreadable
    }
    let name = copy(first)
    if words.count == 1 {
      pending = name
      return .ignored
    }
    if let entry = entry(name, line, words, from: 1) { return entry }
    // A file that may not be looked at is there all the same.
    let reason = line.extracting(words[1].range.lowerBound..<line.count)
    guard reason.contains("privilege") || reason.contains("protection") else { return .unreadable }
    return result(name) { $0 }
  }

  private func entry(_ name: [UInt8], _ line: Span<UInt8>, _ words: Words, from first: Int) -> LineResult? {
    var size: Int64?
    var moment: Timestamp?
    var owner: String?
    for index in first..<words.count {
      let word = line.extracting(words[index].range)
      if moment == nil, let date = NumericDate(word, order: .dayFirst), let year = date.year {
        let time = index + 1 < words.count ? ListingTime(line.extracting(words[index + 1].range)) : nil
        moment = clock.moment(year: year, month: date.month, day: date.day, time ?? ListingTime())
      } else if word[0] == UInt8(ascii: "["), word[word.count - 1] == UInt8(ascii: "]"), word.count > 2 {
        owner = text(word.extracting(1..<(word.count - 1)))
      } else if index == first {
        size = Self.size(word)
      }
    }
    guard moment != nil else { return nil }
    return result(name) { entry in
      var entry = entry
      entry.size = entry.isDirectory ? nil : size
      entry.modified = moment
      entry.owner = owner
      return entry
    }
  }

  private func result(_ name: [UInt8], _ complete: (ListingEntry) -> ListingEntry) -> LineResult {
    let suffix = name.suffix(6).map(lowercased)
    let isFolder = suffix.count == 6 && suffix.elementsEqual(".dir;1".utf8) && name.count > 6
    var shown = isFolder ? name.dropLast(6) : name[...]
    // MultiNet puts the folder before the name: "[GROUP.ADA]NOTES.TXT;1".
    if shown.first == UInt8(ascii: "["), let bracket = shown.firstIndex(of: UInt8(ascii: "]")) {
      shown = shown[(bracket + 1)...]
    }
    return LineResult(name: Array(shown).span) { complete(ListingEntry(name: $0, kind: isFolder ? .directory : .file)) }
  }

  /// "213/216" or "213" in blocks, "107KB" as it says.
  private static func size(_ word: Span<UInt8>) -> Int64? {
    let used = word.extracting(0..<(word.firstIndex(of: UInt8(ascii: "/")) ?? word.count))
    guard let blocks = number(used) else { return ListingSize.read(used)?.bytes }
    let (bytes, overflow) = blocks.multipliedReportingOverflow(by: 512)
    return overflow ? nil : bytes
  }

  /// A name, ";" and a number.
  private static func isVersioned(_ word: Span<UInt8>) -> Bool {
    guard let semicolon = word.firstIndex(of: UInt8(ascii: ";")), semicolon > 0 else { return false }
    return number(word.extracting((semicolon + 1)..<word.count)) != nil
  }
}
