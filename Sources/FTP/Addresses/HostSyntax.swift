/// What may stand where an address names a host.
enum HostSyntax {
  /// A DNS name of ASCII letters, digits, "-" and "_", or four numbers.
  static func isNameOrIPv4(_ host: ArraySlice<UInt8>) -> Bool {
    var labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // A dot at the end says that the name is complete.
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    guard host.count <= 253, let last = labels.last, labels.allSatisfy({ isLabel($0) }) else { return false }
    // Resolvers read "1.2" and "010.0.0.1" in ways of their own.
    return last.allSatisfy(isDigit) ? isIPv4(host) : true
  }

  static func isIPv4(_ host: ArraySlice<UInt8>) -> Bool {
    let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        part.count <= 3 && (part.count == 1 || part.first != UInt8(ascii: "0")) && (number(part) ?? 256) < 256
      }
  }

  /// RFC 4291 section 2.2, with a zone ("%eth0") where there is one.
  static func isIPv6(_ host: ArraySlice<UInt8>) -> Bool {
    let zoned = host.split(separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
    if zoned.count == 2, zoned[1].isEmpty || !zoned[1].allSatisfy(isNameByte) { return false }
    let halves = halves(Array(zoned[0]))
    guard halves.count <= 2 else { return false }
    var groups = 0
    for (index, half) in halves.enumerated() where !half.isEmpty {
      let parts = half.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      for (position, part) in parts.enumerated() {
        if index == halves.count - 1, position == parts.count - 1, isIPv4(part) {
          groups += 2
        } else if 1...4 ~= part.count, part.allSatisfy({ hexadecimalDigit($0) != nil }) {
          groups += 1
        } else {
          return false
        }
      }
    }
    return halves.count == 1 ? groups == 8 : groups <= 7
  }

  /// What stands before and after "::", or all of it; more than two where it comes again.
  private static func halves(_ host: [UInt8]) -> [ArraySlice<UInt8>] {
    var halves: [ArraySlice<UInt8>] = []
    var start = 0
    var index = 0
    while index + 1 < host.count {
      if host[index] == UInt8(ascii: ":"), host[index + 1] == UInt8(ascii: ":") {
        halves.append(host[start..<index])
        start = index + 2
        index = start
      } else {
        index += 1
      }
    }
    return halves + [host[start...]]
  }

  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    1...63 ~= label.count && label.first != UInt8(ascii: "-") && label.allSatisfy(isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= lowercased(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }
}
