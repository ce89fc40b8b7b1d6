extension InputDecoder {
  /// A byte after ESC O.
  mutating func ss3(_ byte: UInt8) {
    switch byte {
    case 0x30...0x3b where buffer.count < Self.sequenceLimit: buffer.append(byte)
    case 0x1b:
      reset()
      state = .escape(twice: false)
    default:
      let modifiers = self.modifiers(parameters.last ?? 1)
      let alt = altModifier
      reset()
      if let (code, implied) = Self.ss3Key(byte) { key(code, modifiers.union(alt).union(implied)) }
    }
  }

  /// A byte after ESC [.
  mutating func csi(_ byte: UInt8) {
    switch byte {
    case 0x5b where buffer.isEmpty: state = .linuxFunction
    case 0x4d where buffer.isEmpty: state = .x10Mouse
    case 0x24 where Self.isRxvtShift(buffer): finishCSI(byte)
    case 0x20...0x3f:
      if buffer.count < Self.sequenceLimit { buffer.append(byte) }
    case 0x40...0x7e: finishCSI(byte)
    case 0x1b:
      reset()
      state = .escape(twice: false)
    case 0x18, 0x1a, 0x80...0xff: reset()
    default: break
    }
  }

  /// rxvt ends shifted keys with `$`, which elsewhere is an intermediate byte, after a private mark.
  private static func isRxvtShift(_ buffer: [UInt8]) -> Bool {
    (1...2).contains(buffer.count) && buffer.allSatisfy { (0x30...0x39).contains($0) }
  }

  private mutating func finishCSI(_ final: UInt8) {
    let parameters = self.parameters
    let first = buffer.first ?? 0
    let isOverlong = buffer.count >= Self.sequenceLimit
    let hasIntermediate = buffer.contains { (0x20...0x2f).contains($0) }
    let alt = altModifier
    reset()
    if isOverlong || hasIntermediate { return }
    if first == 0x3c {
      if final == 0x4d || final == 0x6d { sgrMouse(parameters, isRelease: final == 0x6d) }
      return
    }
    if (0x3c...0x3f).contains(first) { return }
    let modifiers = self.modifiers(parameters.count > 1 ? parameters[1] : 1).union(alt)
    switch final {
    case 0x7e: tildeKey(parameters, modifiers)
    case 0x24: tildeKey(parameters, modifiers.union(.shift))
    case 0x5e: tildeKey(parameters, modifiers.union(.control))
    case 0x40: tildeKey(parameters, modifiers.union([.control, .shift]))
    case 0x75: if !parameters.isEmpty { unicodeKey(parameters[0], modifiers) }
    case 0x49: if parameters.isEmpty { events.append(.focus(true)) }
    case 0x4f: if parameters.isEmpty { events.append(.focus(false)) }
    case 0x5a: key(.backTab, modifiers)
    case 0x61...0x64: key([.up, .down, .right, .left][Int(final) - 0x61], modifiers.union(.shift))
    case 0x41...0x44, 0x46, 0x48, 0x50, 0x51, 0x53:
      if let (code, _) = Self.ss3Key(final) { key(code, modifiers) }
    // F3, unless it is a reply that says where the cursor is.
    case 0x52: if parameters.isEmpty || parameters[0] == 1 { key(.function(3), modifiers) }
    default: break
    }
  }

  /// The numbers of a sequence; missing ones are 0, sub-parameters after a colon are left out.
  private var parameters: [Int] {
    let text = buffer.first.map { (0x3c...0x3f).contains($0) } == true ? buffer.dropFirst() : buffer[...]
    if text.isEmpty { return [] }
    return text.split(separator: 0x3b, omittingEmptySubsequences: false).map { part in
      part.prefix { (0x30...0x39).contains($0) }.reduce(0) { min(99_999_999, $0 * 10 + Int($1) - 0x30) }
    }
  }

  /// xterm's number: 1 and a bit each for Shift, Alt, Control; kitty adds more bits, where 8 is "super".
  private func modifiers(_ number: Int) -> Key.Modifiers {
    let bits = max(0, number - 1)
    var modifiers: Key.Modifiers = []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & 2 != 0 || bits & 32 != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.control) }
    return modifiers
  }
}
