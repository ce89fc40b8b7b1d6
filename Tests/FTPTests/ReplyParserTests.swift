import FTP
import Testing

@Suite("Reply parser")
struct ReplyParserTests {
  @Test("every way to split a conversation gives the same replies")
  func splits() throws {
    let text = "220-Welcome\r\n 220 inner\r\n220-more\r\n221 other\r\n220 done\r\n331 Password?\n230\r\n"
    let bytes = Array(text.utf8)
    let expected = [
      Reply(220, lines: ["Welcome", " 220 inner", "more", "221 other", "done"].map { Array($0.utf8) }),
      Reply(331, "Password?"), Reply(230, ""),
    ]
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var parser = ReplyParser()
        var replies: [Reply] = []
        for part in [bytes[..<first], bytes[first..<second], bytes[second...]] {
          parser.append(part)
          while let reply = try parser.next() { replies.append(reply) }
        }
        #expect(replies == expected)
        #expect(parser.isEmpty)
      }
    }
  }

  @Test("one reply is taken at a time, and what follows makes the parser not empty")
  func leftOver() throws {
    var parser = ReplyParser()
    parser.append("234 go\r\n230 x\r\n".utf8)
    #expect(try parser.next() == Reply(234, "go"))
    #expect(!parser.isEmpty)
    #expect(try parser.next() == Reply(230, "x"))
    #expect(parser.isEmpty)
  }

  @Test(
    "after a reply to AUTH nothing may be left, not even half a line",
    arguments: ["2", "230 x\r\n", "230-x\r\n", "\r\n", "\n", "\0", " "])
  func residue(_ rest: String) throws {
    var parser = ReplyParser()
    parser.append(("234 go\r\n" + rest).utf8)
    #expect(try parser.next() != nil)
    #expect(!parser.isEmpty)
  }

  @Test("within a reply of several lines the parser is not empty, though every byte has been read")
  func openReplyIsNotEmpty() throws {
    var parser = ReplyParser()
    #expect(parser.isEmpty)
    parser.append("220-hello\r\n".utf8)
    #expect(try parser.next() == nil)
    #expect(!parser.isEmpty)
  }

  @Test("only the same code with a blank ends a reply of several lines")
  func ends() throws {
    var parser = ReplyParser()
    parser.append("211-Features:\r\n SIZE\r\n211\r\n212 no\r\n2110 no\r\n211x\r\n".utf8)
    #expect(try parser.next() == nil)
    parser.append("211 End\r\n".utf8)
    let lines = ["Features:", " SIZE", "211", "212 no", "2110 no", "211x", "End"]
    #expect(try parser.next() == Reply(211, lines: lines.map { Array($0.utf8) }))
  }

  @Test("bytes that are not UTF-8 come through")
  func anyBytes() throws {
    var parser = ReplyParser()
    parser.append([0x32, 0x32, 0x30, 0x20, 0xFF, 0x1B, 0x0D, 0x80, 0x0D, 0x0D, 0x0A])
    #expect(try parser.next() == Reply(220, lines: [[0xFF, 0x1B, 0x0D, 0x80]]))
  }

  @Test("blank lines between replies are passed over")
  func blankLines() throws {
    var parser = ReplyParser()
    parser.append("\r\n\n220 a\r\n\r\n200 b\r\n".utf8)
    #expect(try parser.next() == Reply(220, "a"))
    #expect(try parser.next() == Reply(200, "b"))
    #expect(try parser.next() == nil)
    #expect(parser.isEmpty)
  }

  @Test(
    "another protocol is told by what it says",
    arguments: [
      ("SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-OpenSSH_9.2"), ("HTTP/1.1 400 Bad Request\r\n", "HTTP/1.1 400 Bad Request"),
      ("+OK ready\r\n", "+OK ready"), ("22\r\n", "22"), ("2200 x\r\n", "2200 x"), ("099 x\r\n", "099 x"),
      ("700 x\r\n", "700 x"), (" 220 x\r\n", " 220 x"), ("\u{15}\u{03}\u{03}\u{00}\u{02}", "\\x15"),
      ("\u{00}", "\\x00"), ("2\u{01}", "2\\x01"),
    ])
  func otherProtocols(_ text: String, _ excerpt: String) {
    for split in 0...text.utf8.count {
      var parser = ReplyParser()
      parser.append(text.utf8.prefix(split))
      #expect(throws: FTPError.notAReply(excerpt)) {
        if try parser.next() == nil {
          parser.append(text.utf8.dropFirst(split))
          _ = try parser.next()
        }
      }
      #expect(!parser.isEmpty)
    }
  }

  @Test("a NUL byte is an error", arguments: ["220 a\0b\r\n", "220-a\r\n\0\r\n"])
  func nul(_ text: String) {
    var parser = ReplyParser()
    parser.append(text.utf8)
    #expect(throws: FTPError.nulInReply) { try parser.next() }
    #expect(throws: FTPError.nulInReply, "and stays one") { try parser.next() }
  }

  @Test("a line of 16 KiB is taken, one more byte is refused before its end comes")
  func lineLimit() throws {
    let line = "220 " + String(repeating: "x", count: ReplyParser.lineLimit - 4)
    var parser = ReplyParser()
    parser.append((line + "\r\n").utf8)
    #expect(try parser.next()?.lines[0].count == ReplyParser.lineLimit - 4)
    parser.append(line.utf8)
    #expect(try parser.next() == nil)
    parser.append("x".utf8)
    #expect(throws: FTPError.replyLineTooLong(limit: ReplyParser.lineLimit)) { try parser.next() }
  }

  @Test("a line of carriage returns has an end too")
  func carriageReturns() {
    var parser = ReplyParser()
    parser.append([UInt8](repeating: 0x0D, count: 100_000))
    #expect(throws: FTPError.replyLineTooLong(limit: ReplyParser.lineLimit)) { try parser.next() }
  }

  @Test("a reply of 1,000 lines is taken, one more line is refused")
  func lineCountLimit() throws {
    let inner = String(repeating: " x\r\n", count: ReplyParser.lineCountLimit - 2)
    var parser = ReplyParser()
    parser.append(("220-a\r\n" + inner + "220 b\r\n").utf8)
    #expect(try parser.next()?.lines.count == ReplyParser.lineCountLimit)
    parser.append(("220-a\r\n" + inner + " x\r\n220 b\r\n").utf8)
    #expect(throws: FTPError.self) { try parser.next() }
  }

  @Test("a reply above 64 KiB is refused")
  func replyLimit() {
    var parser = ReplyParser()
    parser.append("220-a\r\n".utf8)
    let line = String(repeating: "x", count: 1000) + "\r\n"
    #expect(throws: FTPError.replyTooLong(lines: 1000, bytes: ReplyParser.replyLimit)) {
      for _ in 0..<70 {
        parser.append(line.utf8)
        _ = try parser.next()
      }
    }
  }

  @Test("a megabyte of replies, one byte at a time, takes no longer than its length")
  func linearTime() throws {
    var parser = ReplyParser()
    var replies = 0
    let reply = Array("200 \(String(repeating: "x", count: 94))\r\n".utf8)
    for _ in 0..<10_000 {
      for byte in reply {
        parser.append(CollectionOfOne(byte))
        while try parser.next() != nil { replies += 1 }
      }
    }
    #expect(replies == 10_000)
    for _ in 0..<100_000 { parser.append("200 x\r\n".utf8) }
    while try parser.next() != nil { replies += 1 }
    #expect(replies == 110_000)
  }
}
