import Testing

@testable import Terminal

struct InputDecoderTests {
  /// Bytes, with ␛ for ESC, and the keys they are.
  static let keys: [(String, String)] = [
    ("a", "a"), ("Z", "Z"), (" ", "Space"), ("ß", "ß"), ("日", "日"), ("🦀", "🦀"), ("\r", "Enter"), ("\n", "Enter"),
    ("\t", "Tab"),
    ("\u{7F}", "Backspace"), ("\u{8}", "Backspace"), ("\u{1}", "C-a"), ("\u{1A}", "C-z"), ("\u{0}", "C-Space"),
    ("\u{1C}", "C-\\"),
    ("\u{1F}", "C-_"), ("␛a", "M-a"), ("␛A", "M-A"), ("␛ß", "M-ß"), ("␛\r", "M-Enter"), ("␛\u{7F}", "M-Backspace"),
    ("␛\u{18}", "C-M-x"), ("␛1", "M-1"), ("␛␛[A", "M-Up"),
    // xterm, normal and application mode, with modifiers
    ("␛[A", "Up"), ("␛[B", "Down"), ("␛[C", "Right"), ("␛[D", "Left"), ("␛[H", "Home"), ("␛[F", "End"), ("␛OA", "Up"),
    ("␛OB", "Down"),
    ("␛OH", "Home"), ("␛OF", "End"), ("␛OM", "Enter"), ("␛Op", "0"), ("␛Ok", "+"), ("␛[1;2A", "S-Up"),
    ("␛[1;3A", "M-Up"),
    ("␛[1;5A", "C-Up"), ("␛[1;6D", "C-S-Left"), ("␛[1;8C", "C-M-S-Right"), ("␛[1;5H", "C-Home"), ("␛O1;5A", "C-Up"),
    ("␛[Z", "BackTab"),
    ("␛[1;2Z", "BackTab"), ("␛[2~", "Ins"), ("␛[3~", "Del"), ("␛[5~", "PgUp"), ("␛[6~", "PgDn"), ("␛[3;5~", "C-Del"),
    ("␛[2;2~", "S-Ins"),
    ("␛[5;3~", "M-PgUp"), ("␛OP", "F1"), ("␛OQ", "F2"), ("␛OR", "F3"), ("␛OS", "F4"), ("␛[15~", "F5"), ("␛[17~", "F6"),
    ("␛[18~", "F7"),
    ("␛[19~", "F8"), ("␛[20~", "F9"), ("␛[21~", "F10"), ("␛[23~", "F11"), ("␛[24~", "F12"), ("␛[1;2P", "S-F1"),
    ("␛[1;5Q", "C-F2"),
    ("␛[1;2R", "S-F3"), ("␛[15;2~", "S-F5"), ("␛[17;5~", "C-F6"), ("␛[P", "F1"), ("␛[R", "F3"),
    // VT220, screen, tmux
    ("␛[1~", "Home"), ("␛[4~", "End"), ("␛[11~", "F1"), ("␛[12~", "F2"), ("␛[14~", "F4"), ("␛[25~", "S-F3"),
    ("␛[29~", "S-F6"),
    ("␛[34~", "S-F10"),
    // the linux console
    ("␛[[A", "F1"), ("␛[[E", "F5"),
    // rxvt
    ("␛[7~", "Home"), ("␛[8~", "End"), ("␛[a", "S-Up"), ("␛Oa", "C-Up"), ("␛Od", "C-Left"), ("␛[3$", "S-Del"),
    ("␛[3^", "C-Del"),
    ("␛[3@", "C-S-Del"), ("␛[11$", "S-F1"),
    // kitty and modifyOtherKeys
    ("␛[97;5u", "C-a"), ("␛[13;2u", "S-Enter"), ("␛[27u", "Esc"), ("␛[9;2u", "BackTab"), ("␛[27;5;13~", "C-Enter"),
    ("␛[105;5u", "C-i"),
    ("␛[32;5u", "C-Space"), ("␛[127;3u", "M-Backspace"), ("␛[57376u", "F13"), ("␛[97:65;2;65u", "A"),
    ("␛[57414u", "Enter"),
  ]

  /// The bytes of a text with ␛ for ESC.
  private func unescape(_ text: String) -> [UInt8] {
    Array(text.unicodeScalars.map { $0 == "␛" ? "\u{1B}" : String($0) }.joined().utf8)
  }

  /// All events for bytes given in pieces, with nothing left over.
  private func decode(_ pieces: [ArraySlice<UInt8>], term: String = "xterm") -> [Event] {
    var decoder = InputDecoder(term: term)
    var events: [Event] = []
    for piece in pieces { events += decoder.receive(piece) }
    #expect(decoder.patience == nil)
    return events
  }

