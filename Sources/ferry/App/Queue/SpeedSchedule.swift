/// Limits on the speed of transfers by the time of day.
struct SpeedSchedule: Equatable, Sendable {
  /// A limit from one minute of the day to another, which may be the next day's.
  struct Period: Equatable, Sendable {
    /// Minutes after midnight, 0..<1440.
    var from: Int
    var to: Int
    /// 0 is Sunday; all days if empty.
    var days: Set<Int> = []
    /// Bytes a second; nil: no limit in this time.
    var rate: Double?

    func covers(weekday: Int, minute: Int) -> Bool {
      if from == to { return days.isEmpty || days.contains(weekday) }
      if from < to { return (from..<to).contains(minute) && (days.isEmpty || days.contains(weekday)) }
      // Over midnight: the early hours belong to the day on which it began.
      let day = minute >= from ? weekday : (weekday + 6) % 7
      return (minute >= from || minute < to) && (days.isEmpty || days.contains(day))
    }
  }

  /// Bytes a second at all other times; nil: no limit.
  var usual: Double?
  /// The first that covers a moment counts.
  var periods: [Period] = []

  /// The limit at a moment of the local day.
  func rate(weekday: Int, minute: Int) -> Double? {
    guard let period = periods.first(where: { $0.covers(weekday: weekday, minute: minute) }) else { return usual }
    return period.rate
  }

  /// `8:00`, `23:30`, `24:00`.
  static func minute(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), parts[1].count == 2 else {
      return nil
    }
    guard (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440 else { return nil }
    return (hour * 60 + minute) % 1440
  }

  /// `mon`, `sat,sun`, `mon-fri`.
  static func days(_ text: String) -> Set<Int>? {
    let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    var days: Set<Int> = []
    for part in text.lowercased().split(separator: ",") {
      let ends = part.split(separator: "-").map { end in names.firstIndex(of: String(end.filter { $0 != " " })) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
      var day = first
      while true {
        days.insert(day)
        if day == last { break }
        day = (day + 1) % 7
      }
    }
    return days.isEmpty ? nil : days
  }
}
