import FTP

/// Moments as people read them.
enum DateText {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Twelve columns, as in Midnight Commander: `Nov 19 10:02` within half a year, else `Nov 19  2024`.
  static func long(_ moment: Timestamp, now: Int64, _ zone: TimeZone) -> String {
    let local = zone.local(moment)
    let (date, hour, minute, _) = local.civil
    let day = "\(months[date.month - 1]) \(padded(date.day, " "))"
    let isRecent = abs(now - moment.seconds) < 183 * 86_400 && moment.precision < .day
    if isRecent { return "\(day) \(padded(hour, "0")):\(padded(minute, "0"))" }
    return "\(day)  \(date.year)"
  }

  /// Six columns: ` 10:02` today, `Nov 19` within half a year, else `  2024`.
  static func short(_ moment: Timestamp, now: Int64, _ zone: TimeZone) -> String {
    let local = zone.local(moment)
    let (date, hour, minute, _) = local.civil
    let today = zone.local(Timestamp(seconds: now)).civil.date
    if date == today, moment.precision < .day { return " \(padded(hour, "0")):\(padded(minute, "0"))" }
    if abs(now - moment.seconds) < 183 * 86_400 { return "\(months[date.month - 1]) \(padded(date.day, " "))" }
    return "  \(date.year)"
  }

  /// `2024-11-19 10:02`.
  static func full(_ moment: Timestamp, _ zone: TimeZone) -> String {
    let local = zone.local(moment)
    let text = String(local.description.prefix(16))
    return moment.isUTC ? text : text + " (server's clock)"
  }

  /// `2024-11-19`, the day in UTC.
  static func day(_ seconds: Int64) -> String { String(Timestamp(seconds: seconds).description.prefix(10)) }

  /// `10:02:33` here.
  static func time(_ seconds: Int64, _ zone: TimeZone) -> String {
    let (_, hour, minute, second) = zone.local(Timestamp(seconds: seconds)).civil
    return "\(padded(hour, "0")):\(padded(minute, "0")):\(padded(second, "0"))"
  }

  private static func padded(_ value: Int, _ fill: String) -> String { value < 10 ? fill + "\(value)" : "\(value)" }
}
