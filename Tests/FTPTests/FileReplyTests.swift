import FTP
import Testing

@Suite("Replies about paths and files")
struct FileReplyTests {
  @Test(
    "paths of 257 replies",
    arguments: [
      (#""/""#, "/"), (#""/a/b" is the current directory"#, "/a/b"), (#""/a ""b"" c" created"#, #"/a "b" c"#),
      (#""/a/""#, "/a"), (#""/""""""#, #"/"""#), (#"  "/x""#, "/x"), (#""/a" "b""#, "/a"), (#""//a/./b""#, "/a/b"),
    ])
  func path(_ text: String, _ path: String) throws {
    #expect(try PathReply.path(in: Reply(257, text)) == RemotePath(path))
  }

  @Test(
    "257 replies that are refused",
    arguments: ["", "/a", "\"/a", "\"/a\"\"", "\"\"", "\"a\"", "x \"/a\"", "\"/a\u{1B}\"", "\"/a\u{7F}\"", "\"/a\tb\""])
  func badPath(_ text: String) {
    #expect(throws: FTPError.self) { try PathReply.path(in: Reply(257, text)) }
  }

  @Test("a quoted path reads back", arguments: ["/", #"/a "b""#, #"/""#, "/ä b/c"])
  func quoted(_ text: String) throws {
    let path = try RemotePath(text)
    #expect(try PathReply.path(in: Reply(257, lines: [PathReply.quoted(path) + Array(" ok".utf8)])) == path)
  }

  @Test(
    "sizes", arguments: [("0", 0), ("4294967296", 4_294_967_296), (" 12 ", 12), ("9007199254740992", 1 << 53)])
  func size(_ text: String, _ size: Int64) throws {
    #expect(try FileReply.size(in: Reply(213, text)) == size)
  }

  @Test(
    "no sizes",
    arguments: [
      "", " ", "-1", "1 2", "1.5", "9007199254740993", "9223372036854775807", "9223372036854775808",
      "18446744073709551615", "0x10",
    ])
  func badSize(_ text: String) {
    #expect(throws: FTPError.self) { try FileReply.size(in: Reply(213, text)) }
    #expect(throws: FTPError.self) { try FileReply.size(in: Reply(550, "12")) }
  }

  @Test(
    "times", arguments: ["20241119100233", "20241119100233.000", "Modify=20241119100233; /x", "modify=20241119100233"])
  func modified(_ text: String) throws {
    #expect(try FileReply.modified(in: Reply(213, text)).seconds == 1_732_010_553)
  }

  @Test("digests of HASH and of commands of their own")
  func digests() throws {
    let hex = "0123456789abcdefABCDEF00112233445566778899aabbccddeeff0011223344"
    let expected = stride(from: 0, to: 64, by: 2).map { UInt8(hex.dropFirst($0).prefix(2), radix: 16)! }
    let hash = Reply(213, "SHA-256 0-49 \(hex) /a file")
    #expect(try FileReply.digest(.sha256, in: hash) == expected)
    #expect(try FileReply.digest(.sha256, in: Reply(250, hex)) == expected)
    #expect(try FileReply.digest(.sha256, in: Reply(250, "SHA256 of x is \(hex)")) == expected)
    let lines = ["Computing SHA-256 digest", "SHA-256 0-49 \(hex) a"].map { Array($0.utf8) }
    #expect(try FileReply.digest(.sha256, in: Reply(213, lines: lines)) == expected)
    #expect(throws: FTPError.self) { try FileReply.digest(.sha512, in: hash) }
    #expect(throws: FTPError.self) { try FileReply.digest(.sha256, in: Reply(213, "SHA-1 0-49 \(hex) x")) }
    #expect(throws: FTPError.self) { try FileReply.digest(.sha256, in: Reply(550, hex)) }
    #expect(throws: FTPError.self) { try FileReply.digest(.sha256, in: Reply(250, hex + "0")) }
  }
}
