import FTP
import Testing
import Transfers

@testable import ferry

struct ValueTests {
  @Test(
    "sizes in at most eight columns",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (4301, "4.2 KiB"), (10_188, "9.9 KiB"), (10_200, "10 KiB"),
      (1_023_000, "999 KiB"), (1_023_500, "1.0 MiB"), (1_048_576, "1.0 MiB"), (5_368_709_120, "5.0 GiB"),
      (Int64.max, "8.0 EiB"), (-1, "0 B"),
    ] as [(Int64, String)])
  func sizes(_ bytes: Int64, _ text: String) {
    #expect(ByteText.short(bytes) == text)
    #expect(ByteText.short(bytes).count <= 8)
  }

  @Test("times left", arguments: [(0, "0:00"), (63, "1:03"), (3661, "1:01:01"), (172_800, "2 days")])
  func durations(_ seconds: Int, _ text: String) { #expect(ByteText.duration(seconds) == text) }

  @Test(
    "dates as in Midnight Commander, and short ones",
    arguments: [
      ("20241121081500", "Nov 21 08:15", " 08:15"), ("20241102091100", "Nov  2 09:11", "Nov  2"),
      ("20231105120000", "Nov  5  2023", "  2023"), ("20991231235959", "Dec 31  2099", "  2099"),
      ("19690720201700", "Jul 20  1969", "  1969"),
    ])
  func dates(_ time: String, _ long: String, _ short: String) throws {
    let moment = try #require(Timestamp(time.utf8))
    #expect(DateText.long(moment, now: 1_732_179_600, .fixed(0)) == long)
    #expect(DateText.short(moment, now: 1_732_179_600, .fixed(0)) == short)
  }

  @Test("a moment is shown by the clock here, a time of unknown zone as the server wrote it")
  func zones() throws {
    let moment = try #require(Timestamp("20241120233000".utf8))
    #expect(DateText.full(moment, .fixed(3600)) == "2024-11-21 00:30")
    let unknown = Timestamp(seconds: moment.seconds, isUTC: false)
    #expect(DateText.full(unknown, .fixed(3600)) == "2024-11-20 23:30 (server's clock)")
  }

  @Test(
    "patterns",
    arguments: [
      ("*", "anything", true), ("*.txt", "a.TXT", true), ("*.txt", "a.txt.gz", false),
      ("photo?.jpg", "photo9.jpg", true),
      ("photo?.jpg", "photo10.jpg", false), ("[a-c]*", "beta", true), ("[!a-c]*", "beta", false),
      ("*.c|*.h", "x.h", true),
      ("[", "[", true), ("a*b*c", "aXbXc", true), ("a*b*c", "acb", false), ("", "a", false),
    ])
  func globs(_ pattern: String, _ name: String, _ fits: Bool) {
    #expect(Glob(pattern).matches(Array(name.utf8)) == fits)
  }

  @Test("a pattern made to take for ever does not")
  func slowGlob() {
    let pattern = String(repeating: "a*", count: 40) + "b"
    #expect(!Glob(pattern).matches(Array(repeating: UInt8(ascii: "a"), count: 300)))
  }

  @Test(
    "numbers in names sort by value, capitals beside small letters",
    arguments: [
      ["a1", "a2", "a10", "a10b", "B", "c"], ["img9", "img010", "img11"], ["1", "2", "003", "10", "x"],
      ["Makefile", "makefile2", "Zebra"],
    ])
  func natural(_ names: [String]) throws {
    let entries = try names.reversed().map { Entry(name: try FileName($0)) }
    let order = SortKeys.sorted(entries, by: SortOrder())
    #expect(order.map { entries[Int($0)].name.text } == names)
  }

  @Test(
    "editing a line",
    arguments: [
      ("abc|def", "BS", "ab|def"), ("abc|def", "Del", "abc|ef"), ("abc|def", "Home", "|abcdef"),
      ("abc|def", "C-e", "abcdef|"),
      ("abc|def", "C-u", "|def"), ("abc|def", "C-k", "abc|"), ("one two|", "C-w", "one |"),
      ("one two|", "C-Left", "one |two"),
      ("|one two", "M-f", "one| two"), ("|", "BS", "|"), ("é|", "BS", "|"), ("a|", "x", "ax|"),
    ])
  func lineEditing(_ before: String, _ key: String, _ after: String) throws {
    let parts = before.split(separator: "|", omittingEmptySubsequences: false)
    var field = TextField(parts.joined())
    field.moveToStart()
    field.moveCursor(by: parts[0].count)
    #expect(field.received(try #require(Screen.key(key))))
    let text = field.text
    #expect(text.prefix(field.cursor) + "|" + text.dropFirst(field.cursor) == after)
  }

  @Test("text is broken at blanks, long words anywhere, and nothing gets lost")
  func wrapping() {
    #expect(FormText.wrap("one two three", width: 8) == ["one two", "three"])
    #expect(FormText.wrap("abcdefghij", width: 4) == ["abcd", "efgh", "ij"])
    #expect(FormText.wrap("", width: 4) == [""])
    #expect(FormText.wrap("AA:BB:CC:DD", width: 6) == ["AA:BB:", "CC:DD"])
  }
}
