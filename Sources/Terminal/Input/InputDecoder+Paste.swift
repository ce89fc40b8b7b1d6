extension InputDecoder {
  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  /// A byte between the brackets of a paste. `buffer` may hold the end mark's beginning as its tail.
  mutating func paste(_ byte: UInt8) {
    buffer.append(byte)
    if byte == 0x7e, buffer.count >= Self.pasteEnd.count,
      buffer.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd)
    {
      buffer.removeLast(Self.pasteEnd.count)
      finishPaste()
      return reset()
    }
    // Beyond the limit only a tail is kept that may yet become the end mark.
    let limit = Self.pasteLimit + Self.pasteEnd.count
    if buffer.count > limit { buffer.remove(at: Self.pasteLimit) }
  }

  /// Hands on what was pasted, with line ends as `\n`.
  mutating func finishPaste() {
    var text: [UInt8] = []
    let bytes = buffer.prefix(Self.pasteLimit)
    text.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 0x0d {
        text.append(0x0a)
      } else if byte != 0x0a || previous != 0x0d {
        text.append(byte)
      }
      previous = byte
    }
    events.append(.paste(String(decoding: text, as: UTF8.self)))
  }
}
