/// Sizes as people read them.
enum ByteText {
  private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

  /// At most eight columns: `0 B`, `4.2 KiB`, `137 MiB`.
  static func short(_ bytes: Int64) -> String {
    var value = Double(max(0, bytes))
    var unit = 0
    // Above 999.5 the next unit is shorter.
    while value >= (unit == 0 ? 1024 : 999.5), unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    if unit == 0 { return "\(max(0, bytes)) B" }
    let tenths = Int((value * 10).rounded())
    if tenths < 100 { return "\(tenths / 10).\(tenths % 10) \(units[unit])" }
    return "\(Int(value.rounded())) \(units[unit])"
  }

  /// As in sentences; the same as `short`.
  static func long(_ bytes: Int64) -> String { short(bytes) }

  /// All digits, in groups: `1,234,567`.
  static func exact(_ bytes: Int64) -> String {
    let digits = String(bytes)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `12.3 MiB/s`, at most ten columns.
  static func speed(_ bytesPerSecond: Double) -> String {
    short(Int64(max(0, min(bytesPerSecond, 1e18)))) + "/s"
  }

  /// `0:03`, `12:41`, `3:02:10`, `4 days`.
  static func duration(_ seconds: Int) -> String {
    func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if seconds >= 2 * 86_400 { return "\(seconds / 86_400) days" }
    if seconds >= 3600 { return "\(seconds / 3600):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))" }
    return "\(seconds / 60):\(padded(seconds % 60))"
  }
}
