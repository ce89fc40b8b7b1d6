import Testing

@testable import Terminal

struct KeyTests {
  @Test(
    "a key's text form is read and written",
    arguments: [
      ("g", Key.character("g")), ("G", .character("G")), ("F5", .function(5)), ("F10", .function(10)),
      ("S-F6", .function(6, .shift)), ("C-x", .character("x", .control)), ("M-Enter", Key(.enter, .alt)),
      ("C-M-Left", Key(.left, [.control, .alt])), ("Space", .character(" ")), ("C-Space", .character(" ", .control)),
      ("-", .character("-")), ("C--", .character("-", .control)), ("+", .character("+")), ("PgUp", Key(.pageUp)),
      ("PgDn", Key(.pageDown)), ("Ins", Key(.insert)), ("Del", Key(.delete)), ("Esc", Key(.escape)),
      ("BackTab", Key(.backTab)),
      ("Backspace", Key(.backspace)), ("Tab", Key(.tab)), ("Home", Key(.home)), ("End", Key(.end)),
      ("ß", .character("ß")),
      ("S-Up", Key(.up, .shift)), ("C", .character("C")), ("M", .character("M")),
    ])
  func text(text: String, key: Key) {
    #expect(Key(text) == key)
    #expect(key.description == text)
  }

  @Test(
    "other spellings mean the same",
    arguments: [
      ("Ctrl-X", "C-x"), ("C-X", "C-x"), ("Alt-return", "M-Enter"), ("A-x", "M-x"), ("PageDown", "PgDn"),
      ("shift-tab", "BackTab"),
      ("S-g", "G"), ("S-Tab", "BackTab"), ("f1", "F1"), ("DELETE", "Del"), ("M-C-a", "C-M-a"),
    ])
  func spellings(text: String, canonical: String) {
    #expect(Key(text)?.description == canonical)
  }

  @Test("what is no key is refused", arguments: ["", "C-", "F0", "F99", "Foo", "X-a", "ab", " ", "C-M-"])
  func refused(text: String) {
    #expect(Key(text) == nil)
  }
}
