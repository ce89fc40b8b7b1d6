internal import COpenSSL

/// The SHA-256 digest of a certificate or of a public key.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
  /// 32 bytes.
  package let bytes: [UInt8]

  /// Exactly 32 bytes, else nil.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.bytes = Array(bytes)
  }

  /// The digest of `content`.
  package init(of content: [UInt8]) {
    bytes = digest(content, EVP_sha256())
  }

  /// 64 hexadecimal digits in either case, with or without "SHA256:" in front, and with colons or spaces between
  /// pairs; anything else is nil.
  package init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    while rest.first == UInt8(ascii: " ") { rest.removeFirst() }
    while rest.last == UInt8(ascii: " ") { rest.removeLast() }
    for prefix in ["SHA256:", "SHA-256:"] {
      if rest.count >= prefix.utf8.count, zip(rest, prefix.utf8).allSatisfy({ upper($0) == $1 }) {
        rest.removeFirst(prefix.utf8.count)
        break
      }
    }
    while rest.first == UInt8(ascii: " ") { rest.removeFirst() }
    var bytes: [UInt8] = []
    while let high = rest.popFirst() {
      guard let high = digit(high), let low = rest.popFirst().flatMap(digit) else { return nil }
      bytes.append(high << 4 | low)
      if let separator = rest.first, separator == UInt8(ascii: ":") || separator == UInt8(ascii: " ") {
        rest.removeFirst()
        if rest.isEmpty { return nil }
      }
    }
    self.init(bytes: bytes)
  }

  /// "AB:CD:EF:01" and seven more: what the eye can compare one after the other.
  package var groups: [String] {
    stride(from: 0, to: bytes.count, by: 4).map { colonHex(Array(bytes[$0..<($0 + 4)])) }
  }

  /// "3FA2 09C1 … 770B E45D": the first four bytes and the last four, to be read over the phone. Everybody finds them in
  /// what their own tool prints. A look-alike of these 64 bits takes years of computing, yet only the whole one counts.
  package var short: String {
    func quads(_ part: ArraySlice<UInt8>) -> String {
      let digits = Array(colonHex(Array(part)).filter { $0 != ":" })
      return String(digits[0..<4]) + " " + String(digits[4..<8])
    }
    return quads(bytes.prefix(4)) + " … " + quads(bytes.suffix(4))
  }

  /// "SHA256:AB:CD:…"
  package var description: String {
    "SHA256:" + colonHex(bytes)
  }
}

/// "AB:CD:…"
func colonHex(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count * 3)
  for byte in bytes {
    if !text.isEmpty { text.append(UInt8(ascii: ":")) }
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

func digest(_ content: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8] {
  var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
  var length: UInt32 = 0
  guard EVP_Digest(content, content.count, &result, &length, algorithm, nil) == 1 else {
    preconditionFailure("OpenSSL has no digest")
  }
  return Array(result.prefix(Int(length)))
}

private func upper(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
}

private func digit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  default: nil
  }
}
