import FTP
import Testing

@Suite("Safe text")
struct SafeTextTests {
  @Test(
    "what is invisible becomes visible",
    arguments: [
      ("abc ~", "abc ~"), ("ü漢🙂", "ü漢🙂"), ("e\u{301}", "e\u{301}"), ("\u{1B}[2J", "\\x1B[2J"),
      ("a\tb\r\n", "a\\x09b\\x0D\\x0A"),
      ("\u{7F}", "\\x7F"), ("\u{9B}", "\\u{9B}"), ("\u{202E}txt.exe", "\\u{202E}txt.exe"), ("\u{200B}", "\\u{200B}"),
      ("\u{FEFF}", "\\u{FEFF}"), ("\u{2028}", "\\u{2028}"), ("\u{A0}", "\\u{A0}"), ("\u{E000}", "\\u{E000}"),
      ("\u{E0041}", "\\u{E0041}"), ("\u{FE0F}", "\\u{FE0F}"), ("\\", "\\"), ("", ""),
    ])
  func escaped(_ text: String, _ expected: String) {
    #expect(SafeText.escape(text) == expected)
    #expect(SafeText.escape(Array(text.utf8)) == expected)
    var line: [UInt8] = [0x3E]
    SafeText.append(Array(text.utf8), to: &line)
    #expect(line == Array(">\(expected)".utf8))
  }

  @Test(
    "bytes that are not UTF-8",
    arguments: [
      ([0xFF], "\\xFF"), ([0x41, 0xC3], "A\\xC3"), ([0xC0, 0xAF], "\\xC0\\xAF"),
      ([0xE0, 0x80, 0xAF], "\\xE0\\x80\\xAF"),
      ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"), ([0xF4, 0x90, 0x80, 0x80], "\\xF4\\x90\\x80\\x80"),
      ([0xC3, 0xA4, 0x80], "ä\\x80"),
      ([0xF0, 0x9F, 0x99], "\\xF0\\x9F\\x99"),
    ] as [([UInt8], String)])
  func invalid(_ bytes: [UInt8], _ expected: String) {
    #expect(SafeText.escape(bytes) == expected)
  }

  @Test("an excerpt says that there is more")
  func excerpt() {
    #expect(SafeText.excerpt(Array("abcdef".utf8), limit: 3) == "abc…")
    #expect(SafeText.excerpt(Array("abc".utf8), limit: 3) == "abc")
  }
}
