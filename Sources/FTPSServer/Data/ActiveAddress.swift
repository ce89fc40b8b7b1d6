/// Where a client says that it listens for a data connection.
struct ActiveAddress: Hashable {
  /// A numeric IPv4 or IPv6 address.
  let host: String
  /// 1...65535
  let port: Int

  /// The argument of PORT (RFC 959): four bytes of an IPv4 address and two of a port, in decimal.
  init?(port argument: [UInt8]) {
    let numbers = argument.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Self.byte)
    guard numbers.count == 6, !numbers.contains(nil) else { return nil }
    let bytes = numbers.compactMap(\.self)
    host = bytes[..<4].map(String.init).joined(separator: ".")
    port = bytes[4] << 8 | bytes[5]
    if port == 0 { return nil }
  }

  /// What EPRT said.
  enum Extended: Hashable {
    case address(ActiveAddress)
    /// Neither 1 (IPv4) nor 2 (IPv6).
    case unknownProtocol
    case malformed
  }

  /// The argument of EPRT (RFC 2428): `|1|192.0.2.1|50000|`, with any printing character for the bar.
  static func extended(_ argument: [UInt8]) -> Extended {
    guard let bar = argument.first, (33...126).contains(bar) else { return .malformed }
    let parts = argument.split(separator: bar, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].isEmpty, parts[4].isEmpty, parts[3].count <= 5 else { return .malformed }
    let words = parts.map { String(decoding: $0, as: UTF8.self) }
    guard words[3].utf8.allSatisfy(isDigit), let port = Int(words[3]), (1...65535).contains(port) else {
      return .malformed
    }
    switch words[1] {
    case "1" where !words[2].contains(":"), "2" where words[2].contains(":"):
      return .address(ActiveAddress(host: words[2], port: port))
    case "1", "2": return .malformed
    default: return .unknownProtocol
    }
  }

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  private static func byte(_ text: ArraySlice<UInt8>) -> Int? {
    guard (1...3).contains(text.count), text.allSatisfy(isDigit) else { return nil }
    let value = text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return value < 256 ? value : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
