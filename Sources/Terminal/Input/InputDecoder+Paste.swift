extension InputDecoder {
  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  /// A byte between the brackets of a paste. `buffer` may hold the end mark's beginning as its tail.
  mutating func paste(_ byte: UInt8) {
    // A password is shorter: its bytes stay where they are until they are wiped.
    if buffer.isEmpty { buffer.reserveCapacity(4096) }
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

  /// Hands on what was pasted, and leaves nothing of it here.
  mutating func finishPaste() {
    events.append(.paste(PastedText(sent: buffer.prefix(Self.pasteLimit))))
    for index in buffer.indices { buffer[index] = 0 }
  }
}