  private func everySplit(_ bytes: [UInt8], _ check: ([Event], Int) -> Void) {
    for place in 0...bytes.count { check(decode([bytes[..<place], bytes[place...]]), place) }
    check(decode(bytes.indices.map { bytes[$0...$0] }), -1)
  }

  @Test("a key is known at every split", arguments: keys)
  func key(text: String, name: String) {
    // What follows must not be touched.
    let expected = [Key(name), Key("x")].compactMap { $0.map(Event.key) }
    everySplit(unescape(text) + [0x78]) { events, place in #expect(events == expected, "split at \(place)") }
  }

  @Test(
    "the linux console's shifted function keys begin two earlier",
    arguments: [
      ("␛[25~", "S-F1"), ("␛[26~", "S-F2"), ("␛[28~", "S-F3"), ("␛[34~", "S-F8"),
    ])
  func linuxShifted(text: String, name: String) {
    #expect(decode([unescape(text)[...]], term: "linux") == [Key(name)].compactMap { $0.map(Event.key) })
  }

  @Test(
    "mouse reports have kind, button, place and modifiers",
    arguments: [
      ("␛[<0;1;1M", MouseEvent(.press, .left, at: .origin)), ("␛[<0;1;1m", MouseEvent(.release, .left, at: .origin)),
      ("␛[<1;10;5M", MouseEvent(.press, .middle, at: Point(x: 9, y: 4))),
      ("␛[<2;10;5M", MouseEvent(.press, .right, at: Point(x: 9, y: 4))),
      ("␛[<32;300;100M", MouseEvent(.drag, .left, at: Point(x: 299, y: 99))),
      ("␛[<34;3;4M", MouseEvent(.drag, .right, at: Point(x: 2, y: 3))),
      ("␛[<35;3;4M", MouseEvent(.move, at: Point(x: 2, y: 3))),
      ("␛[<64;3;4M", MouseEvent(.wheelUp, at: Point(x: 2, y: 3))),
      ("␛[<65;3;4M", MouseEvent(.wheelDown, at: Point(x: 2, y: 3))),
      ("␛[<66;3;4M", MouseEvent(.wheelLeft, at: Point(x: 2, y: 3))),
      ("␛[<67;3;4M", MouseEvent(.wheelRight, at: Point(x: 2, y: 3))),
      ("␛[<4;3;4M", MouseEvent(.press, .left, at: Point(x: 2, y: 3), modifiers: .shift)),
      ("␛[<8;3;4M", MouseEvent(.press, .left, at: Point(x: 2, y: 3), modifiers: .alt)),
      ("␛[<16;3;4m", MouseEvent(.release, .left, at: Point(x: 2, y: 3), modifiers: .control)),
      ("␛[<81;3;4M", MouseEvent(.wheelDown, at: Point(x: 2, y: 3), modifiers: .control)),
      ("␛[<128;3;4M", MouseEvent(.press, .other(8), at: Point(x: 2, y: 3))),
      ("␛[M !!", MouseEvent(.press, .left, at: .origin)), ("␛[M#\"#", MouseEvent(.release, at: Point(x: 1, y: 2))),
      ("␛[M@!!", MouseEvent(.drag, .left, at: .origin)), ("␛[M`!!", MouseEvent(.wheelUp, at: .origin)),
    ])
  func mouse(text: String, event: MouseEvent) {
    everySplit(unescape(text)) { events, place in #expect(events == [.mouse(event)], "split at \(place)") }
  }

  @Test("press, drag and release in one read stay in order")
  func mouseOrder() {
    let events = decode([unescape("␛[<0;1;1M␛[<32;2;1M␛[<0;2;1m")[...]])
    #expect(
      events == [
        .mouse(MouseEvent(.press, .left, at: .origin)), .mouse(MouseEvent(.drag, .left, at: Point(x: 1, y: 0))),
        .mouse(MouseEvent(.release, .left, at: Point(x: 1, y: 0))),
      ])
  }

  @Test(
    "a paste is text at every split",
    arguments: [
      ("␛[200~hello␛[201~", "hello"), ("␛[200~␛[201~", ""), ("␛[200~a\r\nb\rc\n␛[201~", "a\nb\nc\n"),
      ("␛[200~rm -rf\r␛[A␛[20␛[201~", "rm -rf\n\u{1B}[A\u{1B}[20"), ("␛[200~日本␛[201~", "日本"),
    ])
  func paste(text: String, pasted: String) {
    everySplit(unescape(text)) { events, place in #expect(events == [.paste(PastedText(pasted))], "split at \(place)") }
  }

  @Test("a paste is bounded, and its end is still seen")
  func bigPaste() {
    let events = decode([(unescape("␛[200~") + Array(repeating: 0x61, count: 3 << 20) + unescape("␛[201~x"))[...]])
    #expect(
      events == [.paste(PastedText(String(repeating: "a", count: InputDecoder.pasteLimit))), .key(.character("x"))])
  }

  @Test("focus is told")
  func focus() {
    #expect(decode([unescape("␛[I␛[O")[...]]) == [.focus(true), .focus(false)])
  }

  @Test(
    "replies and unknown sequences are swallowed whole",
    arguments: [
      "␛[?62;1;6c", "␛[>41;354;0c", "␛[24;80R", "␛[?2026;1$y", "␛[?997;1n", "␛]11;rgb:0000/0000/0000\u{7}",
      "␛]52;c;YWJj␛\\",
      "␛P1$r0m␛\\", "␛P>|XTerm(379)␛\\", "␛_Gi=1;OK␛\\", "␛^private␛\\", "␛Xstring␛\\", "␛[99~", "␛[1;2;3;4;5q", "␛[ q",
      "␛[<0;0;5M",
      "␛[<1M", "␛[<;;M", "␛[=1;2x", "␛OT", "␛[E", "␛[[Z", "\u{FFFD}", "␛[57441u", "␛[1114112u", "␛[55296;1u",
      "␛[99999999999999999999~",
    ])
  func swallowed(text: String) {
    everySplit(unescape(text) + [0x78]) { events, place in
      #expect(events == [.key(.character("x"))], "split at \(place)")
    }
  }

  @Test("a sequence of any length is swallowed")
  func longSequence() {
    let long =
      unescape("␛[") + Array(repeating: 0x31, count: 100_000) + unescape("~␛]") + Array(repeating: 0x78, count: 100_000)
    #expect(decode([(long + [0x07, 0x79])[...]]) == [.key(.character("y"))])
  }

  @Test(
    "broken UTF-8 types nothing",
    arguments: [
      [0xff], [0xc3], [0xe2, 0x82], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xc2, 0x9b], [0xf4, 0x90, 0x80, 0x80],
    ] as [[UInt8]])
  func brokenUTF8(bytes: [UInt8]) {
    #expect(decode([(bytes + [0x78])[...]]) == [.key(.character("x"))])
  }

