import FTP
import Glibc

/// How moments become the clock's reading on the screen.
enum TimeZone: Hashable, Sendable {
  /// As `TZ` and the system say.
  case system
  /// A fixed number of seconds east of Greenwich.
  case fixed(Int64)

  /// The seconds that a clock here is ahead of UTC at a moment.
  func offset(at seconds: Int64) -> Int64 {
    switch self {
    case .fixed(let offset): return offset
    case .system:
      var time = time_t(seconds)
      var parts = tm()
      guard localtime_r(&time, &parts) != nil else { return 0 }
      return Int64(parts.tm_gmtoff)
    }
  }

  /// The moment's reading as if the clock here showed UTC.
  func local(_ moment: Timestamp) -> Timestamp {
    guard moment.isUTC else { return moment }
    return Timestamp(seconds: moment.seconds + offset(at: moment.seconds), precision: moment.precision, isUTC: false)
  }
}
