/// A moment as servers state it, with how exactly they state it.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The smallest unit that was stated.
  package enum Precision: UInt8, Hashable, Comparable, Sendable {
    case nanosecond, second, minute, day

    package static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
  }

  /// Since 1970-01-01 00:00:00, without leap seconds; negative before.
  package let seconds: Int64
  /// 0..<1,000,000,000, to be added to `seconds`.
  package let nanoseconds: Int32
  package let precision: Precision
  /// False for the time of a LIST line, which is in whatever zone the server likes: then `seconds` are those of the
  /// clock that was shown, as if it had been UTC.
  package let isUTC: Bool

  package init(seconds: Int64, nanoseconds: Int32 = 0, precision: Precision = .second, isUTC: Bool = true) {
    precondition(0..<1_000_000_000 ~= nanoseconds)
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.precision = precision
    self.isUTC = isUTC
  }

  /// Nil where the calendar has no such moment. Years 1...9999; second 60 (a leap second) is the next minute's first,
  /// and 24:00 the next day's first minute.
  package init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, nanoseconds: Int32 = 0,
    precision: Precision = .second, isUTC: Bool = true
  ) {
    guard
      let date = CivilDate(year: year, month: month, day: day), 0...24 ~= hour, 0...59 ~= minute, 0...60 ~= second,
      hour < 24 || minute == 0 && second == 0
    else { return nil }
    let seconds = Int64(date.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    self.init(seconds: seconds, nanoseconds: nanoseconds, precision: precision, isUTC: isUTC)
  }

  /// `YYYYMMDDHHMMSS[.fraction]` as in MDTM, MFMT and MLSx (RFC 3659 section 2.3), always UTC; nil for anything else.
  /// `YYYYMMDDHHMM` and `YYYYMMDD` are taken too, and "19100" for the year 2000, as some old servers say it.
  package init?(_ digits: some Collection<UInt8>) {
    self.init(digits: Array(digits).span)
  }

  /// "YYYYMMDDHHMMSS" for MFMT and MDTM.
  package var compact: String {
    let (date, hour, minute, second) = civil
    return padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2) + padded(hour, 2) + padded(minute, 2)
      + padded(second, 2)
  }

  /// "2024-11-19 10:02:33", shortened to what is known, with "Z" where it is UTC.
  package var description: String {
    let (date, hour, minute, second) = civil
    var text = padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
    if precision < .day { text += " " + padded(hour, 2) + ":" + padded(minute, 2) }
    if precision < .minute { text += ":" + padded(second, 2) }
    return isUTC ? text + "Z" : text
  }

  /// The clock's reading: hours 0...23, minutes and seconds 0...59.
  package var civil: (date: CivilDate, hour: Int, minute: Int, second: Int) {
    let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    let rest = Int(seconds - days * 86_400)
    return (CivilDate(dayNumber: Int(days)), rest / 3600, rest / 60 % 60, rest % 60)
  }

  /// Earlier first; moments stated more exactly come first among equals.
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds, left.precision.rawValue, left.isUTC ? 0 : 1)
      < (right.seconds, right.nanoseconds, right.precision.rawValue, right.isUTC ? 0 : 1)
  }

  private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
  }
}

extension Timestamp {
  init?(digits text: Span<UInt8>) {
    var digits = 0
    while digits < text.count, isDigit(text[digits]) { digits += 1 }
    let isLongYear = digits == 15 && text[0] == UInt8(ascii: "1") && text[1] == UInt8(ascii: "9")
    guard digits == 8 || digits == 12 || digits == 14 || isLongYear else { return nil }

    var nanoseconds: Int32 = 0
    var precision: Precision = digits == 8 ? .day : digits == 12 ? .minute : .second
    if digits < text.count {
      guard precision == .second, let fraction = Self.fraction(text.extracting(digits..<text.count)) else { return nil }
      nanoseconds = fraction
      precision = .nanosecond
    }
    // "19100" is 1900 and 100 years: a program that put "19" before the years since 1900.
    let offset = isLongYear ? 1 : 0
    func field(_ start: Int, _ length: Int) -> Int {
      var value = 0
      for index in start..<(start + length) where index < digits { value = value * 10 + Int(text[index] & 15) }
      return value
    }
    self.init(
      year: isLongYear ? 1900 + field(2, 3) : field(0, 4), month: field(4 + offset, 2), day: field(6 + offset, 2),
      hour: field(8 + offset, 2), minute: field(10 + offset, 2), second: field(12 + offset, 2),
      nanoseconds: nanoseconds, precision: precision)
  }

  /// ".123" as nanoseconds; digits after the ninth are dropped. Nil for anything but a point and digits.
  static func fraction(_ text: Span<UInt8>) -> Int32? {
    guard text.count > 1, text[0] == UInt8(ascii: ".") else { return nil }
    var value: Int32 = 0
    var scale: Int32 = 100_000_000
    for index in 1..<text.count {
      guard isDigit(text[index]) else { return nil }
      value += Int32(text[index] & 15) * scale
      scale /= 10
    }
    return value
  }
}
