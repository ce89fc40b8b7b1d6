import FTP
import Testing

@Suite("MLSD and MLST")
struct MLSDTests {
  static let rows: [ListingRow] = [
    .init("type=file;size=5;modify=20241119100233; name", "name", .file, size: 5, "2024-11-19 10:02:33Z"),
    .init(
      "modify=20241119100233;perm=flcdmpe;type=dir;unique=FD02U2;UNIX.group=33;UNIX.groupname=www-data;UNIX.mode=0755;UNIX.owner=1000;UNIX.ownername=ada; assets",
      "assets", .directory, "2024-11-19 10:02:33Z", mode: 0o755, owner: "ada", group: "www-data", unique: "FD02U2",
      perm: "flcdmpe"),
    .init("Type=File;Size=9007199254740992;Perm=adfrw; big", "big", .file, size: 1 << 53, perm: "adfrw"),
    .init("type=file;size=9007199254740993; bigger", "bigger", .file),
    .init("type=file;size=9223372036854775807; biggest", "biggest", .file),
    .init("type=file;size=9223372036854775808; over", "over", .file),
    .init("type=file;size=-1; negative", "negative", .file),
    .init("type=dir;sizd=4096;size=1; sizd", "sizd", .directory, size: 4096),
    .init("TYPE=OS.unix=slink:/usr/bin;size=7; link", "link", .symbolicLink(target: Array("/usr/bin".utf8)), size: 7),
    .init(
      "type=OS.unix=slink:/a b/c;unix.mode=0777; link", "link", .symbolicLink(target: Array("/a b/c".utf8)), mode: 0o777
    ),
    .init("type=OS.unix=slink:; link", "link", .symbolicLink(target: nil)),
    .init("type=OS.unix=slink; link", "link", .symbolicLink(target: nil)),
    .init("type=OS.unix=symlink; link", "link", .symbolicLink(target: nil)),
    .init("type=OS.unix=chr-1/3; null", "null", .other),
    .init("type=OS.x;UNIX.uid=7;unix.gid=8; odd", "odd", .other, owner: "7", group: "8"),
    .init("type=file;size=1;  leading", " leading", .file, size: 1),
    .init("type=file;size=1; trailing ", "trailing ", .file, size: 1),
    .init("type=file;size=1; a; b=c; d", "a; b=c; d", .file, size: 1),
    .init("type=file;size=1 no semicolon", "no semicolon", .file, size: 1),
    .init(" no facts", "no facts", .file),
    .init("perm=el; folder by its rights", "folder by its rights", .directory, perm: "el"),
    .init("type=file;modify=20241301000000;size=; bad values", "bad values", .file),
    .init("type=file;__proto__=x;constructor=y;;=;a=; unknown facts", "unknown facts", .file),
    .init("type=file;UNIX.mode=9; mode", "mode", .file),
    .init("type=file;UNIX.owner=ada;UNIX.uid=1000; owner", "owner", .file, owner: "ada"),
    .init("type=file;UNIX.mode=100644; mode", "mode", .file, mode: 0o644),
    .init("type=file;UNIX.mode=0o755; mode", "mode", .file, mode: 0o755),
    .init("type=file;UNIX.mode=0o; mode", "mode", .file),
    .init("type=file; -rw-r--r-- 1 ada users 1 Nov 19 10:02 x", "-rw-r--r-- 1 ada users 1 Nov 19 10:02 x", .file),
  ]

  @Test("a line means what its facts say", arguments: rows)
  func facts(_ row: ListingRow) throws {
    let (entries, summary) = try ListingParser.parse(row.line + [0x0D, 0x0A], .mlsd)
    #expect(entries == [row.entry])
    #expect(summary.unparsed == 0)
    #expect(summary.dialect == "MLSD")
  }

  @Test("fractions of a second are kept")
  func fraction() throws {
    let (entries, _) = try ListingParser.parse(Array("type=file;modify=20241119100233.25; x\r\n".utf8), .mlsd)
    let expected = Timestamp(seconds: 1_732_010_553, nanoseconds: 250_000_000, precision: .nanosecond)
    #expect(entries.first?.modified == expected)
  }

  @Test("the folder itself and the one above are left out, whatever they are called")
  func folders() throws {
    let listing =
      "type=cdir; /home/ada\r\ntype=pdir; ..\r\nType=CDIR; .\r\ntype=dir; .\r\ntype=dir; ..\r\ntype=file; a\r\n"
    let (entries, summary) = try ListingParser.parse(Array(listing.utf8), .mlsd)
    #expect(entries.map(\.name.text) == ["a"])
    #expect(summary.entries == 1)
    #expect(summary.unparsed == 0)
  }

  @Test("an empty listing is an empty folder", arguments: ["", "\r\n", "type=cdir; .\r\n"])
  func empty(_ text: String) throws {
    #expect(try ListingParser.parse(Array(text.utf8), .mlsd).entries.isEmpty)
  }

  @Test(
    "what MLST says", arguments: ["250-Listing\r\n", "250-\r\n"],
    [" type=file;size=5; /a/b\r\n", "type=file;size=5; b\r\n", "250-type=file;size=5; b\r\n"])
  func mlst(_ head: String, _ line: String) throws {
    var parser = ReplyParser()
    parser.append((head + line + "250 End\r\n").utf8)
    let reply = try #require(try parser.next())
    let name = try FileName("b")
    #expect(try ListingEntry(mlst: reply, name: name) == ListingEntry(name: name, kind: .file, size: 5))
  }

  @Test("MLST of a folder calls it the folder itself")
  func mlstFolder() throws {
    let reply = Reply(250, lines: ["Start", " type=cdir;modify=20241119100233; /a", "End"].map { Array($0.utf8) })
    #expect(try ListingEntry(mlst: reply, name: FileName("a")).kind == .directory)
  }

  @Test("replies to MLST that say nothing")
  func badMLST() throws {
    let name = try FileName("a")
    #expect(throws: FTPError.self) { try ListingEntry(mlst: Reply(550, "No"), name: name) }
    #expect(throws: FTPError.self) { try ListingEntry(mlst: Reply(250, "type=file; a"), name: name) }
    let empty = Reply(250, lines: ["Start", " a", "End"].map { Array($0.utf8) })
    #expect(throws: FTPError.self) { try ListingEntry(mlst: empty, name: name) }
  }
}
