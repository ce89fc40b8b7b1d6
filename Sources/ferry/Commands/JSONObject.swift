import FTP

/// One JSON object on one line (RFC 8259), its members in the order in which they were added.
struct JSONObject {
  private var members: [String] = []

  var text: String { "{" + members.joined(separator: ",") + "}" }

  mutating func add(_ name: String, _ value: String?) {
    members.append("\(Self.quoted(name)):" + (value.map(Self.quoted) ?? "null"))
  }

  mutating func add(_ name: String, _ value: Int64?) {
    members.append("\(Self.quoted(name)):" + (value.map { "\($0)" } ?? "null"))
  }

  mutating func add(_ name: String, _ value: Bool) { members.append("\(Self.quoted(name)):\(value)") }

  mutating func add(_ name: String, _ values: [String]) {
    members.append("\(Self.quoted(name)):[" + values.map(Self.quoted).joined(separator: ",") + "]")
  }

  /// Bytes as text. Those that are not UTF-8 come out repaired, and once more in hexadecimal digits under `NAME_hex`.
  mutating func add(_ name: String, bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    add(name, text)
    if Array(text.utf8) != bytes {
      add(name + "_hex", bytes.hexadecimal)
    }
  }

  /// Everything but plain characters is escaped, so that a terminal is safe from it too.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case " "..."~": result.unicodeScalars.append(scalar)
      default:
        if scalar.properties.isAlphabetic || scalar.properties.isEmoji {
          result.unicodeScalars.append(scalar)
        } else {
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
          }
        }
      }
    }
    return result + "\""
  }
}
