import FTP
import Glibc

extension ListingEntry {
  /// The name, escaped, with a slash if it is a folder's.
  var shortLine: String { SafeText.escape(name.bytes) + (isDirectory ? "/" : "") }

  /// The same, to the end of other lines.
  func appendShortLine(to lines: inout [UInt8]) {
    SafeText.append(name.bytes, to: &lines)
    if isDirectory { lines.append(UInt8(ascii: "/")) }
  }

  /// Size, time and name.
  var longLine: String {
    let size = isDirectory ? "dir" : self.size.map { "\($0)" } ?? "?"
    let time = modified?.minuteText ?? ""
    var line = String(repeating: " ", count: max(0, 14 - size.count)) + size
    line += "  " + time + String(repeating: " ", count: max(0, 16 - time.count)) + "  " + shortLine
    if case .symbolicLink(let target?) = kind { line += " -> " + SafeText.escape(target) }
    return line
  }

  var json: JSONObject {
    var object = JSONObject()
    object.add("name", bytes: name.bytes)
    object.add("kind", kindWord)
    object.add("size", size)
    object.add("modified", modified.map { "\($0)".replacing(" ", with: "T") })
    if case .symbolicLink(let target?) = kind { object.add("target", bytes: target) }
    if let permissions { object.add("permissions", String(permissions, radix: 8)) }
    return object
  }

  private var kindWord: String {
    switch kind {
    case .file: "file"
    case .directory: "folder"
    case .symbolicLink: "link"
    case .other: "other"
    }
  }
}

extension Timestamp {
  static var now: Timestamp { Timestamp(seconds: Int64(time(nil))) }
}
