/// A size as listings write it.
struct ListingSize: Equatable {
  /// Nil where the number does not fit.
  let bytes: Int64?

  /// "4096", "1,234,567" or "33.5k", a unit being 1024 times the one before; nil for what is no size.
  static func read(_ word: Span<UInt8>) -> ListingSize? {
    guard !word.isEmpty, isDigit(word[0]) else { return nil }
    var value: Int64 = 0
    var isTooBig = false
    var index = 0
    while index < word.count {
      let byte = word[index]
      if isDigit(byte) {
        let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tenfold.addingReportingOverflow(Int64(byte & 15))
        isTooBig = isTooBig || overflow || carry
        value = sum
      } else if byte != UInt8(ascii: ",") || !isGroup(word, after: index) {
        return scaled(isTooBig ? nil : value, word, from: index)
      }
      index += 1
    }
    return ListingSize(bytes: isTooBig ? nil : value)
  }

  /// Whether exactly three digits follow, as after a thousands separator.
  private static func isGroup(_ word: Span<UInt8>, after index: Int) -> Bool {
    guard index + 3 < word.count, isDigit(word[index + 1]), isDigit(word[index + 2]), isDigit(word[index + 3]) else {
      return false
    }
    return index + 4 == word.count || !isDigit(word[index + 4])
  }

  /// The factor's power of two for "k", "KB", "M", "MiB", … at the end of the word.
  private static func unit(_ word: Span<UInt8>, _ start: Int) -> Int64? {
    let power: Int64
    switch lowercased(word[start]) {
    case UInt8(ascii: "b") where start + 1 == word.count: return 0
    case UInt8(ascii: "k"): power = 10
    case UInt8(ascii: "m"): power = 20
    case UInt8(ascii: "g"): power = 30
    case UInt8(ascii: "t"): power = 40
    case UInt8(ascii: "p"): power = 50
    default: return nil
    }
    let rest = word.extracting((start + 1)..<word.count)
    return rest.isEmpty || rest.equals("b") || rest.equals("ib") ? power : nil
  }

  /// The rest of a number with a fraction or a unit.
  private static func scaled(_ whole: Int64?, _ word: Span<UInt8>, from start: Int) -> ListingSize? {
    var index = start
    var tenths: Int64 = 0
    var scale: Int64 = 1
    if word[index] == UInt8(ascii: ".") || word[index] == UInt8(ascii: ",") {
      index += 1
      while index < word.count, isDigit(word[index]), scale < 1000 {
        tenths = tenths * 10 + Int64(word[index] & 15)
        scale *= 10
        index += 1
      }
    }
    guard index < word.count, scale > 1 || index == start, let power = unit(word, index) else { return nil }
    guard let whole else { return ListingSize(bytes: nil) }
    let (bytes, overflow) = whole.multipliedReportingOverflow(by: 1 << power)
    let (sum, carry) = bytes.addingReportingOverflow((tenths << power) / scale)
    return ListingSize(bytes: overflow || carry ? nil : sum)
  }
}
