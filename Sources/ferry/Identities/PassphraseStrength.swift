import FTP

/// How long a passphrase would withstand guessing, roughly: for a word of advice, never for a refusal.
struct PassphraseStrength: Hashable, CustomStringConvertible {
  /// The guesses that it may take, as a power of two.
  let bits: Int

  private static let common = [
    "password", "passphrase", "passwort", "qwerty", "qwertz", "letmein", "secret", "geheim", "welcome", "admin",
    "ferry",
    "12345", "abcde",
  ]

  init(_ passphrase: Secret) {
    bits = passphrase.withBytes { bytes in
      var classes: Set<Int> = []
      // A byte that continues a run, such as "aaa" or "123", hardly adds anything.
      var fresh = 0.0
      for (index, byte) in bytes.enumerated() {
        classes.insert(Self.alphabet(of: byte))
        let step = index > 0 ? Int(byte) - Int(bytes[index - 1]) : 9
        fresh += abs(step) <= 1 ? 0.25 : 1
      }
      for word in Self.common where Self.contains(word, in: bytes) { fresh -= Double(word.utf8.count) - 1 }
      return Int(max(0, fresh) * Self.log2(classes.reduce(0, +)))
    }
  }

  /// "weak" and the like.
  var description: String {
    switch bits {
    case ..<28: "very weak"
    case ..<45: "weak"
    case ..<60: "fair"
    case ..<80: "good"
    default: "strong"
    }
  }

  var isWeak: Bool { bits < 45 }

  /// How many characters there are of this one's kind.
  private static func alphabet(of byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): byte < 0x60 ? 27 : 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): 10
    case 0x80...: 64
    default: 32
    }
  }

  private static func log2(_ count: Int) -> Double {
    var (bits, rest) = (0.0, Double(count))
    while rest >= 2 { (bits, rest) = (bits + 1, rest / 2) }
    return bits + max(0, rest - 1)
  }

  private static func contains(_ word: String, in bytes: UnsafeRawBufferPointer) -> Bool {
    let word = Array(word.utf8)
    guard bytes.count >= word.count else { return false }
    return (0...bytes.count - word.count).contains { start in
      word.indices.allSatisfy { bytes[start + $0] | 0x20 == word[$0] | 0x20 }
    }
  }
}
