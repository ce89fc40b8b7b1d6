import Testing

@testable import Terminal

struct DisplayTextTests {
  @Test(
    "what cannot be shown has a visible stand-in",
    arguments: [
      ("a\u{0}b", "a␀b"), ("\u{1B}[2J", "␛[2J"), ("a\tb\nc\rd", "a␉b␊c␍d"), ("\u{7F}", "␡"), ("\u{7}", "␇"),
      ("\u{80}", "\\u{80}"), ("\u{9B}31m", "\\u{9B}31m"), ("\u{9F}", "\\u{9F}"), ("\u{A0}", "\\u{A0}"),
      ("\u{AD}", "\\u{AD}"), ("\u{61C}", "\\u{61C}"), ("\u{200B}", "\\u{200B}"), ("\u{200E}", "\\u{200E}"),
      ("photo\u{202E}gnp.exe", "photo\\u{202E}gnp.exe"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
      ("\u{2028}", "\\u{2028}"), ("\u{2029}", "\\u{2029}"), ("\u{FEFF}a", "\\u{FEFF}a"), ("\u{2003}", "\\u{2003}"),
      ("\u{3164}", "\\u{3164}"), ("\u{115F}", "\\u{115F}"), ("\u{2800}", "\\u{2800}"), ("\u{E0041}", "\\u{E0041}"),
      ("\u{FFFE}", "\\u{FFFE}"), ("\u{378}", "\\u{378}"), ("\u{180E}", "\\u{180E}"), ("\u{34F}", "\\u{34F}"),
      ("a\u{FE0F}", "a\\u{FE0F}"), ("a\u{200D}b", "a\\u{200D}b"), ("👍\u{200D}", "👍\\u{200D}"),
      ("👍\u{200D}b", "👍\\u{200D}b"), ("\u{301}a", "◌\u{301}a"), ("🇩🇪", "DE"),
    ])
  func standIns(text: String, shown: String) {
    let display = DisplayText(text)
    #expect(display.text == shown)
    #expect(display.hasEscapes)
  }

  @Test(
    "what can be shown stays as it is",
    arguments: [
      ("plain.txt", 9), ("Grüße", 5), ("日本語.txt", 10), ("한국어", 6), ("ﾊﾝｶｸ", 4), ("ＷＩＤＥ", 8), ("Ελλάδα", 6),
      ("кирилл", 6),
      ("cafe\u{301}", 4), ("🦀🚀", 4), ("עברית", 5), ("العربية", 7), ("\u{1112}\u{1161}\u{11AB}", 2), ("\u{3000}", 2),
      ("─│┌█▌…", 6), ("\u{E0B0}", 1), ("๐ไทย", 4), ("", 0),
    ])
  func unchanged(text: String, width: Int) {
    let display = DisplayText(text)
    #expect(display.text.unicodeScalars.elementsEqual(text.unicodeScalars))
    #expect(!display.hasEscapes)
    #expect(display.width == width)
    #expect(DisplayText.width(of: text) == width)
    #expect(DisplayText.width(ofBytes: Array(text.utf8)) == width)
  }

  @Test(
    "emoji sequences are shown by their parts",
    arguments: [
      ("❤\u{FE0F}", "❤", 1), ("👍🏽", "👍", 2), ("👨\u{200D}👩\u{200D}👧", "👨👩👧", 6), ("🏴\u{200D}☠\u{FE0F}", "🏴☠", 3),
      ("👩🏽\u{200D}🚀", "👩🚀", 4), ("🏽", "🏽", 2),
    ])
  func emoji(text: String, shown: String, width: Int) {
    let display = DisplayText(text)
    #expect(display.text.unicodeScalars.elementsEqual(shown.unicodeScalars))
    #expect(display.width == width)
    #expect(!display.hasEscapes)
  }

  @Test(
    "bytes that are not UTF-8 are shown one by one",
    arguments: [
      ([0x61, 0xff, 0x62], "a\\xFFb"), ([0xc3], "\\xC3"), ([0xc3, 0x28], "\\xC3("), ([0xe2, 0x82], "\\xE2\\x82"),
      ([0xc0, 0x80], "\\xC0\\x80"), ([0xed, 0xa0, 0x80], "\\xED\\xA0\\x80"),
      ([0xf0, 0x82, 0x82, 0xac], "\\xF0\\x82\\x82\\xAC"),
      ([0xf4, 0x90, 0x80, 0x80], "\\xF4\\x90\\x80\\x80"), ([0xe2, 0x82, 0xc3, 0xa9], "\\xE2\\x82é"),
      ([0x9b, 0x6d], "\\x9Bm"),
      ([0xe9, 0x74, 0xe9], "\\xE9t\\xE9"),
    ] as [([UInt8], String)])
  func invalidBytes(bytes: [UInt8], shown: String) {
    let display = DisplayText(bytes: bytes)
    #expect(display.text == shown)
    #expect(display.hasEscapes)
  }

  @Test("a character keeps four marks, and one with more is marked")
  func marks() {
    let display = DisplayText("z" + String(repeating: "\u{301}", count: 500) + "a")
    #expect(display.width == 2)
    #expect(display.glyphs.map(\.marks.count) == [4, 0])
    #expect(display.glyphs.map(\.isEscape) == [true, false])
  }

  @Test("clipping fills the columns as far as whole characters go", arguments: 0...14)
  func clipping(columns: Int) {
    let display = DisplayText("ab日本cd語ef.t")
    #expect(display.width == 14)
    for overflow in [DisplayText.Overflow.end, .middle, .start, .clip] {
      let clipped = display.clipped(to: columns, at: overflow)
      #expect(clipped.width <= columns)
      #expect(clipped.width >= columns - 1)
    }
  }

  /// Sequences that have hurt terminals, as they would stand in a name.
  static let payloads: [[UInt8]] = {
    let bodies = [
      "[2J", "[H", "[31m", "[?1049h", "[?1049l", "[?1000h", "[6n", "[c", "[>c", "[21t", "[8;1;1t", "[3J", "[!p", "c",
      "#8", "(0",
      "]0;title\u{7}", "]2;title\u{1B}\\", "]8;;http://x/\u{7}link", "]52;c;cm0gLXJm\u{7}", "]4;1;?\u{7}", "]10;?\u{7}",
      "]11;?\u{7}",
      "]50;x\u{7}", "]777;notify;a;b\u{7}", "]9;9\u{7}", "]1337;File=:AAAA\u{7}", "P$q\"p\u{1B}\\", "P+q544e\u{1B}\\",
      "_Gf=100\u{1B}\\",
      "^x\u{1B}\\", "Xx\u{1B}\\", "[200~", "[201~", "[?2026h", "Z", "7", "8", "D", "M", "E", "=", ">", "n", "o", "|",
      "}", "~",
    ]
    let introduced = bodies.map { Array("a\u{1B}\($0)b".utf8) }
    let eightBit = bodies.map { [0x61, 0xc2, 0x9b] + Array($0.utf8) + [0x62] as [UInt8] }
    let raw = (0x80...0x9f as ClosedRange<UInt8>).map { [0x61, $0, 0x62] as [UInt8] }
    let controls = ((0x00...0x1f) as ClosedRange<UInt8>).map { [0x61, $0, 0x62] }
    let hiding: [UInt32] = [
      0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
      0x2060,
      0x2061, 0x2062, 0x2063, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069, 0x206a, 0x206f, 0xfeff, 0xfff9, 0xfffb, 0xe0001,
      0xe0020, 0xe007f,
      0xe0100, 0x1d173, 0x1bca0,
    ]
    let hidden = hiding.map { Array("a\(Character(Unicode.Scalar($0) ?? " "))b".utf8) }
    return introduced + eightBit + raw + controls + hidden
  }()

  @Test("no payload leaves a byte that steers a terminal, reorders or hides", arguments: payloads)
  func payload(bytes: [UInt8]) {
    let display = DisplayText(bytes: bytes)
    #expect(display.hasEscapes)
    #expect(display.width >= 3)
    for scalar in display.text.unicodeScalars {
      #expect(scalar.value >= 0x20)
      #expect(!(0x7f...0xa0).contains(scalar.value))
      #expect(scalar.properties.generalCategory != .format)
      #expect(!scalar.properties.isDefaultIgnorableCodePoint)
    }
  }

  @Test("no scalar at all is hidden, zero-width or steering")
  func everyScalar() {
    for value in UInt32(0)...0x10ffff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      var filter = DisplayFilter()
      filter.add(value)
      let glyphs = filter.finish()
      let isSafe =
        !glyphs.isEmpty
        && glyphs.allSatisfy { glyph in
          glyph.scalar >= 0x20 && !(0x7f...0xa0).contains(glyph.scalar) && (1...2).contains(glyph.width)
        }
      if !isSafe { Issue.record("U+\(String(scalar.value, radix: 16))") }
    }
  }

  @Test("random bytes make cells of the stated width")
  func randomBytes() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      var canvas = Canvas(size: Size(columns: 12, rows: 1))
      let used = canvas.put(bytes: bytes, at: .origin)
      #expect(used <= 12)
      let widths = (0..<12).map { canvas[$0, 0].width }
      #expect(widths.reduce(0, +) == 12, "\(bytes)")
    }
  }
}
