@inline(__always)
func isDigit(_ byte: UInt8) -> Bool {
  byte &- UInt8(ascii: "0") < 10
}

/// A decimal number of digits only; nil for none, for anything else and above `Int64.max`.
func number(_ text: Span<UInt8>) -> Int64? {
  guard !text.isEmpty else { return nil }
  var value: Int64 = 0
  for index in text.indices {
    guard isDigit(text[index]) else { return nil }
    let (tenfold, isTooBig) = value.multipliedReportingOverflow(by: 10)
    let (sum, isBigger) = tenfold.addingReportingOverflow(Int64(text[index] & 15))
    if isTooBig || isBigger { return nil }
    value = sum
  }
  return value
}

/// The same for a decimal number in any collection of bytes.
func number(_ text: some Collection<UInt8>) -> Int64? {
  number(Array(text).span)
}

/// The value of a hexadecimal digit in either case.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte & 15
  case UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f"): byte & 15 + 9
  default: nil
  }
}

/// ASCII letters in lower case, all other bytes as they are.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 {
  byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}
