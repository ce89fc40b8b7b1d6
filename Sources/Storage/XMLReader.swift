/// Reads XML as programs write it to their own files: elements, attributes, text and comments in UTF-8.
///
/// A document type is refused, and with it every entity that is not one of XML's own five: nothing in a file makes it
/// larger or opens another one. Depth, size and number of elements are bounded.
package struct XMLReader {
  /// One element with everything in it.
  package struct Element: Hashable, Sendable {
    package var name: String
    package var attributes: [String: String] = [:]
    /// The text directly in it, without blanks around.
    package var text = ""
    package var children: [Element] = []

    /// The first child of that name.
    package func child(_ name: String) -> Element? { children.first { $0.name == name } }
  }

  /// What is wrong, and in which line.
  package struct Problem: Error, Hashable, CustomStringConvertible {
    package var what: String
    package var line: Int

    package init(what: String, line: Int) {
      self.what = what
      self.line = line
    }

    package var description: String { "line \(line): \(what)" }
  }

  static let largest = 16 << 20
  static let deepest = 16
  static let mostElements = 200_000

  private let bytes: [UInt8]
  private var position = 0
  private var elements = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The outermost element.
  package static func read(_ bytes: [UInt8]) throws(Problem) -> Element {
    guard bytes.count <= largest else { throw Problem(what: "it is larger than 16 MiB", line: 1) }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Problem(what: "it is not UTF-8", line: 1) }
    var reader = XMLReader(bytes)
    reader.skip("\u{FEFF}")
    try reader.skipMisc()
    let root = try reader.element(depth: 1)
    try reader.skipMisc()
    if reader.position < bytes.count { throw reader.problem("something follows its end") }
    return root
  }

  private func problem(_ what: String) -> Problem {
    Problem(what: what, line: 1 + bytes[..<position].count { $0 == 0x0A })
  }

  // MARK: Elements

  private mutating func element(depth: Int) throws(Problem) -> Element {
    guard depth <= Self.deepest else { throw problem("its elements are nested too deep") }
    elements += 1
    guard elements <= Self.mostElements else { throw problem("it has too many elements") }
    guard skip("<") else { throw problem("an element is missing") }
    var element = Element(name: try name())
    while true {
      let hadBlank = skipBlanks()
      if skip("/>") { return element }
      if skip(">") { break }
      guard hadBlank else { throw problem("a blank is missing before an attribute") }
      let name = try name()
      skipBlanks()
      guard skip("=") else { throw problem("an attribute has no value") }
      skipBlanks()
      guard element.attributes.updateValue(try quoted(), forKey: name) == nil else {
        throw problem("an attribute comes twice")
      }
    }
    var text: [UInt8] = []
    while true {
      if skip("</") {
        guard try name() == element.name else { throw problem("an element is not closed") }
        skipBlanks()
        guard skip(">") else { throw problem("an element is not closed") }
        element.text = Self.trimmed(text)
        return element
      } else if skip("<!--") {
        try skipPast("-->")
      } else if peek("<!") || peek("<?") {
        throw problem("it has a part that only other programs read")
      } else if peek("<") {
        element.children.append(try self.element(depth: depth + 1))
      } else if position < bytes.count {
        try appendCharacter(to: &text)
      } else {
        throw problem("it ends too early")
      }
    }
  }

  private mutating func name() throws(Problem) -> String {
    let start = position
    while position < bytes.count, Self.isNameByte(bytes[position]), position - start < 256 { position += 1 }
    guard position > start else { throw problem("a name is missing") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quoted() throws(Problem) -> String {
    let quote: UInt8 = peek("\"") ? 0x22 : 0x27
    guard peek("\"") || peek("'") else { throw problem("an attribute has no quotes") }
    position += 1
    var value: [UInt8] = []
    while true {
      guard position < bytes.count, bytes[position] != 0x3C else { throw problem("an attribute is not closed") }
      if bytes[position] == quote {
        position += 1
        return String(decoding: value, as: UTF8.self)
      }
      try appendCharacter(to: &value)
    }
  }

  /// One byte of text, or what an entity stands for.
  private mutating func appendCharacter(to text: inout [UInt8]) throws(Problem) {
    guard bytes[position] == UInt8(ascii: "&") else {
      text.append(bytes[position])
      position += 1
      return
    }
    let rest = bytes[(position + 1)...].prefix(12)
    guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { throw problem("an entity is not closed") }
    let entity = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    let scalar: Unicode.Scalar? =
      switch entity {
      case "lt": "<"
      case "gt": ">"
      case "amp": "&"
      case "quot": "\""
      case "apos": "'"
      default: Self.numbered(entity)
      }
    guard let scalar else { throw problem("it has an entity that it does not explain") }
    position = end + 1
    text += Array(String(scalar).utf8)
  }

  /// "#65" and "#x41"; nil for what is no character of XML.
  private static func numbered(_ entity: String) -> Unicode.Scalar? {
    guard entity.hasPrefix("#") else { return nil }
    let digits = entity.dropFirst()
    let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    guard let number, number >= 0x20 || [0x09, 0x0A, 0x0D].contains(number) else { return nil }
    return Unicode.Scalar(number)
  }

  // MARK: Between them

  /// Blanks, comments and the declaration at the start.
  private mutating func skipMisc() throws(Problem) {
    while true {
      skipBlanks()
      if skip("<!--") {
        try skipPast("-->")
      } else if position < 4, skip("<?xml") {
        try skipPast("?>")
      } else if peek("<!") || peek("<?") {
        throw problem("it has a document type or an instruction, which is not read")
      } else {
        return
      }
    }
  }

  private mutating func skipPast(_ end: StaticString) throws(Problem) {
    while position < bytes.count {
      if skip(end) { return }
      position += 1
    }
    throw problem("it ends too early")
  }

  @discardableResult
  private mutating func skipBlanks() -> Bool {
    let start = position
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    return position > start
  }

  private func peek(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes[position...].starts(with: $0) }
  }

  @discardableResult
  private mutating func skip(_ text: StaticString) -> Bool {
    guard peek(text) else { return false }
    position += text.utf8CodeUnitCount
    return true
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: ":") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
  }

  private static func trimmed(_ text: [UInt8]) -> String {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    let start = text.firstIndex { !blanks.contains($0) } ?? text.endIndex
    let end = (text.lastIndex { !blanks.contains($0) } ?? start - 1) + 1
    return String(decoding: text[start..<max(start, end)], as: UTF8.self)
  }
}
