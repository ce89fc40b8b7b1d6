/// Makes moments of what listings show, which is in no known time zone and often without a year.
struct ListingClock: Sendable {
  let now: Timestamp
  private let year: Int

  init(now: Timestamp) {
    self.now = now
    year = now.civil.date.year
  }

  /// The latest such day that lies not more than a day ahead, which is what servers in other time zones can be.
  func resolve(month: Int, day: Int, _ time: ListingTime) -> Timestamp? {
    // Eight years hold a leap day in any case.
    for year in stride(from: year + 1, through: year - 8, by: -1) {
      guard let moment = moment(year: year, month: month, day: day, time) else { continue }
      if moment.seconds <= now.seconds + 86_400 { return moment }
    }
    return nil
  }

  func moment(year: Int, month: Int, day: Int, _ time: ListingTime) -> Timestamp? {
    guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
    let seconds = Int64(date.dayNumber) * 86_400 + Int64(time.seconds)
    return Timestamp(
      seconds: seconds - Int64(time.offset ?? 0), nanoseconds: time.nanoseconds, precision: time.precision,
      isUTC: time.offset != nil)
  }

  /// Two digits of a year as they are meant now.
  static func fullYear(_ year: Int) -> Int {
    switch year {
    case 0..<70: 2000 + year
    case 70..<200: 1900 + year
    default: year
    }
  }
}

/// A time of day; that of a listing which tells none is midnight with the precision of a day.
struct ListingTime {
  /// 0...86,400 since midnight: 24:00 is in use.
  var seconds = 0
  var nanoseconds: Int32 = 0
  var precision = Timestamp.Precision.day
  /// East of UTC, in seconds, where it is told.
  var offset: Int?

  init() {}

  /// "9:05", "10:02:33", "24:00", "10:02:33.123456789", with "AM", "PM", "a" or "p" behind; nil for anything else.
  init?(_ word: Span<UInt8>) {
    var index = 0
    guard let hour = Self.field(word, &index, digits: 1...2), index < word.count, word[index] == UInt8(ascii: ":")
    else { return nil }
    index += 1
    guard let minute = Self.field(word, &index, digits: 2...2), minute < 60 else { return nil }
    seconds = hour * 3600 + minute * 60
    precision = .minute
    if index < word.count, word[index] == UInt8(ascii: ":") {
      index += 1
      guard let second = Self.field(word, &index, digits: 2...2), second <= 60 else { return nil }
      seconds += second
      precision = .second
      let rest = index
      if index < word.count, word[index] == UInt8(ascii: ".") {
        index += 1
        while index < word.count, isDigit(word[index]) { index += 1 }
        guard let fraction = Timestamp.fraction(word.extracting(rest..<index)) else { return nil }
        nanoseconds = fraction
        precision = .nanosecond
      }
    }
    if index < word.count {
      guard applyHalf(word.extracting(index..<word.count)) else { return nil }
    }
    guard hour < 24 || hour == 24 && seconds == 86_400 else { return nil }
  }

  /// Takes "AM", "PM", "a" or "p"; false for anything else and for hours that no such clock has.
  mutating func applyHalf(_ word: Span<UInt8>) -> Bool {
    let isAfternoon = word.equals("pm") || word.equals("p")
    guard isAfternoon || word.equals("am") || word.equals("a") else { return false }
    let hour = seconds / 3600
    guard 0...12 ~= hour || isAfternoon else { return false }
    if hour == 12, !isAfternoon { seconds -= 12 * 3600 }
    if hour < 12, isAfternoon { seconds += 12 * 3600 }
    return true
  }

  /// Takes "+0100" or "-0530"; false for anything else.
  mutating func applyZone(_ word: Span<UInt8>) -> Bool {
    guard
      word.count == 5, word[0] == UInt8(ascii: "+") || word[0] == UInt8(ascii: "-"),
      let value = number(word.extracting(1..<5)), value % 100 < 60, value <= 1400
    else { return false }
    let offset = Int(value / 100 * 3600 + value % 100 * 60)
    self.offset = word[0] == UInt8(ascii: "-") ? -offset : offset
    return true
  }

  private static func field(_ word: Span<UInt8>, _ index: inout Int, digits: ClosedRange<Int>) -> Int? {
    let start = index
    var value = 0
    while index < word.count, isDigit(word[index]), index - start < digits.upperBound {
      value = value * 10 + Int(word[index] & 15)
      index += 1
    }
    return digits ~= index - start ? value : nil
  }
}
