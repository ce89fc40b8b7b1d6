/// Where the columns of an `ls -l` line are, between mode and name.
struct UnixColumns {
  var owner: Range<Int>?
  var group: Range<Int>?
  var size: Int64?
  var moment: Timestamp?
  var nameStart = 0

  /// `first` is the first word after the mode. Nil where no name can be found with certainty.
  init?(_ line: Span<UInt8>, _ words: Words, from first: Int, _ mode: UnixMode, _ clock: ListingClock) {
    if let (date, size) = Self.dateAfterSize(line, words, from: first, mode, clock) {
      finish(line, words, first, date, sizeWord: size)
      self.size = mode.isDevice ? nil : ListingSize.read(line.extracting(words[size].range))?.bytes
    } else if let (date, word) = Self.dateAlone(line, words, from: first, clock) {
      finish(line, words, first, date, sizeWord: word)
      takeGluedSize(line)
    } else if let size = Self.sizeWithoutDate(line, words, from: first) {
      finish(line, words, first, ListingDate(moment: nil, last: size), sizeWord: size)
      self.size = ListingSize.read(line.extracting(words[size].range))?.bytes
    } else {
      return nil
    }
  }

  /// A date with a number in front: "4096 Nov 19 10:02", "1, 3 Nov 19 10:02". The language of the month may be unknown.
  private static func dateAfterSize(
    _ line: Span<UInt8>, _ words: Words, from first: Int, _ mode: UnixMode, _ clock: ListingClock
  ) -> (ListingDate, size: Int)? {
    let known = dateAfterSize(line, words, from: first, mode) { ListingDate.read(line, words, at: $0, clock) }
    if let known { return known }
    return dateAfterSize(line, words, from: first, mode) { ListingDate.readUnknownMonth(line, words, at: $0) }
  }

  private static func dateAfterSize(
    _ line: Span<UInt8>, _ words: Words, from first: Int, _ mode: UnixMode, date read: (Int) -> ListingDate?
  ) -> (ListingDate, size: Int)? {
    for index in (first + 1)..<max(words.count, first + 1) {
      let word = line.extracting(words[index - 1].range)
      guard isDigit(word[0]), mode.isDevice ? isDevice(word) : ListingSize.read(word) != nil else { continue }
      guard let date = read(index), isFollowed(date, line, words) else { continue }
      let isPair = mode.isDevice && index - 2 >= first && line[words[index - 2].range.upperBound - 1] == comma
      return (date, size: isPair ? index - 2 : index - 1)
    }
    return nil
  }

  /// A date without a size before it; `word` is where the date starts.
  private static func dateAlone(
    _ line: Span<UInt8>, _ words: Words, from first: Int, _ clock: ListingClock
  ) -> (ListingDate, word: Int)? {
    for index in first..<max(words.count, first) {
      if let date = ListingDate.read(line, words, at: index, clock), isFollowed(date, line, words) {
        return (date, word: index)
      }
    }
    return nil
  }

  /// "1 ada users 4096 name": only where nothing that follows looks like part of a date.
  private static func sizeWithoutDate(_ line: Span<UInt8>, _ words: Words, from first: Int) -> Int? {
    let size = first + 3
    guard
      size + 1 < words.count, number(line.extracting(words[first].range)) != nil,
      number(line.extracting(words[size].range)) != nil
    else { return nil }
    for index in (size + 1)..<words.count
    where line.extracting(words[index].range).firstIndex(of: UInt8(ascii: ":")) != nil {
      return nil
    }
    return size
  }

  private static func isFollowed(_ date: ListingDate, _ line: Span<UInt8>, _ words: Words) -> Bool {
    words[date.last].range.upperBound + 1 + date.padding < line.count
  }

  private static func isDevice(_ word: Span<UInt8>) -> Bool {
    word.starts(with: "0x") || word.firstIndex { !isDigit($0) && $0 != comma } == nil
  }

  private mutating func finish(
    _ line: Span<UInt8>, _ words: Words, _ first: Int, _ date: ListingDate, sizeWord: Int
  ) {
    moment = date.moment
    nameStart = words[date.last].range.upperBound + 1 + date.padding
    nameOwners(line, words, first, sizeWord)
  }

  /// Sorts the words from `first` to `end` into link count, owner and group, any of which may be missing, and which may
  /// hold blanks where the accounts come from a Windows domain.
  private mutating func nameOwners(_ line: Span<UInt8>, _ words: Words, _ first: Int, _ end: Int) {
    var start = first
    if start < end, let links = number(line.extracting(words[start].range)) {
      let isAlone = end - start == 2 && number(line.extracting(words[start + 1].range)) != nil && links >= 500
      if !isAlone { start += 1 }
    }
    // NetPresenz and Rumpus say so where others have a link count.
    if start < end, line.extracting(words[start].range).equals("folder") { start += 1 }
    guard start < end else { return }
    var split = end - start == 1 ? end : end - 1
    if end - start > 2 {
      let named = (start + 1..<end).first { line.extracting(words[$0].range).firstIndex(of: backslash) != nil }
      if let named {
        split = named
      } else if line.extracting(words[start].range).firstIndex(of: backslash) != nil {
        // "EXAMPLE\ada Domain Users": the account is named in full, the group is not.
        split = start + 1
      }
    }
    owner = words[start].range.lowerBound..<words[split - 1].range.upperBound
    if split < end { group = words[split].range.lowerBound..<words[end - 1].range.upperBound }
  }

  /// "users1234567": a size so large that it left no blank before it.
  private mutating func takeGluedSize(_ line: Span<UInt8>) {
    guard let column = group ?? owner else { return }
    var start = column.upperBound
    while start > column.lowerBound, isDigit(line[start - 1]) { start -= 1 }
    guard column.lowerBound < start, start < column.upperBound else { return }
    size = number(line.extracting(start..<column.upperBound))
    if group == nil {
      owner = column.lowerBound..<start
    } else {
      group = column.lowerBound..<start
    }
  }
}

private let comma = UInt8(ascii: ",")
private let backslash = UInt8(ascii: "\\")
