/// Bytes a second, as people write them: `500K`, `2M`, `1.5 MiB/s`.
enum RateText {
  private static let units: [(names: [String], factor: Double)] = [
    (["", "b"], 1), (["k", "kb", "kib"], 1024), (["m", "mb", "mib"], 1024 * 1024),
    (["g", "gb", "gib"], 1024 * 1024 * 1024),
  ]

  /// - Returns: nil for what is no rate, or below 1 KiB a second, at which nothing would ever end.
  static func bytesPerSecond(_ text: String) -> Double? {
    var text = text.lowercased().filter { $0 != " " }
    if text.hasSuffix("/s") { text.removeLast(2) }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = String(text.dropFirst(digits.count))
    guard let value = Double(digits), let factor = units.first(where: { $0.names.contains(unit) })?.factor else {
      return nil
    }
    let rate = value * factor
    return (1024...1e12).contains(rate) ? rate : nil
  }

  /// The shortest form that gives the same rate back.
  static func short(_ rate: Double) -> String {
    for (unit, factor) in [("G", 1024.0 * 1024 * 1024), ("M", 1024 * 1024), ("K", 1024)] where rate >= factor {
      let value = rate / factor
      if value == value.rounded() { return "\(Int(value))\(unit)" }
      let tenths = (value * 10).rounded() / 10
      if tenths * factor == rate { return "\(tenths)\(unit)" }
    }
    return "\(Int(rate))"
  }
}
