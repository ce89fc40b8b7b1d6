internal import Glibc

/// A host as the user wrote it: a DNS name or an IP address.
package struct HostName: Hashable, Sendable {
  /// For a name lower case, without the dot at the end, other letters than ASCII in their "xn--" form; for an address
  /// without brackets.
  package let ascii: String
  package let kind: Kind

  package enum Kind: Hashable, Sendable {
    case name
    /// 4 or 16 bytes.
    case address([UInt8])
  }

  /// Nil for what is empty or can be no host: longer than 253 bytes, with a NUL, a space, or an empty label.
  package init?(_ text: String) {
    var text = text[...]
    if text.first == "[", text.last == "]" { text = text.dropFirst().dropLast() }
    if let address = Self.address(text) {
      ascii = String(text)
      kind = .address(address)
      return
    }
    if text.last == "." { text = text.dropLast() }
    var labels: [String] = []
    for label in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard let encoded = Self.ascii(label), (1...63).contains(encoded.utf8.count) else { return nil }
      labels.append(encoded)
    }
    ascii = labels.joined(separator: ".")
    kind = .name
    if ascii.utf8.count > 253 { return nil }
  }

  /// RFC 6066 section 3 allows names only.
  var forServerNameIndication: String? {
    kind == .name ? ascii : nil
  }

  private static func address(_ text: Substring) -> [UInt8]? {
    // The zone of a link-local address is not part of what a certificate names.
    let text = text.contains(":") ? String(text.prefix { $0 != "%" }) : String(text)
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
    if inet_pton(AF_INET6, text, &bytes) == 1 { return bytes }
    return nil
  }

  private static func ascii(_ label: Substring) -> String? {
    let lower = label.lowercased()
    if lower.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return lower }
    if lower.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value == 0x7F }) { return nil }
    return Punycode.encode(Array(lower.unicodeScalars)).map { "xn--" + $0 }
  }
}
