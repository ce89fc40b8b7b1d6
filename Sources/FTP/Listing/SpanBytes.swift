/// The bytes of `span` in memory of their own.
@inline(__always)
func copy(_ span: Span<UInt8>) -> [UInt8] {
  span.withUnsafeBufferPointer { Array($0) }
}

/// The bytes of `span` as text, U+FFFD for what is not UTF-8.
@inline(__always)
func text(_ span: Span<UInt8>) -> String {
  span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
}

@inline(__always)
func isBlank(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x09
}

func isBlank(_ span: Span<UInt8>) -> Bool {
  for index in span.indices where !isBlank(span[index]) { return false }
  return true
}

@inline(__always)
func isLetter(_ byte: UInt8) -> Bool {
  lowercased(byte) &- UInt8(ascii: "a") < 26
}

extension Span where Element == UInt8 {
  /// Whether the bytes are those of `word`, which is ASCII in lower case, in either case.
  func equals(_ word: StaticString) -> Bool {
    count == word.utf8CodeUnitCount && starts(with: word)
  }

  /// The same for the first bytes.
  func starts(with word: StaticString) -> Bool {
    matches(word, at: 0)
  }

  /// The same for bytes anywhere.
  func contains(_ word: StaticString) -> Bool {
    guard count >= word.utf8CodeUnitCount else { return false }
    for start in 0...(count - word.utf8CodeUnitCount) where matches(word, at: start) { return true }
    return false
  }

  /// Where `byte` first is.
  func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    var index = start
    while index < count {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  /// Where the first byte is that `isWanted`.
  func firstIndex(where isWanted: (UInt8) -> Bool) -> Int? {
    var index = 0
    while index < count {
      if isWanted(self[index]) { return index }
      index += 1
    }
    return nil
  }

  private func matches(_ word: StaticString, at start: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard count - start >= length else { return false }
    for index in 0..<length where lowercased(self[start + index]) != word.utf8Start[index] { return false }
    return true
  }
}
