/// A key press: which key, with which modifiers.
///
/// Shift is part of a character (`"G"`), not a modifier of it; Control and Alt letters are lower case where the
/// terminal does not tell.
package struct Key: Hashable, Sendable {
  /// Which key.
  package enum Code: Hashable, Sendable {
    /// A typed character; the space bar is `" "`.
    case character(Character)
    /// F1 is 1.
    case function(Int)
    case up, down, left, right, home, end, pageUp, pageDown, insert, delete
    case backspace, tab, backTab, enter, escape
  }

  /// What was held down.
  package struct Modifiers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let shift = Modifiers(rawValue: 1)
    package static let alt = Modifiers(rawValue: 2)
    package static let control = Modifiers(rawValue: 4)
  }

  package var code: Code
  package var modifiers: Modifiers

  /// Makes a key.
  package init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// A character key.
  package static func character(_ character: Character, _ modifiers: Modifiers = []) -> Key {
    Key(.character(character), modifiers)
  }

  /// A function key, F1 is 1.
  package static func function(_ number: Int, _ modifiers: Modifiers = []) -> Key { Key(.function(number), modifiers) }

  /// The character, if this key types one (no Control, no Alt).
  package var typed: Character? {
    guard case .character(let character) = code, modifiers.isDisjoint(with: [.control, .alt]) else { return nil }
    return character
  }
}
