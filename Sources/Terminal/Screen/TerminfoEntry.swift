/// A compiled terminfo entry (term(5)), taken apart so that it can be changed: ncurses shows RGB colours only with a
/// direct-colour entry, which few systems have installed.
struct TerminfoEntry: Equatable {
  var names: [UInt8]
  var flags: [UInt8]
  var numbers: [Int32]
  var strings: [[UInt8]?]
  var extendedFlags: [Extended<UInt8>] = []
  var extendedNumbers: [Extended<Int32>] = []
  var extendedStrings: [Extended<[UInt8]?>] = []

  /// A capability that is known by name only.
  struct Extended<Value: Equatable>: Equatable {
    var name: [UInt8]
    var value: Value
  }

  /// Positions in the tables, fixed by term.h.
  enum Position {
    static let canChangeColor = 27
    static let maxColors = 13
    static let maxPairs = 14
    static let scrollForwardBy = 109
    static let scrollReverseBy = 113
    static let initializeColor = 299
    static let initializePair = 300
    static let setForeground = 359
    static let setBackground = 360
  }

  /// The number of colours, 0 if the terminal has none.
  var colors: Int { numbers.count > Position.maxColors ? max(0, Int(numbers[Position.maxColors])) : 0 }

  /// The entry changed to direct colour: numbers below 256 are the palette's, the others RGB. Semicolons, because not
  /// every terminal takes the colons of the standard.
  func withDirectColor() -> TerminfoEntry {
    var entry = self
    while entry.numbers.count <= Position.maxPairs { entry.numbers.append(-1) }
    while entry.strings.count <= Position.setBackground { entry.strings.append(nil) }
    entry.numbers[Position.maxColors] = 1 << 24
    entry.numbers[Position.maxPairs] = 0x7fff
    if entry.flags.count > Position.canChangeColor { entry.flags[Position.canChangeColor] = 0 }
    entry.strings[Position.initializeColor] = nil
    entry.strings[Position.initializePair] = nil
    entry.strings[Position.setForeground] = Self.setColor("3", bright: "9")
    entry.strings[Position.setBackground] = Self.setColor("4", bright: "10")
    entry.extendedFlags.set("RGB", 1)
    entry.extendedNumbers.set("CO", 256)
    return entry
  }

  /// The entry without `indn` and `rin`, which scroll by several lines at once (ECMA-48 SU and SD). What calls itself
  /// xterm does not always know them, and what it does not scroll stays on the screen as somebody else's line; ncurses
  /// then scrolls line by line, which they all do.
  func withSingleScrolls() -> TerminfoEntry {
    var entry = self
    for capability in [Position.scrollForwardBy, Position.scrollReverseBy] where capability < entry.strings.count {
      entry.strings[capability] = nil
    }
    return entry
  }

  /// True if the entry itself says that the terminal takes RGB: `RGB` (of any type), or tmux's `Tc`.
  var claimsRGB: Bool {
    let names =
      extendedFlags.filter { $0.value == 1 }.map(\.name) + extendedNumbers.map(\.name)
      + extendedStrings.map(\.name)
    return names.contains(Array("RGB".utf8)) || names.contains(Array("Tc".utf8))
  }

  /// The compiled entry as ncurses takes it from `TERMINFO`.
  var inBase64: String { "b64:" + String(decoding: Base64.encode(compiled()), as: UTF8.self) }

  private static func setColor(_ dark: String, bright: String) -> [UInt8] {
    Array(
      ("\u{1B}[%?%p1%{8}%<%t\(dark)%p1%d%e%p1%{16}%<%t\(bright)%p1%{8}%-%d%e%p1%{256}%<%t\(dark)8;5;%p1%d"
        + "%e\(dark)8;2;%p1%{65536}%/%{255}%&%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m").utf8)
  }
}

extension Array {
  /// Sets a capability, keeping the order by name that ncurses expects.
  fileprivate mutating func set<Value>(_ name: String, _ value: Value)
  where Element == TerminfoEntry.Extended<Value> {
    let name = [UInt8](name.utf8)
    removeAll { $0.name == name }
    let place = firstIndex { name.lexicographicallyPrecedes($0.name) } ?? endIndex
    insert(TerminfoEntry.Extended(name: name, value: value), at: place)
  }
}
