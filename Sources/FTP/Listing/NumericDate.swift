/// A date that is one word: numbers, or numbers and a month's name, with "-", "/" or "." between them.
struct NumericDate {
  /// Nil for "11-19".
  var year: Int?
  var month: Int
  var day: Int
  var isYearFirst = false
  /// Whether the numbers leave no doubt which is the day and which the month.
  var isCertain = true

  /// Which of day and month comes first where both could.
  enum Order: Sendable {
    case monthFirst
    case dayFirst
    /// Month first with "/", day first with "-" and ".".
    case unix
    /// Month first, but with "." as in most of Europe.
    case windows

    func isDayFirst(_ separator: UInt8) -> Bool {
      switch self {
      case .monthFirst: false
      case .dayFirst: true
      case .unix: separator != UInt8(ascii: "/")
      case .windows: separator == UInt8(ascii: ".")
      }
    }
  }

  /// Nil for words that are no date.
  init?(_ word: Span<UInt8>, order: Order) {
    guard 5...12 ~= word.count, let first = word.firstIndex(where: Self.isSeparator), first > 0 else { return nil }
    let separator = word[first]
    guard let second = word.firstIndex(of: separator, from: first + 1) else {
      self.init(word.extracting(0..<first), word.extracting((first + 1)..<word.count), separator)
      return
    }
    self.init(
      Part(word.extracting(0..<first)), Part(word.extracting((first + 1)..<second)),
      Part(word.extracting((second + 1)..<word.count)), order.isDayFirst(separator))
  }

  private enum Part {
    case number(Int, digits: Int)
    case month(Int)

    init?(_ word: Span<UInt8>) {
      if 1...4 ~= word.count, let value = FTP.number(word) {
        self = .number(Int(value), digits: word.count)
      } else if word.count >= 3, !isDigit(word[0]), let month = MonthNames.number(word) {
        self = .month(month)
      } else {
        return nil
      }
    }
  }

  /// "11-19".
  private init?(_ month: Span<UInt8>, _ day: Span<UInt8>, _ separator: UInt8) {
    guard
      separator == UInt8(ascii: "-"), month.count == 2, day.count == 2, let month = number(month),
      let day = number(day),
      1...12 ~= month, 1...31 ~= day
    else { return nil }
    self.month = Int(month)
    self.day = Int(day)
  }

  private init?(_ first: Part?, _ second: Part?, _ third: Part?, _ isDayFirst: Bool) {
    guard let first, let second, let third else { return nil }
    let year: Int
    switch (first, second, third) {
    case (.number(let stated, digits: 4), .number(let a, _), .number(let b, digits: ...2)):
      year = stated
      isYearFirst = true
      (month, day) = a > 12 && b <= 12 ? (b, a) : (a, b)
    case (.number(let stated, digits: 4), .month(let name), .number(let number, digits: ...2)):
      year = stated
      isYearFirst = true
      (month, day) = (name, number)
    case (.number(let number, digits: ...2), .month(let name), .number(let stated, let digits)),
      (.month(let name), .number(let number, digits: ...2), .number(let stated, let digits)):
      guard digits > 1 else { return nil }
      year = digits == 4 ? stated : ListingClock.fullYear(stated)
      (month, day) = (name, number)
    case (.number(let a, digits: ...2), .number(let b, digits: ...2), .number(let stated, let digits)):
      guard digits > 1 else { return nil }
      // Two digits first and last, of which only the first can be a year: "98-12-31".
      if digits == 2, a > 31 {
        year = ListingClock.fullYear(a)
        (month, day) = (b, stated)
        break
      }
      year = digits == 4 ? stated : ListingClock.fullYear(stated)
      isCertain = a > 12 || b > 12 || a == b
      (month, day) = (isDayFirst && b <= 12) || a > 12 ? (b, a) : (a, b)
    default:
      return nil
    }
    guard CivilDate(year: year, month: month, day: day) != nil else { return nil }
    self.year = year
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".")
  }
}
