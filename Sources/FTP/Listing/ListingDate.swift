/// The date that a listing shows, in any of the forms that servers use.
struct ListingDate {
  /// Nil where it is a date, in a language or form nobody here can read.
  let moment: Timestamp?
  /// Which of the line's words is its last.
  let last: Int
  /// Blanks behind it that belong to its column.
  var padding = 0

  /// The date that starts with word `first`.
  static func read(_ line: Span<UInt8>, _ words: Words, at first: Int, _ clock: ListingClock) -> ListingDate? {
    guard first < words.count else { return nil }
    let word = line.extracting(words[first].range)
    if let date = NumericDate(word, order: .unix) { return numeric(date, line, words, at: first, clock) }
    guard first + 2 < words.count else { return counted(line, words, at: first, clock) }
    // "Tue Nov 19 10:02:33 2024", of busybox and old forms of --full-time.
    if isWeekday(word), let date = read(line, words, at: first + 1, clock) { return date }
    if isDigit(word[0]) {
      if let day = day(word), let month = MonthNames.number(line.extracting(words[first + 1].range)) {
        return after(month, day, line, words, at: first + 2, clock)
      }
      return counted(line, words, at: first, clock)
    }
    guard let day = day(line.extracting(words[first + 1].range)), let month = MonthNames.number(word) else {
      return nil
    }
    return after(month, day, line, words, at: first + 2, clock)
  }

  /// A word that could be a month in some language, with a day and a time or year after it.
  static func readUnknownMonth(_ line: Span<UInt8>, _ words: Words, at first: Int) -> ListingDate? {
    guard first + 3 < words.count, !isDigit(line[words[first].range.lowerBound]),
      day(line.extracting(words[first + 1].range)) != nil
    else { return nil }
    let word = line.extracting(words[first + 2].range)
    return year(word) != nil || ListingTime(word) != nil ? ListingDate(moment: nil, last: first + 2) : nil
  }

  /// A time or a year after month and day: "10:02", "2024", "2024 10:02", and "10:02:33 2024" as ls -T of BSD has it.
  private static func after(
    _ month: Int, _ day: Int, _ line: Span<UInt8>, _ words: Words, at next: Int, _ clock: ListingClock
  ) -> ListingDate? {
    let word = line.extracting(words[next].range)
    let following = next + 2 < words.count ? line.extracting(words[next + 1].range) : word
    if let year = year(word) {
      if next + 2 < words.count, let time = ListingTime(following) {
        return moment(year, month, day, time, clock, last: next + 1)
      }
      return moment(year, month, day, ListingTime(), clock, last: next)
    }
    guard let time = ListingTime(word) else { return nil }
    if time.precision == .second, next + 2 < words.count, let year = year(following) {
      return moment(year, month, day, time, clock, last: next + 1)
    }
    guard let moment = clock.resolve(month: month, day: day, time) else { return nil }
    return ListingDate(moment: moment, last: next)
  }

  private static func moment(
    _ year: Int, _ month: Int, _ day: Int, _ time: ListingTime, _ clock: ListingClock, last: Int
  ) -> ListingDate? {
    clock.moment(year: year, month: month, day: day, time).map { ListingDate(moment: $0, last: last) }
  }

  /// "2024-11-19", with a time and a zone if there are any; "11-19 10:02" and "11-19 2024" as older forms of ls have it.
  private static func numeric(
    _ date: NumericDate, _ line: Span<UInt8>, _ words: Words, at first: Int, _ clock: ListingClock
  ) -> ListingDate? {
    let isFollowed = first + 1 < words.count
    let next = isFollowed ? line.extracting(words[first + 1].range) : line.extracting(0..<0)
    guard let stated = date.year else {
      return isFollowed ? after(date.month, date.day, line, words, at: first + 1, clock) : nil
    }
    guard var time = ListingTime(next) else {
      var found = moment(stated, date.month, date.day, ListingTime(), clock, last: first)
      // --time-style=iso fills the column up to the width of a time.
      let end = words[first].range.upperBound
      if date.isYearFirst, end + 2 < line.count, line[end + 1] == 0x20 { found?.padding = 1 }
      return found
    }
    let isZoned = first + 3 < words.count && time.applyZone(line.extracting(words[first + 2].range))
    return moment(stated, date.month, date.day, time, clock, last: first + (isZoned ? 2 : 1))
  }

  /// Numbers with characters for year, month and day behind them, as in Japanese, Chinese and Korean: "11月 19 10:02",
  /// "11月19日 10:02", "2024年11月19日". The characters themselves do not matter, nor how they are encoded.
  private static func counted(
    _ line: Span<UInt8>, _ words: Words, at first: Int, _ clock: ListingClock
  ) -> ListingDate? {
    guard line[words[first].range.upperBound - 1] >= 0x80 else { return nil }
    var values: (Int, Int, Int) = (0, 0, 0)
    var found = 0
    var next = first
    while next < words.count, found < 2 || found == 2 && values.0 > 12 {
      var index = words[next].range.lowerBound
      let end = words[next].range.upperBound
      while index < end {
        let start = index
        while index < end, isDigit(line[index]) { index += 1 }
        guard 1...4 ~= index - start, let value = number(line.extracting(start..<index)) else { return nil }
        while index < end, line[index] >= 0x80 { index += 1 }
        found += 1
        switch found {
        case 1: values.0 = Int(value)
        case 2: values.1 = Int(value)
        case 3: values.2 = Int(value)
        default: return nil
        }
      }
      next += 1
    }
    if found == 2, next < words.count { return after(values.0, values.1, line, words, at: next, clock) }
    guard found == 3, next < words.count else { return nil }
    let time = ListingTime(line.extracting(words[next].range))
    return moment(values.0, values.1, values.2, time ?? ListingTime(), clock, last: time == nil ? next - 1 : next)
  }

  private static func isWeekday(_ word: Span<UInt8>) -> Bool {
    guard word.count == 3 else { return false }
    return word.equals("mon") || word.equals("tue") || word.equals("wed") || word.equals("thu") || word.equals("fri")
      || word.equals("sat") || word.equals("sun")
  }

  /// "9", "09", "9." or "9,".
  private static func day(_ word: Span<UInt8>) -> Int? {
    guard 1...3 ~= word.count, isDigit(word[0]) else { return nil }
    var day = Int(word[0] & 15)
    var index = 1
    if index < word.count, isDigit(word[index]) {
      day = day * 10 + Int(word[index] & 15)
      index += 1
    }
    if index < word.count, word[index] == UInt8(ascii: ".") || word[index] == UInt8(ascii: ",") { index += 1 }
    return index == word.count && 1...31 ~= day ? day : nil
  }

  private static func year(_ word: Span<UInt8>) -> Int? {
    guard word.count == 4, let year = number(word), 1900...2999 ~= year else { return nil }
    return Int(year)
  }
}
