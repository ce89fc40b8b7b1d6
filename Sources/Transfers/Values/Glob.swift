/// A shell pattern for names: `*`, `?`, `[a-z]`, `[!x]`; several patterns are separated by `|` or `,`. Capitals match
/// small letters. A name is matched as bytes, so `?` is one byte of a name that is not ASCII.
package struct Glob: Hashable, Sendable {
  private let patterns: [[UInt8]]

  package init(_ text: String) {
    patterns = text.lowercased().split(whereSeparator: { $0 == "|" || $0 == "," }).map { part in
      Array(part.utf8)
    }
  }

  package func matches(_ name: [UInt8]) -> Bool {
    let name = name.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    return patterns.contains { Self.matches(name[...], $0[...]) }
  }

  /// Goes back only to the last `*`, so the time is at most the product of both lengths.
  private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var (name, pattern) = (name, pattern)
    var retry: (name: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while true {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (name, pattern)
      } else if let byte = name.first, let rest = step(byte, pattern) {
        name = name.dropFirst()
        pattern = rest
      } else if name.isEmpty, pattern.isEmpty {
        return true
      } else if let last = retry, !last.name.isEmpty {
        retry = (last.name.dropFirst(), last.pattern)
        (name, pattern) = (last.name.dropFirst(), last.pattern)
      } else {
        return false
      }
    }
  }

  /// The pattern after its first element if that takes `byte`.
  private static func step(_ byte: UInt8, _ pattern: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let first = pattern.first else { return nil }
    if first == UInt8(ascii: "?") { return pattern.dropFirst() }
    if first == UInt8(ascii: "["), let set = set(pattern) {
      return set.contains(byte) ? set.rest : nil
    }
    return first == byte ? pattern.dropFirst() : nil
  }

  private static func set(
    _ pattern: ArraySlice<UInt8>
  ) -> (contains: (UInt8) -> Bool, rest: ArraySlice<UInt8>)? {
    var body = pattern.dropFirst()
    let isNegated = body.first == UInt8(ascii: "!") || body.first == UInt8(ascii: "^")
    if isNegated { body = body.dropFirst() }
    guard let end = body.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let members = body[..<end]
    var ranges: [ClosedRange<UInt8>] = []
    var index = members.startIndex
    while index < members.endIndex {
      if index + 2 < members.endIndex, members[index + 1] == UInt8(ascii: "-"), members[index] <= members[index + 2] {
        ranges.append(members[index]...members[index + 2])
        index += 3
      } else {
        ranges.append(members[index]...members[index])
        index += 1
      }
    }
    return ({ byte in ranges.contains { $0.contains(byte) } != isNegated }, body[(end + 1)...])
  }
}
