internal import Glibc

/// Which process this is, so that no later process can be taken for it.
struct ProcessIdentity: Hashable {
  /// A new one at each start of the machine.
  let boot: String
  /// Process numbers mean something only within it.
  let namespace: String
  let pid: Int32
  /// In clock ticks after the start of the machine.
  let started: Int64

  static let current = ProcessIdentity(
    boot: firstLine(of: "/proc/sys/kernel/random/boot_id"), namespace: target(of: "/proc/self/ns/pid"), pid: getpid(),
    started: startTime(of: "self") ?? 0)

  /// Whether that very process still runs, as far as its number tells: false too where it cannot be seen from here.
  var isSeenAlive: Bool {
    let here = Self.current
    guard boot == here.boot, namespace == here.namespace else { return false }
    return Self.startTime(of: String(pid)) == started
  }

  /// Nil for a process that is gone, or dead and not yet buried.
  private static func startTime(of process: String) -> Int64? {
    let line = firstLine(of: "/proc/\(process)/stat")
    // The second field, the program's name in parentheses, may itself contain anything.
    guard let name = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: name)...].split(separator: " ")
    guard fields.count > 19, let state = fields.first, !["Z", "X", "x"].contains(state) else { return nil }
    return Int64(fields[19])
  }

  /// Empty where there is none.
  private static func firstLine(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  private static func target(of link: String) -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = bytes.withUnsafeMutableBytes { readlink(link, $0.baseAddress!, $0.count) }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }
}
