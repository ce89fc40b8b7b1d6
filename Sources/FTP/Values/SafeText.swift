/// Foreign bytes made harmless for logs, errors and plain output. (Cells on the screen have their own filter.)
///
/// What could move a cursor, hide or reorder text comes out as a visible escape: `\x1B` for control and undecodable
/// bytes, `\u{202E}` for other invisible scalars. A backslash itself stays as it is.
package enum SafeText {
  /// `bytes` read as UTF-8; each byte that is not part of well-formed UTF-8 becomes `\xNN`.
  package static func escape(_ bytes: some Collection<UInt8>) -> String {
    if bytes.allSatisfy({ 0x20 <= $0 && $0 < 0x7F }) { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if let (scalar, next) = scalar(in: bytes, at: index) {
        append(scalar, to: &text)
        index = next
      } else {
        text += hexadecimal(bytes[index])
        bytes.formIndex(after: &index)
      }
    }
    return text
  }

  /// The same, for the usual form of a name or a path, of which there are 100,000 in a large folder.
  package static func escape(_ bytes: [UInt8]) -> String {
    if isASCII(bytes.span) { return String(decoding: bytes, as: UTF8.self) }
    return escape(bytes[...])
  }

  /// Adds what `escape` makes of `bytes` to a text that is still bytes.
  package static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    if isASCII(bytes.span) { text += bytes } else { text += escape(bytes[...]).utf8 }
  }

  /// Whether all of it is visible ASCII, and blanks.
  private static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where bytes[index] &- 0x20 >= 0x5F { return false }
    return true
  }

  /// `text` with everything invisible made visible.
  package static func escape(_ text: String) -> String {
    escape(text.utf8)
  }

  /// At most `limit` bytes of `bytes`, escaped; "…" marks what was left out.
  package static func excerpt(_ bytes: some Collection<UInt8>, limit: Int = 80) -> String {
    escape(bytes.prefix(limit)) + (bytes.count > limit ? "…" : "")
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    if isPlain(scalar) {
      text.unicodeScalars.append(scalar)
    } else if scalar.isASCII {
      text += hexadecimal(UInt8(scalar.value))
    } else {
      text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: scalar == " "
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16, uppercase: true)
  }

  /// The well-formed scalar that starts at `index` and where the next one starts; nil for anything else, such as
  /// overlong forms and surrogates.
  private static func scalar<Bytes: Collection<UInt8>>(
    in bytes: Bytes, at index: Bytes.Index
  ) -> (Unicode.Scalar, Bytes.Index)? {
    let lead = bytes[index]
    let length: Int
    switch lead {
    case 0x00..<0x80: length = 1
    case 0xC2..<0xE0: length = 2
    case 0xE0..<0xF0: length = 3
    case 0xF0..<0xF5: length = 4
    default: return nil
    }
    var value = length == 1 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(length))
    var next = bytes.index(after: index)
    for _ in 1..<length {
      guard next < bytes.endIndex, bytes[next] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(bytes[next] & 0x3F)
      bytes.formIndex(after: &next)
    }
    let least: [UInt32] = [0, 0, 0x80, 0x800, 0x1_0000]
    guard value >= least[length], let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, next)
  }
}
