import FTP
import Testing

@Suite("Listing parser")
struct ListingParserTests {
  private let unix = "-rw-r--r-- 1 ada users 1 Nov 19 10:02 "

  @Test(
    "what says that a folder is empty leaves it empty",
    arguments: [
      "", "\r\n", "total 0\r\n", "insgesamt 0\r\n", "итого 0\r\n", "合計 0\n", "total 4.0K\n", "No files found.\r\n",
      "total 0\n\n",
    ])
  func empty(_ text: String) throws {
    let (entries, summary) = try ListingParser.parse(Array(text.utf8))
    #expect(entries.isEmpty)
    #expect(summary.unparsed == 0)
  }

  @Test("dots are left out")
  func dots() throws {
    let (entries, summary) = try ListingParser.parse(Array("\(unix).\n\(unix)..\n\(unix)...\n".utf8))
    #expect(entries.map(\.name.text) == ["..."])
    #expect(summary.unparsed == 0)
  }

  @Test(
    "names that are no single component never come out, and are counted",
    arguments: ["../x", "/etc/passwd", "a/b", "a\0b", "\0", "/", "a//"])
  func refusedNames(_ name: String) throws {
    for (format, line) in [(ListingParser.Format.list, unix), (.mlsd, "type=file; "), (.list, "11-19-24  10:02AM  5 ")]
    {
      let (entries, summary) = try ListingParser.parse(Array("\(line)good\r\n\(line)\(name)\r\n".utf8), format)
      #expect(entries.map(\.name.text) == ["good"])
      #expect(summary.unparsed == 1)
      #expect(summary.refusedNames == 1)
      #expect(summary.samples == [Array((line + name).utf8)])
    }
  }

  @Test("lines that mean nothing are counted and kept")
  func unparsed() throws {
    let noise = (0..<20).map { "ls: cannot open \($0)" }
    let (entries, summary) = try ListingParser.parse(
      Array(((0..<20).map { "\(unix)\($0)" } + noise).joined(separator: "\n").utf8))
    #expect(entries.count == 20)
    #expect(summary.entries == 20)
    #expect(summary.unparsed == 20)
    #expect(summary.refusedNames == 0)
    #expect(summary.samples == noise.prefix(ListingSummary.sampleLimit).map { Array($0.utf8) })
  }

  @Test("a listing of which nothing is understood is an error that shows its first line")
  func unreadable() {
    for format in [ListingParser.Format.list, .mlsd] {
      #expect(throws: FTPError.unreadableListing(lines: 2, first: "ls: .: Permission denied\\x1B")) {
        try ListingParser.parse(Array("ls: .: Permission denied\u{1B}\r\nagain\r\n".utf8), format)
      }
    }
  }

  @Test("a folder that holds itself is one, though another line means nothing")
  func emptyWithNoise() throws {
    for (format, line) in [(ListingParser.Format.list, "drwxr-xr-x 2 a b 1 Nov 19 10:02 ."), (.mlsd, "type=cdir; /x")] {
      let (entries, summary) = try ListingParser.parse(Array("\(line)\r\nls: x: Permission denied\r\n".utf8), format)
      #expect(entries.isEmpty)
      #expect(summary.unparsed == 1)
    }
    #expect(throws: FTPError.self) { try ListingParser.parse(Array("total 0\nls: x: Permission denied\n".utf8)) }
  }

  @Test("the dialect that most lines are in is taken, not that of the last line")
  func scored() throws {
    let lines = (0..<9).map { "\(unix)\($0)" } + ["11-19-24  10:02AM  5 dos", "type=file; mlsd"]
    for rotation in lines.indices {
      let rotated = lines[rotation...] + lines[..<rotation]
      let (entries, summary) = try ListingParser.parse(Array(rotated.joined(separator: "\n").utf8))
      #expect(entries.count == 9)
      #expect(summary.dialect == "Unix")
      #expect(summary.unparsed == 2)
    }
  }

  @Test("many lines of a greeting before the listing do not hide it")
  func greeting() throws {
    let greeting = (0..<100).map { "Welcome \($0)!" }
    let lines = greeting + (0..<100).map { "\(unix)\($0)" }
    let (entries, summary) = try ListingParser.parse(Array(lines.joined(separator: "\r\n").utf8))
    #expect(entries.count == 100)
    #expect(summary.unparsed == 100)
  }

  @Test("entries come out while the listing still comes in")
  func streaming() throws {
    var parser = ListingParser(format: .mlsd, now: .testNow)
    parser.append("type=file; a\r\ntype=file; b\r\ntype=fi".utf8)
    #expect(parser.takeEntries().map(\.name.text) == ["a", "b"])
    #expect(parser.takeEntries().isEmpty)
    parser.append("le; c\r\n".utf8)
    #expect(parser.takeEntries().map(\.name.text) == ["c"])

    parser = ListingParser(format: .list, now: .testNow)
    for index in 0..<ListingParser.sampleSize { parser.append("\(unix)\(index)\n".utf8) }
    #expect(parser.takeEntries().count == ListingParser.sampleSize)
  }

  @Test("a line of 64 KiB is read, a longer one is counted, and what follows is read again")
  func longLines() throws {
    let limit = ListingLimits().lineLength
    let head = "type=file; "
    let longest = head + String(repeating: "x", count: limit - head.utf8.count)
    let bytes = Array("\(longest)\r\n\(longest)x\r\n\(longest)\(longest)\r\ntype=file; a\r\n".utf8)
    for chunk in [1000, 65_537, bytes.count] {
      var parser = ListingParser(format: .mlsd, now: .testNow)
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        parser.append(bytes[start..<min(start + chunk, bytes.count)])
      }
      let summary = try parser.finish()
      let entries = parser.takeEntries()
      #expect(entries.map(\.name.bytes.count) == [limit - head.utf8.count, 1])
      #expect(summary.unparsed == 2)
      #expect(summary.samples.map(\.count) == [ListingSummary.sampleLength, ListingSummary.sampleLength])
    }
  }

  @Test("limits cut a listing and say so")
  func limits() throws {
    var limits = ListingLimits()
    limits.entries = 3
    let listing = Array((0..<10).map { "type=file; \($0)\r\n" }.joined().utf8)
    var parser = ListingParser(format: .mlsd, now: .testNow, limits: limits)
    parser.append(listing)
    #expect(try parser.finish().isTruncated)
    #expect(parser.takeEntries().count == 3)

    limits = ListingLimits()
    limits.bytes = 30
    parser = ListingParser(format: .mlsd, now: .testNow, limits: limits)
    for byte in listing { parser.append(CollectionOfOne(byte)) }
    #expect(parser.summary.isTruncated)
    #expect(parser.takeEntries().map(\.name.text) == ["0", "1"])

    limits.bytes = listing.count
    parser = ListingParser(format: .mlsd, now: .testNow, limits: limits)
    parser.append(listing)
    #expect(try !parser.finish().isTruncated)
    #expect(parser.takeEntries().count == 10)
  }
}
