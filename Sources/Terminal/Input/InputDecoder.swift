/// Makes events of the bytes a terminal sends, however they are split: keys in the forms of xterm, VT220, linux, rxvt,
/// screen, tmux and kitty (CSI u), SGR and X10 mouse reports, bracketed paste, focus reports. Replies and sequences
/// that mean nothing here are swallowed whole, so that no part of one is ever taken for typing.
///
/// Pure: it has no clock. Where only time tells what bytes mean, `patience` says how long to wait for more before
/// calling `flush()`.
package struct InputDecoder: Sendable {
  /// How long to wait for more bytes before `flush()`.
  package enum Patience: Hashable, Sendable {
    /// An Escape that may begin a sequence: 25 ms.
    case short
    /// The inside of a sequence, where a gap is the network's: 500 ms.
    case long
    /// The inside of a paste: 10 s. What follows its cutting short would be taken for typing.
    case paste
  }

  enum State: Hashable, Sendable {
    /// Between events.
    case ground
    /// After ESC; `twice` after two of them.
    case escape(twice: Bool)
    /// After ESC O.
    case ss3
    /// After ESC [.
    case csi
    /// After ESC [ [, the linux console's F1 to F5.
    case linuxFunction
    /// After ESC [ M, an X10 mouse report: three bytes to come.
    case x10Mouse
    /// In a character of several bytes.
    case utf8(needed: Int)
    /// In an OSC, DCS, APC, PM or SOS string; `opener` is its second byte.
    case string(opener: UInt8)
    /// After ESC in such a string: `\` ends it.
    case stringEscape
    /// Between the brackets of a paste.
    case paste
  }

  /// Bytes of a paste that are kept; what exceeds them is dropped.
  package static let pasteLimit = 1 << 20
  /// Bytes of a control sequence that are kept; a longer one is swallowed.
  static let sequenceLimit = 256

  var state = State.ground
  /// The bytes of what is being read, without its introducer.
  var buffer: [UInt8] = []
  /// True if ESC stood before the sequence that is being read.
  var alt = false
  var events: [Event] = []
  private var escapeWasFlushed = false
  /// F13 and up in the VT220 form stand for shifted keys: F13 is Shift and F(13 - this).
  let shiftedFunctionOffset: Int

  /// Makes a decoder. `term` is the terminal's name: the linux console sends for Shift-F1 what others send for
  /// Shift-F3.
  package init(term: String = "") {
    shiftedFunctionOffset = term.hasPrefix("linux") ? 12 : 10
  }

  /// How long to wait for more bytes, nil if nothing is pending.
  package var patience: Patience? {
    switch state {
    case .ground: nil
    case .escape: .short
    case .csi, .ss3: buffer.isEmpty ? .short : .long
    case .string where buffer.isEmpty: .short
    case .linuxFunction, .x10Mouse, .utf8, .string, .stringEscape: .long
    case .paste: .paste
    }
  }

  /// Takes the next bytes and returns the events they complete.
  package mutating func receive(_ bytes: some Collection<UInt8>) -> [Event] {
    if escapeWasFlushed {
      escapeWasFlushed = false
      if Self.looksLikeRestOfSequence(bytes) { state = .csi }
      return receiveAll(state == .csi ? bytes.dropFirst() : bytes[...])
    }
    return receiveAll(bytes[...])
  }

  /// Time is up: decides what the pending bytes mean. A lone ESC is the Escape key, ESC and one character that could
  /// have begun a sequence is Alt and that character, half a sequence is dropped, half a paste is a paste.
  package mutating func flush() -> [Event] {
    defer { events.removeAll(keepingCapacity: true) }
    switch state {
    case .ground: break
    case .escape(let twice):
      key(.escape)
      if twice { key(.escape) }
      escapeWasFlushed = true
    case .csi where buffer.isEmpty: key(.character("["), .alt)
    case .ss3 where buffer.isEmpty: key(.character("O"), .alt)
    case .string(let opener) where buffer.isEmpty:
      key(.character(Character(Unicode.Scalar(opener))), .alt)
    case .paste: finishPaste()
    case .csi, .ss3, .linuxFunction, .x10Mouse, .utf8, .string, .stringEscape: break
    }
    reset()
    return events
  }

  private mutating func receiveAll(_ bytes: some Collection<UInt8>) -> [Event] {
    defer { events.removeAll(keepingCapacity: true) }
    for byte in bytes { receive(byte) }
    return events
  }

  /// True if bytes that come after a flushed ESC are a whole control sequence without it: nobody types that fast.
  private static func looksLikeRestOfSequence(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count >= 2, bytes.first == 0x5b else { return false }
    guard let final = bytes.dropFirst().first(where: { !(0x20...0x3f).contains($0) }) else { return false }
    return (0x40...0x7e).contains(final)
  }

  private mutating func receive(_ byte: UInt8) {
    switch state {
    case .ground: ground(byte)
    case .escape(let twice): escape(byte, twice: twice)
    case .ss3: ss3(byte)
    case .csi: csi(byte)
    case .linuxFunction:
      if (0x41...0x45).contains(byte) { key(.function(Int(byte) - 0x40), altModifier) }
      reset()
    case .x10Mouse:
      buffer.append(byte)
      if buffer.count == 3 { finishX10Mouse() }
    case .utf8(let needed): utf8(byte, needed: needed)
    case .string(let opener): string(byte, opener: opener)
    case .stringEscape:
      reset()
      if byte != 0x5c { escape(byte, twice: false) }
    case .paste:
      paste(byte)
    }
  }

  mutating func reset() {
    state = .ground
    alt = false
    buffer.removeAll(keepingCapacity: buffer.capacity <= 4096)
  }

  var altModifier: Key.Modifiers { alt ? .alt : [] }

  mutating func key(_ code: Key.Code, _ modifiers: Key.Modifiers = []) {
    var key = Key(code, modifiers)
    key.normalize()
    events.append(.key(key))
  }
}
