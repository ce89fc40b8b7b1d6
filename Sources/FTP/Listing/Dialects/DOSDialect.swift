/// What IIS and other servers for Windows write: "11-19-24  10:02AM       <DIR>          name".
struct DOSDialect: ListingDialect {
  static let name = "Windows"
  let clock: ListingClock
  /// Day and month cannot be told apart in most lines; one line where they can be settles the whole listing.
  private var order = NumericDate.Order.windows

  init(clock: ListingClock) {
    self.clock = clock
  }

  mutating func read(_ line: Span<UInt8>) -> LineResult {
    let words = Words(of: line)
    guard words.count > 0 else { return .ignored }
    guard
      words.count > 3, let date = NumericDate(line.extracting(words[0].range), order: order), let year = date.year,
      var time = ListingTime(line.extracting(words[1].range))
    else { return Self.isFrame(line) ? .ignored : .unreadable }
    var next = 2
    if time.applyHalf(line.extracting(words[2].range)) { next = 3 }
    guard next + 1 < words.count else { return .unreadable }
    learn(date, line.extracting(words[0].range))

    let moment = clock.moment(year: year, month: date.month, day: date.day, time)
    let column = words[next].range
    let word = line.extracting(column)
    if word[0] == UInt8(ascii: "<") {
      guard let kind = Self.kind(word) else { return .unreadable }
      return folder(kind, line, after: column.upperBound, moment)
    }
    guard let size = Self.size(word) else { return .unreadable }
    return LineResult(name: line.extracting((column.upperBound + 1)..<line.count)) {
      ListingEntry(name: $0, kind: .file, size: size.bytes, modified: moment)
    }
  }

  private mutating func learn(_ date: NumericDate, _ word: Span<UInt8>) {
    guard date.isCertain, !date.isYearFirst, let first = number(word.extracting(first: 2)) else { return }
    if date.month != date.day { order = first == date.day ? .dayFirst : .monthFirst }
  }

  /// The name stands after as many blanks as a size would have taken; only more are its own. Where Windows adds the
  /// target of a link in brackets, that is taken off.
  private func folder(
    _ kind: ListingEntry.Kind, _ line: Span<UInt8>, after end: Int, _ moment: Timestamp?
  ) -> LineResult {
    var start = end
    // "<DIR>" and ten blanks; longer marks have fewer.
    let column = end + max(1, kind == .directory ? 10 : 5)
    while start < min(column, line.count), line[start] == 0x20 { start += 1 }
    var nameEnd = line.count
    var kind = kind
    if kind != .directory, line[nameEnd - 1] == UInt8(ascii: "]"),
      let open = line.firstIndex(of: UInt8(ascii: "["), from: start),
      open > start + 1, line[open - 1] == 0x20
    {
      kind = .symbolicLink(target: copy(line.extracting((open + 1)..<(nameEnd - 1))))
      nameEnd = open - 1
    }
    return LineResult(name: line.extracting(start..<nameEnd)) {
      ListingEntry(name: $0, kind: kind, modified: moment)
    }
  }

  private static func kind(_ word: Span<UInt8>) -> ListingEntry.Kind? {
    // French Windows had a word of its own.
    if word.equals("<dir>") || word.equals("<rep>") { return .directory }
    if word.equals("<junction>") || word.equals("<symlink>") || word.equals("<symlinkd>") {
      return .symbolicLink(target: nil)
    }
    return nil
  }

  /// With "," or, as in some languages, "." between thousands.
  private static func size(_ word: Span<UInt8>) -> ListingSize? {
    if let size = ListingSize.read(word) { return size }
    var digits: [UInt8] = []
    for index in word.indices {
      if isDigit(word[index]) {
        digits.append(word[index])
      } else if word[index] != UInt8(ascii: ".") || index == 0 || (word.count - index) % 4 != 0 {
        return nil
      }
    }
    return ListingSize.read(digits.span)
  }

  /// What `dir` writes around its lines.
  private static func isFrame(_ line: Span<UInt8>) -> Bool {
    line.starts(with: " volume in") || line.starts(with: " volume serial") || line.starts(with: " directory of")
      || line.contains(" file(s) ") || line.contains(" dir(s) ")
  }
}
