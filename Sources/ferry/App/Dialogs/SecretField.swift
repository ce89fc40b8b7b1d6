import FTP

/// A line being edited that nobody must see: a password or a passphrase.
///
/// It is never a `String`, and none of its states is a copy in memory that nobody wipes: each has a ``Secret`` of its own,
/// which goes with the last copy of that state, wherever a value of the program's state was kept.
struct SecretField: EditedLine, Hashable {
  private var content = SecretBox(Secret(utf8: []))
  /// How many bytes each character has.
  private var lengths: [Int] = []
  var cursor = 0

  /// What was typed.
  var secret: Secret { content.secret }
  var count: Int { lengths.count }

  /// Takes pasted UTF-8: one line, so line ends become blanks.
  mutating func insert(_ text: UnsafeRawBufferPointer) {
    var (added, size) = ([Int](), 0)
    for byte in text {
      if byte & 0xC0 == 0x80, !added.isEmpty {
        added[added.count - 1] += 1
      } else if count + added.count < Self.limit {
        added.append(1)
      } else {
        break
      }
      size += 1
    }
    replace(cursor..<cursor, bytes: added) { bytes in
      for byte in text.prefix(size) { bytes.append(byte == 0x0A ? 0x20 : byte) }
    }
    cursor += added.count
  }

  mutating func replace(_ range: Range<Int>, with new: some Collection<Character>) {
    replace(range, bytes: new.map(\.utf8.count)) { bytes in
      for character in new {
        for byte in character.utf8 { bytes.append(byte) }
      }
    }
  }

  /// Puts in place of `range` characters that have so many bytes each, which `add` adds.
  private mutating func replace(_ range: Range<Int>, bytes added: [Int], _ add: (inout SecretCollector) -> Void) {
    let start = lengths[..<range.lowerBound].reduce(0, +)
    let end = start + lengths[range].reduce(0, +)
    var bytes = SecretCollector(capacity: secret.count + added.reduce(0, +))
    secret.withBytes { old in
      for byte in old[..<start] { bytes.append(byte) }
      add(&bytes)
      for byte in old[end...] { bytes.append(byte) }
    }
    content = SecretBox(bytes.secret)
    lengths.replaceSubrange(range, with: added)
  }

  /// What the words of a secret are is as secret: all of it is one.
  func isInWord(_ index: Int) -> Bool { true }
}
