extension SpeedSchedule {
  /// "500 KiB/s from 8:00 to 18:00 (mon-fri), else no limit"
  var text: String {
    let usual = Self.text(self.usual)
    let parts = periods.map { period in
      let hours = period.from == period.to ? "all day" : "from \(Self.text(period.from)) to \(Self.text(period.to))"
      return "\(Self.text(period.rate)) \(hours)" + (period.days.isEmpty ? "" : " (\(Self.text(period.days)))")
    }
    return parts.isEmpty ? usual : parts.joined(separator: ", ") + ", else \(usual)"
  }

  private static func text(_ rate: Double?) -> String { rate.map(ByteText.speed) ?? "no limit" }

  private static func text(_ minute: Int) -> String {
    "\(minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
  }

  /// Days that follow one another are named by the first and the last; the week begins with Monday.
  private static func text(_ days: Set<Int>) -> String {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    var parts: [String] = []
    var day = 0
    while day < 7 {
      let first = day
      while day < 7, days.contains((day + 1) % 7) { day += 1 }
      if day - first > 1 {
        parts.append("\(names[first])-\(names[day - 1])")
      } else if day > first {
        parts.append(names[first])
      } else {
        day += 1
      }
    }
    return parts.joined(separator: ", ")
  }
}
