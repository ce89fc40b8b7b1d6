import FTP
import Glibc
import Transfers

/// The queue of a headless command as lines: a bar for each file that runs, and the total below.
struct ProgressLines {
  /// Cells of the terminal.
  var width: Int
  /// Files that are shown; more would push everything else off the screen.
  private static let limit = 8

  /// The terminal's width now.
  static var terminalWidth: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  func lines(_ snapshot: QueueSnapshot) -> [String] {
    let running = snapshot[.running].filter { $0.kind != .folder }
    var lines = running.prefix(Self.limit).map(line)
    var total = "Total: \(snapshot.counts.finished) done"
    let ahead = snapshot.counts.running + snapshot.counts.waiting
    if ahead > 0 { total += ", \(ahead) to go" }
    if snapshot.counts.failed > 0 { total += ", \(snapshot.counts.failed) failed" }
    if snapshot.bytesPerSecond >= 1 { total += ", \(Amount.rate(snapshot.bytesPerSecond))" }
    if let left = snapshot.secondsLeft { total += ", \(Amount.time(left)) left" }
    lines.append(String(total.prefix(width)))
    return lines
  }

  private func line(_ row: QueueSnapshot.Row) -> String {
    let rate = row.bytesPerSecond >= 1 ? Amount.rate(row.bytesPerSecond) : ""
    let left = row.secondsLeft.map { Amount.time($0) } ?? ""
    let share = row.size.flatMap { $0 > 0 ? min(1, Double(row.bytes) / Double($0)) : nil }
    let percent = share.map { "\(Int($0 * 100)) %" } ?? Amount.size(row.bytes)
    let facts = " \(padded(percent, 9)) \(padded(rate, 12)) \(padded(left, 7))"
    let room = max(16, width - facts.count)
    let barWidth = room / 3
    let filled = Int(Double(barWidth) * (share ?? 0))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled)
    return String((name(row, room - barWidth - 1) + " " + bar + facts).prefix(width))
  }

  /// The name in as many columns, as far as characters are one column wide.
  private func name(_ row: QueueSnapshot.Row, _ width: Int) -> String {
    let name = SafeText.escape(row.name.bytes)
    guard name.count > width else { return name + String(repeating: " ", count: width - name.count) }
    return name.prefix(max(0, width - 1)) + "…"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

/// Amounts for people.
enum Amount {
  /// "4.2 MiB"
  static func size(_ bytes: Int64) -> String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    var value = Double(bytes)
    var unit = ""
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] where value >= 1024 {
      value /= 1024
      unit = next
    }
    let tenths = Int((value * 10).rounded())
    return value < 100 ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(Int(value)) \(unit)"
  }

  /// "4.2 MiB/s"
  static func rate(_ bytesPerSecond: Double) -> String { size(Int64(min(bytesPerSecond, 1e15))) + "/s" }

  /// "0:07", "1:02:03"
  static func time(_ seconds: Double) -> String {
    let total = Int(min(seconds.rounded(.up), 359_999))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}