  @Test(
    "when time is up, what stands there alone is a key",
    arguments: [
      ("␛", ["Esc"], InputDecoder.Patience.short), ("␛␛", ["Esc", "Esc"], .short), ("␛[", ["M-["], .short),
      ("␛O", ["M-O"], .short),
      ("␛]", ["M-]"], .short), ("␛P", ["M-P"], .short), ("␛[1;", [], .long), ("␛]11;rg", [], .long),
      ("␛[M!", [], .long),
      ("␛[<0;1", [], .long), ("\u{1B}P1␛", [], .long),
    ])
  func flush(text: String, names: [String], patience: InputDecoder.Patience) {
    var decoder = InputDecoder()
    #expect(decoder.receive(unescape(text)) == [])
    #expect(decoder.patience == patience)
    #expect(decoder.flush() == names.compactMap { Key($0).map(Event.key) })
    #expect(decoder.patience == nil)
    #expect(decoder.receive([0x78]) == [.key(.character("x"))])
  }

  @Test("a sequence whose ESC was taken for the key is not typed")
  func lateRest() {
    var decoder = InputDecoder()
    _ = decoder.receive([0x1b])
    #expect(decoder.flush() == [.key(Key(.escape))])
    #expect(decoder.receive(unescape("[<0;3;4M")) == [.mouse(MouseEvent(.press, .left, at: Point(x: 2, y: 3)))])
    _ = decoder.receive([0x1b])
    _ = decoder.flush()
    #expect(decoder.receive([0x5b]) == [.key(.character("["))])
  }

  @Test("a paste that breaks off is still only text")
  func brokenPaste() {
    var decoder = InputDecoder()
    _ = decoder.receive(unescape("␛[200~half"))
    #expect(decoder.patience == .paste)
    #expect(decoder.flush() == [.paste("half")])
  }

  @Test("typing gets out of a string that never ends", arguments: ["\u{3}", "\r", "\u{18}"])
  func brokenString(end: String) {
    #expect(decode([unescape("␛]0;never\(end)x")[...]]) == [.key(.character("x"))])
  }

  @Test("random bytes crash nothing, and a flush always ends in typing")
  func randomBytes() {
    var generator = SeededGenerator(seed: 11)
    let likely = unescape("␛[]OPM<0123456789;:~mMu?$ \u{7}\\ABab")
    for _ in 0..<5000 {
      var decoder = InputDecoder()
      let bytes = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? likely.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
      }
      _ = decoder.receive(bytes)
      _ = decoder.flush()
      #expect(decoder.patience == nil)
      #expect(decoder.receive([0x78]).last == .key(.character("x")), "\(bytes)")
    }
  }
}
