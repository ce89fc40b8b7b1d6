extension InputDecoder {
  /// A byte between events.
  mutating func ground(_ byte: UInt8) {
    switch byte {
    case 0x1b: state = .escape(twice: false)
    case 0x20..<0x7f: key(.character(Character(Unicode.Scalar(byte))), altModifier)
    case 0xc2...0xdf: begin(byte, needed: 2)
    case 0xe0...0xef: begin(byte, needed: 3)
    case 0xf0...0xf4: begin(byte, needed: 4)
    case 0x00..<0x20, 0x7f: control(byte)
    default: break
    }
    if state == .ground { alt = false }
  }

  /// A byte after ESC.
  mutating func escape(_ byte: UInt8, twice: Bool) {
    switch byte {
    case 0x1b:
      if twice { key(.escape) }
      state = .escape(twice: true)
    case 0x5b, 0x4f:
      alt = twice
      state = byte == 0x5b ? .csi : .ss3
    default:
      if twice { key(.escape) }
      switch byte {
      case 0x50, 0x58, 0x5d, 0x5e, 0x5f: state = .string(opener: byte)
      default:
        state = .ground
        alt = true
        ground(byte)
      }
    }
  }

  /// A further byte of a character.
  mutating func utf8(_ byte: UInt8, needed: Int) {
    guard (0x80...0xbf).contains(byte) else {
      reset()
      return ground(byte)
    }
    buffer.append(byte)
    guard buffer.count == needed else { return }
    let modifiers = altModifier
    let text = String(decoding: buffer, as: UTF8.self)
    reset()
    // Overlong forms, surrogates and C1 controls are nothing that a key types.
    if text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first, scalar != "\u{FFFD}", scalar.value > 0x9f
    {
      key(.character(Character(scalar)), modifiers)
    }
  }

  /// A byte of an OSC, DCS, APC, PM or SOS string: skipped to its end. Control-C, Return, CAN and SUB break it off, so
  /// that nothing typed by accident can swallow the rest of a session.
  mutating func string(_ byte: UInt8, opener: UInt8) {
    switch byte {
    case 0x1b: state = .stringEscape
    case 0x07, 0x18, 0x1a, 0x03, 0x0d: reset()
    default:
      if buffer.isEmpty { buffer.append(byte) }
    }
  }

  private mutating func begin(_ byte: UInt8, needed: Int) {
    buffer = [byte]
    state = .utf8(needed: needed)
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x00: key(.character(" "), altModifier.union(.control))
    case 0x08, 0x7f: key(.backspace, altModifier)
    case 0x09: key(.tab, altModifier)
    case 0x0a, 0x0d: key(.enter, altModifier)
    case 0x01...0x1a: key(.character(Character(Unicode.Scalar(byte + 0x60))), altModifier.union(.control))
    default: key(.character(Character(Unicode.Scalar(byte + 0x40))), altModifier.union(.control))
    }
  }
}
