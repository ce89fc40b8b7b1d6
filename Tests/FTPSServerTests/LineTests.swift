import FTP
import NIOCore
import Testing

@testable import FTPSServer

/// Command lines and replies, without a connection.
@Suite("Command lines and replies")
struct LineTests {
  @Test("lines come out the same, however the bytes are cut", arguments: 1...12)
  func drip(size: Int) throws {
    let input = Array("USER ada\r\nPASS x\nNOOP\r\n\r\nRETR a\rb\r\nREST".utf8)
    var splitter = LineSplitter()
    var lines: [String] = []
    for start in stride(from: 0, to: input.count, by: size) {
      splitter.append(ByteBuffer(bytes: input[start..<min(start + size, input.count)]))
      while let line = try splitter.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    }
    #expect(lines == ["USER ada", "PASS x", "NOOP", "", "RETR a\rb"])
    #expect(!splitter.isEmpty)
  }

  @Test("a line may be as long as the limit, and no longer", arguments: [(0, true), (1, false)])
  func limit(extra: Int, isFine: Bool) {
    var splitter = LineSplitter()
    splitter.append(ByteBuffer(bytes: [UInt8](repeating: 0x41, count: LineSplitter.limit - 1 + extra) + [0x0D, 0x0A]))
    let line = try? splitter.next()
    #expect((line != nil) == isFine)
  }

  @Test(
    "a command has a verb and an argument with all its spaces",
    arguments: [
      ("NOOP", "NOOP", ""), ("retr  a b ", "RETR", " a b "), ("CWD ", "CWD", ""), ("Type I", "TYPE", "I"),
      ("STOR \u{1B}[0m", "STOR", "\u{1B}[0m"),
    ])
  func requests(line: String, verb: String, argument: String) throws {
    let request = try #require(Request(Array(line.utf8)))
    #expect(request.verb == verb)
    #expect(request.argument == Array(argument.utf8))
  }

  @Test("Telnet's interrupt before ABOR is skipped")
  func telnet() {
    #expect(Request([0xFF, 0xF4, 0xFF, 0xF2] + Array("ABOR".utf8))?.verb == "ABOR")
  }

  @Test(
    "what is no command is none",
    arguments: ["", " ", "RETR a\0b", "RETR a\rb", "R2D2", "GET/ HTTP/1.1", "ABCDEFGHIJKLMNOPQ"])
  func nonsense(line: String) {
    #expect(Request(Array(line.utf8)) == nil)
  }

  @Test("a password is never logged, and nothing is logged raw")
  func logging() {
    #expect(Request(Array("PASS secret".utf8))?.logged == "PASS ••••")
    #expect(Request(Array("pass secret".utf8))?.logged == "PASS ••••")
    #expect(Request(Array("RETR \u{1B}]0;x".utf8))?.logged == "RETR \\x1B]0;x")
  }

  @Test("replies have the forms of RFC 959, and a name cannot forge a second one")
  func replies() throws {
    #expect(text(ServerReply(200, "Good")) == "200 Good\r\n")
    #expect(text(ServerReply(211, "Features:", [Array("SIZE".utf8)], "End")) == "211-Features:\r\n SIZE\r\n211 End\r\n")
    #expect(text(ServerReply(213, Array("a\r\n230 Come in".utf8))) == "213 a??230 Come in\r\n")
    #expect(text(.path(try RemotePath("/a \"b\""), "is there")) == "257 \"/a \"\"b\"\"\" is there\r\n")
  }

  private func text(_ reply: ServerReply) -> String {
    String(decoding: reply.encoded, as: UTF8.self)
  }
}
