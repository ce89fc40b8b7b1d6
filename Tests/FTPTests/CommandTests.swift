import FTP
import Testing

@Suite("Commands")
struct CommandTests {
  static let path = try! RemotePath("/a b/ü")
  static let time = Timestamp(seconds: 1_732_010_553)

  @Test(
    "each command's line",
    arguments: [
      (.auth(.tls), "AUTH TLS"), (.pbsz, "PBSZ 0"), (.prot(.private), "PROT P"), (.host("h.example"), "HOST h.example"),
      (.user("ada"), "USER ada"), (.pass(Secret("geheim")), "PASS geheim"), (.pass(Secret("")), "PASS "),
      (.acct(Secret("x")), "ACCT x"), (.clnt("Ferry"), "CLNT Ferry"), (.feat, "FEAT"), (.opts(.utf8), "OPTS UTF8 ON"),
      (.opts(.mlst(["type", "size"])), "OPTS MLST type;size;"), (.opts(.hash(.sha256)), "OPTS HASH SHA-256"),
      (.syst, "SYST"), (.quit, "QUIT"), (.pwd, "PWD"), (.cwd(path), "CWD /a b/ü"), (.cdup, "CDUP"),
      (.mkd(path), "MKD /a b/ü"), (.rmd(path), "RMD /a b/ü"), (.type(.image), "TYPE I"), (.type(.ascii), "TYPE A"),
      (.epsv, "EPSV"), (.pasv, "PASV"), (.cpsv, "CPSV"),
      (.sscn(isClient: true), "SSCN ON"), (.sscn(isClient: false), "SSCN OFF"),
      (.eprt(address: "192.0.2.1", port: 6446), "EPRT |1|192.0.2.1|6446|"),
      (.eprt(address: "2001:db8::1", port: 6446), "EPRT |2|2001:db8::1|6446|"),
      (.port(host: [192, 0, 2, 1], port: 6446), "PORT 192,0,2,1,25,46"), (.mlsd(nil), "MLSD"),
      (.mlsd(path), "MLSD /a b/ü"), (.mlst(path), "MLST /a b/ü"), (.list(nil), "LIST"), (.list(path), "LIST /a b/ü"),
      (.list(nil, isComplete: true), "LIST -a"), (.list(path, isComplete: true), "LIST -a /a b/ü"),
      (.nlst(nil), "NLST"),
      (.stat(nil), "STAT"), (.stat(path), "STAT /a b/ü"), (.retr(path), "RETR /a b/ü"), (.stor(path), "STOR /a b/ü"),
      (.appe(path), "APPE /a b/ü"), (.rest(Int64.max), "REST 9223372036854775807"), (.allo(5), "ALLO 5"),
      (.size(path), "SIZE /a b/ü"), (.mdtm(path), "MDTM /a b/ü"), (.mfmt(time, path), "MFMT 20241119100233 /a b/ü"),
      (.setMdtm(time, path), "MDTM 20241119100233 /a b/ü"), (.dele(path), "DELE /a b/ü"), (.rnfr(path), "RNFR /a b/ü"),
      (.rnto(path), "RNTO /a b/ü"), (.hash(path), "HASH /a b/ü"), (.checksum(.sha256, path), "XSHA256 /a b/ü"),
      (.site(.chmod(0o4755, path)), "SITE CHMOD 4755 /a b/ü"), (.site(.raw(Array("HELP".utf8))), "SITE HELP"),
      (.noop, "NOOP"), (.abor, "ABOR"), (.raw(Array("XYZZY a".utf8)), "XYZZY a"),
    ] as [(Command, String)])
  func encoded(_ command: Command, _ line: String) throws {
    #expect(try command.encoded() == Array((line + "\r\n").utf8))
  }

  @Test("bytes that are not UTF-8, 0xFF among them, go out as they are")
  func anyBytes() throws {
    let path = try RemotePath([0x2F, 0xFF, 0x80, 0xE4])
    #expect(try Command.retr(path).encoded() == Array("RETR /".utf8) + [0xFF, 0x80, 0xE4, 0x0D, 0x0A])
  }

  @Test("CR, LF and NUL are refused wherever they are", arguments: ["\r", "\n", "\0", "\r\n"])
  func injection(_ byte: String) throws {
    let text = "a\(byte)DELE b"
    var commands: [Command] = [
      .user(text), .pass(Secret(text)), .acct(Secret(text)), .host(text), .clnt(text), .raw(Array(text.utf8)),
      .site(.raw(Array(text.utf8))), .opts(.mlst([text])),
    ]
    if byte != "\0" {
      let path = try RemotePath("/" + text)
      commands += [
        .cwd(path), .retr(path), .stor(path), .rnto(path), .mfmt(Self.time, path), .list(path, isComplete: true),
      ]
    }
    for command in commands {
      let error = #expect(throws: FTPError.self) { try command.encoded() }
      guard case .forbiddenByte(let found, let logged) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect([0x00, 0x0A, 0x0D].contains(found))
      #expect(logged == command.logged)
    }
  }

  @Test("secrets are masked in logs, errors and descriptions, typed ones too")
  func masked() {
    #expect(Command.pass(Secret("geheim")).logged == "PASS ••••")
    #expect(Command.raw(Array("pass geheim".utf8)).logged == "pass ••••")
    #expect(Command.raw(Array(" PASS  geheim".utf8)).logged == "PASS ••••")
    #expect(!"\(Command.pass(Secret("geheim")))".contains("geheim"))
    let error = #expect(throws: FTPError.self) { try Command.pass(Secret("geheim\n")).encoded() }
    #expect(!error!.description.contains("geheim"))
    #expect(error!.description.contains("a line feed"))
  }

  @Test("names are escaped in logs")
  func loggedNames() throws {
    #expect(Command.retr(try RemotePath("/a\u{1B}[2J\n")).logged == "RETR /a\\x1B[2J\\x0A")
  }
}
