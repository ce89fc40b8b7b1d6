extension InputDecoder {
  /// Keys of `CSI number ~`.
  mutating func tildeKey(_ parameters: [Int], _ modifiers: Key.Modifiers) {
    switch parameters.first ?? 0 {
    case 1, 7: key(.home, modifiers)
    case 2: key(.insert, modifiers)
    case 3: key(.delete, modifiers)
    case 4, 8: key(.end, modifiers)
    case 5: key(.pageUp, modifiers)
    case 6: key(.pageDown, modifiers)
    case let number where (11...15).contains(number): key(.function(number - 10), modifiers)
    case let number where (17...21).contains(number): key(.function(number - 11), modifiers)
    case let number where (23...24).contains(number): key(.function(number - 12), modifiers)
    case let number where (25...26).contains(number): shiftedFunction(number - 12, modifiers)
    case let number where (28...29).contains(number): shiftedFunction(number - 13, modifiers)
    case let number where (31...34).contains(number): shiftedFunction(number - 14, modifiers)
    // xterm's modifyOtherKeys: CSI 27 ; modifiers ; code ~
    case 27: if parameters.count == 3 { unicodeKey(parameters[2], modifiers) }
    case 200:
      reset()
      state = .paste
    default: break
    }
  }

  /// Keys of `CSI code u`, kitty's and xterm's form for keys that have none of their own.
  mutating func unicodeKey(_ code: Int, _ modifiers: Key.Modifiers) {
    switch code {
    case 9: key(.tab, modifiers)
    case 10, 13, 57414: key(.enter, modifiers)
    case 27: key(.escape, modifiers)
    case 8, 127: key(.backspace, modifiers)
    case 57376...57398: key(.function(code - 57376 + 13), modifiers)
    case 57399...57408: key(.character(Character(Unicode.Scalar(UInt8(code - 57399 + 0x30)))), modifiers)
    case 57409...57413:
      key(.character([".", "/", "*", "-", "+"][code - 57409]), modifiers)
    case 57415: key(.character("="), modifiers)
    case 57416: key(.character(","), modifiers)
    case 57417...57426:
      let pad: [Key.Code] = [.left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .insert, .delete]
      key(pad[code - 57417], modifiers)
    case 0x20...0xd7ff, 0xf900...0x10ffff:
      if let scalar = Unicode.Scalar(UInt32(code)), !(0x7f...0x9f).contains(code) {
        key(.character(Character(scalar)), modifiers)
      }
    default: break
    }
  }

  /// Keys of `ESC O` and a letter (most also with `CSI`), and the modifiers that the letter itself implies.
  static func ss3Key(_ letter: UInt8) -> (Key.Code, Key.Modifiers)? {
    switch letter {
    case 0x41: (.up, [])
    case 0x42: (.down, [])
    case 0x43: (.right, [])
    case 0x44: (.left, [])
    case 0x46: (.end, [])
    case 0x48: (.home, [])
    case 0x4d: (.enter, [])
    case 0x50...0x53: (.function(Int(letter) - 0x4f), [])
    case 0x58: (.character("="), [])
    case 0x61: (.up, .control)
    case 0x62: (.down, .control)
    case 0x63: (.right, .control)
    case 0x64: (.left, .control)
    // The keypad in application mode: `*` to `9` are `j` to `y`.
    case 0x6a...0x79: (.character(Character(Unicode.Scalar(letter - 0x40))), [])
    default: nil
    }
  }

  private mutating func shiftedFunction(_ number: Int, _ modifiers: Key.Modifiers) {
    key(.function(number - shiftedFunctionOffset), modifiers.union(.shift))
  }
}
