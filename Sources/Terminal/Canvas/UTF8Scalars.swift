/// Decodes UTF-8 byte by byte; a byte that cannot belong to a well-formed sequence is handed on as invalid, alone.
struct UTF8Scalars {
  private var pending: [UInt8] = []
  private var needed = 0

  /// The next byte.
  mutating func received(_ byte: UInt8, into filter: inout DisplayFilter) {
    if pending.isEmpty {
      begin(byte, into: &filter)
    } else if accepts(byte) {
      pending.append(byte)
      if pending.count == needed { complete(into: &filter) }
    } else {
      giveUp(into: &filter)
      begin(byte, into: &filter)
    }
  }

  /// The end of the text: what is incomplete is invalid.
  mutating func finish(into filter: inout DisplayFilter) { giveUp(into: &filter) }

  private mutating func begin(_ byte: UInt8, into filter: inout DisplayFilter) {
    switch byte {
    case 0x00...0x7f: filter.add(UInt32(byte))
    case 0xc2...0xdf: start(byte, needed: 2)
    case 0xe0...0xef: start(byte, needed: 3)
    case 0xf0...0xf4: start(byte, needed: 4)
    default: filter.addInvalid(byte)
    }
  }

  private mutating func start(_ byte: UInt8, needed: Int) {
    pending.append(byte)
    self.needed = needed
  }

  /// Unicode, table 3-7: overlong forms, surrogates and values above U+10FFFF show in the second byte.
  private func accepts(_ byte: UInt8) -> Bool {
    guard pending.count == 1 else { return (0x80...0xbf).contains(byte) }
    return switch pending[0] {
    case 0xe0: (0xa0...0xbf).contains(byte)
    case 0xed: (0x80...0x9f).contains(byte)
    case 0xf0: (0x90...0xbf).contains(byte)
    case 0xf4: (0x80...0x8f).contains(byte)
    default: (0x80...0xbf).contains(byte)
    }
  }

  private mutating func complete(into filter: inout DisplayFilter) {
    var value = UInt32(pending[0]) & (0xff >> UInt32(needed + 1))
    for byte in pending.dropFirst() { value = value << 6 | UInt32(byte & 0x3f) }
    pending.removeAll(keepingCapacity: true)
    filter.add(value)
  }

  private mutating func giveUp(into filter: inout DisplayFilter) {
    for byte in pending { filter.addInvalid(byte) }
    pending.removeAll(keepingCapacity: true)
  }
}
