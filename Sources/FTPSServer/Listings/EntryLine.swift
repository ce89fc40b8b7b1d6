import FTP
import Glibc

/// One line of a listing, in each of the forms.
struct EntryLine {
  let status: FileStatus
  let target: [UInt8]?
  /// Whether the server takes changes at all.
  let isReadOnly: Bool
  /// Whether entries of the folder around it can be removed and renamed.
  var isFolderWritable = true

  // MARK: MLSD and MLST

  /// "type=file;size=5;…;" without the space and the name.
  func facts(_ wanted: ListedFacts) -> [UInt8] {
    var text: [UInt8] = []
    if wanted.contains(.type) { text += Array("type=".utf8) + type + [UInt8(ascii: ";")] }
    if wanted.contains(.size), status.kind == .file { text += Array("size=\(status.size);".utf8) }
    if wanted.contains(.modify) { text += Array("modify=\(Timestamp(seconds: status.modified).compact);".utf8) }
    if wanted.contains(.perm) { text += Array("perm=\(permissions);".utf8) }
    if wanted.contains(.unique) {
      text += Array("unique=\(String(status.device, radix: 16))-\(String(status.inode, radix: 16));".utf8)
    }
    if wanted.contains(.unixMode) { text += Array("UNIX.mode=0\(String(status.permissions, radix: 8));".utf8) }
    return text
  }

  private var type: [UInt8] {
    switch status.kind {
    case .file: return Array("file".utf8)
    case .folder: return Array("dir".utf8)
    case .other: return Array("OS.unix=other".utf8)
    case .symbolicLink:
      // A target with a semicolon or a line's end would end the fact early.
      guard let target, target.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ";") }) else {
        return Array("OS.unix=symlink".utf8)
      }
      return Array("OS.unix=slink:".utf8) + target
    }
  }

  /// What the client may do (RFC 3659 section 7.5.5).
  private var permissions: String {
    let canWrite = !isReadOnly && allows(2)
    var letters = ""
    switch status.kind {
    case .file:
      if canWrite { letters += "a" }
      if canRemove { letters += "df" }
      if allows(4) { letters += "r" }
      if canWrite { letters += "w" }
    case .folder:
      if canWrite { letters += "c" }
      if canRemove { letters += "d" }
      if allows(1) { letters += "e" }
      if canRemove { letters += "f" }
      if allows(4) { letters += "l" }
      if canWrite { letters += "mp" }
    case .symbolicLink, .other:
      if canRemove { letters += "df" }
    }
    return letters
  }

  private var canRemove: Bool { !isReadOnly && isFolderWritable }

  /// Whether the mode gives this process the right of `bit` (4 read, 2 write, 1 enter).
  func allows(_ bit: UInt32) -> Bool {
    let user = geteuid()
    if user == 0 { return true }
    if status.owner == user { return status.permissions >> 6 & bit != 0 }
    if status.group == getegid() { return status.permissions >> 3 & bit != 0 }
    return status.permissions & bit != 0
  }

  // MARK: LIST

  /// As `ls -l` writes it, without the line's end; times in UTC.
  func long(_ name: [UInt8], now: Int64) -> [UInt8] {
    let columns = [
      mode, Self.padded(String(status.links), 3), Self.padded(String(status.owner), 8),
      Self.padded(String(status.group), 8), Self.padded(String(status.size), 12), date(now: now),
    ]
    var line = Array(columns.joined(separator: " ").utf8) + [UInt8(ascii: " ")] + name
    if status.kind == .symbolicLink, let target { line += Array(" -> ".utf8) + target }
    return line
  }

  private var mode: String {
    let kind =
      switch status.kind {
      case .file: "-"
      case .folder: "d"
      case .symbolicLink: "l"
      case .other: "p"
      }
    let letters = ["r", "w", "x", "r", "w", "x", "r", "w", "x"]
    return letters.enumerated().reduce(kind) { text, letter in
      text + (status.permissions >> UInt32(8 - letter.offset) & 1 == 1 ? letter.element : "-")
    }
  }

  /// "Nov 19 10:02" within the last half year, "Nov 19  2023" before and in the future.
  private func date(now: Int64) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let (date, hour, minute, _) = Timestamp(seconds: status.modified).civil
    let day = months[date.month - 1] + " " + Self.padded(String(date.day), 2)
    let age = now - status.modified
    if age < -3600 || age > 180 * 86_400 { return day + " " + Self.padded(String(date.year), 5) }
    return day + " " + Self.padded(String(hour), 2, "0") + ":" + Self.padded(String(minute), 2, "0")
  }

  private static func padded(_ text: String, _ width: Int, _ filler: String = " ") -> String {
    String(repeating: filler, count: max(width - text.utf8.count, 0)) + text
  }
}
