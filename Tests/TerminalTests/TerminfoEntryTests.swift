import Testing

@testable import Terminal

struct TerminfoEntryTests {
  private var entry: TerminfoEntry {
    var entry = TerminfoEntry(
      names: Array("thing|a terminal of our own".utf8), flags: Array(repeating: 1, count: 29),
      numbers: [80, -1, 24, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 8, 64],
      strings: Array(repeating: nil, count: 361))
    entry.strings[10] = Array("\u{1B}[%i%p1%d;%p2%dH".utf8)
    entry.strings[359] = Array("\u{1B}[3%p1%dm".utf8)
    entry.extendedFlags = [.init(name: Array("AX".utf8), value: 1)]
    entry.extendedNumbers = [.init(name: Array("U8".utf8), value: -1)]
    entry.extendedStrings = [
      .init(name: Array("E3".utf8), value: Array("\u{1B}[3J".utf8)), .init(name: Array("XM".utf8), value: nil),
      .init(name: Array("Se".utf8), value: Array("\u{1B}[2 q".utf8)),
    ]
    return entry
  }

  @Test("a compiled entry says the same when it is read again")
  func roundTrip() {
    #expect(TerminfoEntry(compiled: entry.compiled()) == entry)
    var plain = entry
    (plain.extendedFlags, plain.extendedNumbers, plain.extendedStrings) = ([], [], [])
    plain.names.append(0x78)
    #expect(TerminfoEntry(compiled: plain.compiled()) == plain)
  }

  @Test("direct colour replaces the colour capabilities and nothing else")
  func directColor() {
    let direct = entry.withDirectColor()
    #expect(direct.colors == 1 << 24)
    #expect(direct.claimsRGB && !entry.claimsRGB)
    #expect(direct.strings[10] == entry.strings[10])
    #expect(direct.strings[359]?.isEmpty == false && direct.strings[360]?.isEmpty == false)
    #expect(direct.extendedFlags.map { String(decoding: $0.name, as: UTF8.self) } == ["AX", "RGB"])
    #expect(direct.extendedNumbers.map { String(decoding: $0.name, as: UTF8.self) } == ["CO", "U8"])
    #expect(direct.extendedStrings == entry.extendedStrings)
    #expect(TerminfoEntry(compiled: direct.compiled()) == direct)
  }

  @Test("scrolling by several lines at once is taken out, by one line stays")
  func singleScrolls() throws {
    let installed = try #require(TerminfoDatabase.entry(for: "xterm-256color", environment: .process))
    let changed = installed.withSingleScrolls()
    let several = ["\u{1B}[%p1%dS", "\u{1B}[%p1%dT"].map { Array($0.utf8) }
    #expect(several.allSatisfy(installed.strings.contains))
    #expect(!several.contains(where: changed.strings.contains))
    #expect(installed.strings.count { $0 != nil } == changed.strings.count { $0 != nil } + 2)
  }

  @Test(
    "entries of this system survive being taken apart",
    arguments: ["xterm-256color", "tmux-256color", "screen", "linux", "vt100"])
  func installed(term: String) throws {
    let entry = try #require(TerminfoDatabase.entry(for: term, environment: .process))
    #expect(String(decoding: entry.names, as: UTF8.self).hasPrefix(term))
    #expect(TerminfoEntry(compiled: entry.compiled()) == entry)
  }

  @Test("a cut entry is refused or short, but never crashes")
  func cut() {
    let whole = entry.compiled()
    for count in 0..<whole.count {
      if let part = TerminfoEntry(compiled: Array(whole.prefix(count))) { #expect(part.extendedStrings.isEmpty) }
    }
  }

  @Test("a name that is a path finds nothing", arguments: ["", "../x", "x/y", ".."])
  func paths(term: String) {
    #expect(TerminfoDatabase.entry(for: term, environment: Environment([:])) == nil)
  }

  @Test(
    "base 64 is as the standard's examples",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
      ("\u{FF}", "w78="),
    ])
  func base64(text: String, encoded: String) {
    #expect(String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == encoded)
  }

  @Test("a notification is one sequence whatever it says", arguments: [[:], ["TERM_PROGRAM": "WezTerm"]])
  func notification(variables: [String: String]) {
    let text = Notification(title: "a;b\u{7}", body: "\u{1B}\\\u{9C};" + String(repeating: "x", count: 5000))
      .encoded(for: Environment(variables))
    let controls = text.unicodeScalars.filter { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }
    #expect(controls.map(\.value) == [0x1b, 0x07])
    #expect(text.unicodeScalars.last == "\u{7}")
    #expect(text.count < 400)
    #expect(text.filter { $0 == ";" }.count == (variables.isEmpty ? 3 : 1))
  }
}
