/// Reads the small part of XML that programs write their settings in: elements, text, the five named entities and
/// numbered ones. Attributes are passed over, as are comments and the declaration; a document type is refused, and with
/// it everything that could make a small file large.
struct XMLReader {
  enum Token: Equatable {
    case start(String)
    case text(String)
    case end(String)
  }

  /// Why it cannot be read: the rest of a sentence.
  struct Problem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private var rest: ArraySlice<UInt8>
  /// The end of an element that had no content.
  private var pendingEnd: String?

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { rest = bytes.dropFirst(3) }
  }

  /// The next thing; nil at the end.
  mutating func next() throws -> Token? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    guard let first = rest.first else { return nil }
    guard first == UInt8(ascii: "<") else { return .text(try unescaped(take(upTo: "<", orEnd: true))) }
    if skip("<!--") {
      _ = try take(upTo: "-->")
      return .text("")
    }
    if skip("<?") {
      _ = try take(upTo: "?>")
      return .text("")
    }
    if skip("<!") { throw Problem("it has a document type.") }
    if skip("</") {
      let name = try name(take(upTo: ">"))
      return .end(name)
    }
    rest = rest.dropFirst()
    var tag = try take(upTo: ">")
    let isEmpty = tag.last == UInt8(ascii: "/")
    if isEmpty { tag = tag.dropLast() }
    let element = try name(tag)
    if isEmpty { pendingEnd = element }
    return .start(element)
  }

  private mutating func skip(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  /// What stands before a mark, which is taken too unless it may be missing.
  private mutating func take(upTo mark: String, orEnd isOptional: Bool = false) throws -> ArraySlice<UInt8> {
    let bytes = Array(mark.utf8)
    var index = rest.startIndex
    while index < rest.endIndex {
      if rest[index...].starts(with: bytes) {
        let found = rest[rest.startIndex..<index]
        rest = rest[(isOptional ? index : index + bytes.count)...]
        return found
      }
      index += 1
    }
    guard isOptional else { throw Problem("it ends in the middle.") }
    defer { rest = [] }
    return rest
  }

  private func name(_ tag: ArraySlice<UInt8>) throws -> String {
    let name = tag.prefix { $0 > 0x20 }
    guard !name.isEmpty else { throw Problem("an element has no name.") }
    return String(decoding: name, as: UTF8.self)
  }

  private func unescaped(_ bytes: ArraySlice<UInt8>) throws -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("&") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      guard let end = rest[start...].firstIndex(of: ";") else { throw Problem("it has an “&” that means nothing.") }
      guard let character = Self.character(rest[rest.index(after: start)..<end]) else {
        throw Problem("it has an entity that is not known.")
      }
      result.unicodeScalars.append(character)
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func character(_ entity: Substring) -> Unicode.Scalar? {
    switch entity {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard entity.hasPrefix("#") else { return nil }
      let digits = entity.dropFirst()
      let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return number.flatMap(Unicode.Scalar.init)
    }
  }
}
