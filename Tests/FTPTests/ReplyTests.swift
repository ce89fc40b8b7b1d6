import FTP
import Testing

@Suite("Replies")
struct ReplyTests {
  @Test("the first digit says what a reply means", arguments: [150, 226, 331, 450, 550, 631])
  func classes(_ code: Int) {
    let reply = Reply(code, "x")
    #expect(reply.isPreliminary == (code == 150))
    #expect(reply.isCompletion == (code == 226))
    #expect(reply.isIntermediate == (code == 331))
    #expect(reply.isTransientFailure == (code == 450))
    #expect(reply.isPermanentFailure == (code == 550))
  }

  @Test("what a server encodes is what a client reads, lines that look like ends included")
  func roundTrip() throws {
    let reply = Reply(211, lines: ["Features:", " SIZE", "211 not the end", "211-x", "", "End"].map { Array($0.utf8) })
    var parser = ReplyParser()
    parser.append(try reply.encoded())
    #expect(try parser.next() == reply)
    #expect(parser.isEmpty)
  }

  @Test("a line end inside a line is not encoded", arguments: ["a\r\n230 b", "a\nb", "a\rb", "a\0b"])
  func forbidden(_ text: String) {
    #expect(throws: FTPError.self) { try Reply(220, text).encoded() }
  }

  @Test("logged lines look as they were sent, with control bytes made visible")
  func logged() {
    let reply = Reply(220, lines: [Array("a\u{1B}[2J".utf8), Array(" b".utf8), Array("c\u{202E}".utf8)])
    #expect(reply.logged == ["220-a\\x1B[2J", " b", "220 c\\u{202E}"])
    #expect(reply.summary == "220 a\\x1B[2J")
    #expect(Reply(226, "").summary == "226")
    #expect(Reply(550, "Delete operation failed.").summary == "550 Delete operation failed")
    #expect(Reply(550, "Wait...").summary == "550 Wait...")
  }

  @Test("features of a ProFTPD")
  func features() {
    let lines = [
      "Features:", " AUTH TLS", " CCC", " CLNT", " EPRT", " EPSV", " HASH CRC32;MD5;SHA-1;SHA-256*;SHA-512;", " HOST",
      " LANG en-US.UTF-8*", " MDTM", " MFF modify;UNIX.group;UNIX.mode;", " MFMT",
      " MLST modify*;perm*;size*;type*;unique*;UNIX.group;", " PBSZ", " PROT", " REST STREAM", " SITE COPY",
      " SITE MKDIR", " SIZE", " TVFS", " UTF8", " XCRC", " XSHA256", "End",
    ]
    let features = Features(Reply(211, lines: lines.map { Array($0.utf8) }))
    #expect(features.utf8 && features.size && features.mdtm && features.mfmt && features.restStream)
    #expect(features.epsv && features.eprt && features.tvfs && features.pbsz && features.prot && features.host)
    #expect(features.clnt && features.authTLS && !features.authSSL)
    #expect(features.hashes == [.crc32, .md5, .sha1, .sha256, .sha512])
    #expect(features.selectedHash == .sha256)
    #expect(features.checksums == [.crc32, .sha256])
    #expect(features.site == ["COPY", "MKDIR"])
    #expect(features.mlst?.filter(\.isEnabled).map(\.name) == ["modify", "perm", "size", "type", "unique"])
    #expect(features.mlst?.last == .init(name: "unix.group", isEnabled: false))
    #expect(features.lines.count == lines.count - 2)
  }

  @Test("features without blanks in front, in small letters and with several mechanisms")
  func looseFeatures() {
    let lines = ["Ext:", "auth tls-c;ssl;", "rest stream", "mlst", "utf-8", "HASH sha1*;md5", "x\u{1B}y", "end"]
    let features = Features(Reply(211, lines: lines.map { Array($0.utf8) }))
    #expect(features.authTLS && features.authSSL && features.restStream && features.utf8)
    #expect(features.mlst == [])
    #expect(features.hashes == [.sha1, .md5] && features.selectedHash == .sha1)
    #expect(features.lines.contains("x\\x1By"))
  }

  @Test("no features from a refusal, nor from a reply of one line", arguments: [500, 211, 502])
  func noFeatures(_ code: Int) {
    #expect(Features(Reply(code, "SIZE")) == Features())
  }
}
