import FTP
import Testing

@Suite("Unix listings")
struct UnixListingTests {
  static let rows: [ListingRow] = [
    // GNU ls behind vsftpd and ProFTPD
    .init(
      "-rw-r--r--    1 1000     1000         4213 Nov 19 10:02 index.html", "index.html", .file, size: 4213,
      "2024-11-19 10:02", mode: 0o644, owner: "1000", group: "1000"),
    .init(
      "drwxr-xr-x   2 ada      users        4096 Mar  9  2021 assets", "assets", .directory, size: 4096, "2021-03-09",
      mode: 0o755, owner: "ada", group: "users"),
    .init(
      "lrwxrwxrwx   1 root     root            7 Apr 22  2024 bin -> usr/bin", "bin",
      .symbolicLink(target: Array("usr/bin".utf8)), size: 7, "2024-04-22", mode: 0o777, owner: "root", group: "root"),
    .init(
      "-rwsr-sr-t   1 root     root        59976 Feb  6  2024 passwd", "passwd", .file, size: 59976, "2024-02-06",
      mode: 0o7755, owner: "root", group: "root"),
    .init(
      "-rwSr-Sr-T   1 root root 0 Feb  6  2024 x", "x", .file, size: 0, "2024-02-06", mode: 0o7644, owner: "root",
      group: "root"),
    .init(
      "-rw-r-lr--   1 root sys 0 Feb  6  2024 locked", "locked", .file, size: 0, "2024-02-06", mode: 0o2644,
      owner: "root", group: "sys"),
    .init(
      "drwxr-xr-x+  5 ada users 4096 Nov 19 10:02 acl", "acl", .directory, size: 4096, "2024-11-19 10:02", mode: 0o755,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r--.  1 ada users 12 Nov 19 10:02 selinux", "selinux", .file, size: 12, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r--@  1 ada  staff  6148 Nov 19 10:02 .DS_Store", ".DS_Store", .file, size: 6148, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "staff"),
    .init(
      "crw-rw-rw-   1 root     wheel      1,   3 Jan  1  2020 null", "null", .other, "2020-01-01", mode: 0o666,
      owner: "root", group: "wheel"),
    .init(
      "brw-r-----   1 root     disk       8,16 Jan  1  2020 sdb", "sdb", .other, "2020-01-01", mode: 0o640,
      owner: "root", group: "disk"),
    .init(
      "crw-rw-rw-  1 root  wheel  0x1000003 Nov 19 10:02 zero", "zero", .other, "2024-11-19 10:02", mode: 0o666,
      owner: "root", group: "wheel"),
    .init(
      "srwxrwxrwx   1 ada users 0 Nov 19 10:02 socket", "socket", .other, size: 0, "2024-11-19 10:02", mode: 0o777,
      owner: "ada", group: "users"),
    .init(
      "prw-------   1 ada users 0 Nov 19 10:02 pipe", "pipe", .other, size: 0, "2024-11-19 10:02", mode: 0o600,
      owner: "ada", group: "users"),
    .init(
      "Drw-r--r--   1 root root 0 Nov 19 10:02 door", "door", .other, size: 0, "2024-11-19 10:02", mode: 0o644,
      owner: "root", group: "root"),
    .init(
      "d?????????   ? ada users 0 Nov 19 10:02 odd", "odd", .directory, size: 0, "2024-11-19 10:02", owner: "? ada",
      group: "users"),

    // Columns missing, added or run together
    .init(
      "-rw-r--r--   1 ada 4213 Nov 19 10:02 nogroup", "nogroup", .file, size: 4213, "2024-11-19 10:02", mode: 0o644,
      owner: "ada"),
    .init(
      "-rw-r--r--   ada users 4213 Nov 19 10:02 nolinks", "nolinks", .file, size: 4213, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r--   1000 1000 4213 Nov 19 10:02 nolinks", "nolinks", .file, size: 4213, "2024-11-19 10:02", mode: 0o644,
      owner: "1000", group: "1000"),
    .init(
      "-rw-r--r--   1 1000 4213 Nov 19 10:02 numeric", "numeric", .file, size: 4213, "2024-11-19 10:02", mode: 0o644,
      owner: "1000"),
    .init(
      "-rw-r--r--   ada 4213 Nov 19 10:02 owner", "owner", .file, size: 4213, "2024-11-19 10:02", mode: 0o644,
      owner: "ada"),
    .init("-rw-r--r--   4213 Nov 19 10:02 bare", "bare", .file, size: 4213, "2024-11-19 10:02", mode: 0o644),
    .init(
      "drwxrwxrwx1024 ada users 4096 Nov 19 10:02 manylinks", "manylinks", .directory, size: 4096, "2024-11-19 10:02",
      mode: 0o777, owner: "ada", group: "users"),
    .init(
      "-rw-r--r--   1 ftp      ftp1234567890 Nov 19 10:02 glued", "glued", .file, size: 1_234_567_890,
      "2024-11-19 10:02", mode: 0o644, owner: "ftp", group: "ftp"),
    .init(
      "1234567  8 -rw-r--r-- 1 ada users 4213 Nov 19 10:02 inode", "inode", .file, size: 4213, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),
    .init(
      "  8 -rw-r--r-- 1 ada users 4213 Nov 19 10:02 blocks", "blocks", .file, size: 4213, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r--   1 EXAMPLE\\ada EXAMPLE\\Domain Users 4213 Nov 19 10:02 domain", "domain", .file, size: 4213,
      "2024-11-19 10:02", mode: 0o644, owner: "EXAMPLE\\ada", group: "EXAMPLE\\Domain Users"),
    .init(
      "-rw-r--r--   1 EXAMPLE\\ada Domain Users 4213 Nov 19 10:02 domain", "domain", .file, size: 4213,
      "2024-11-19 10:02", mode: 0o644, owner: "EXAMPLE\\ada", group: "Domain Users"),
    .init(
      "-rw-r--r--   1 Ada Lovelace staff 4213 Nov 19 10:02 blanks", "blanks", .file, size: 4213, "2024-11-19 10:02",
      mode: 0o644, owner: "Ada Lovelace", group: "staff"),
    .init(
      "-rw-r--r--   1 ada@example.org users 4213 Nov 19 10:02 mail", "mail", .file, size: 4213, "2024-11-19 10:02",
      mode: 0o644, owner: "ada@example.org", group: "users"),
    .init(
      "-rw-r--r--   1 May 5 4213 Nov 19 10:02 may", "may", .file, size: 4213, "2024-11-19 10:02", mode: 0o644,
      owner: "May", group: "5"),
    .init(
      "drwxr-xr-x               folder        2 May 10  1996 network", "network", .directory, size: 2, "1996-05-10",
      mode: 0o755),
    .init("-rw-r--r--   1 ada users 4213 noday", "noday", .file, size: 4213, mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r--\t1\tada\tusers\t4213\tNov\t19\t10:02\ttabs", "tabs", .file, size: 4213, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),

    // Sizes
    .init(
      "-rw-r--r-- 1 ada users 33.5k Nov 19 10:02 human", "human", .file, size: 34304, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 2.0G Nov 19 10:02 human", "human", .file, size: 2_147_483_648, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1,234,567 Nov 19 10:02 commas", "commas", .file, size: 1_234_567, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 9007199254740992 Nov 19 10:02 max", "max", .file, size: 1 << 53, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 9007199254740993 Nov 19 10:02 over", "over", .file, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 18446744073709551616 Nov 19 10:02 wrap", "wrap", .file, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 9999999999999G Nov 19 10:02 big", "big", .file, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),

    // Names
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02  leading", " leading", .file, size: 1, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19  2020   two", "  two", .file, size: 1, "2020-11-19", mode: 0o644, owner: "ada",
      group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 trailing ", "trailing ", .file, size: 1, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 a  b", "a  b", .file, size: 1, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 12 Nov 19 10:02 x", "12 Nov 19 10:02 x", .file, size: 1,
      "2024-11-19 10:02", mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 2020 report", "2020 report", .file, size: 1, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 a -> b", "a -> b", .file, size: 1, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 back\\slash", "back\\slash", .file, size: 1, "2024-11-19 10:02",
      mode: 0o644, owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 \u{1B}[2J", "\u{1B}[2J", .file, size: 1, "2024-11-19 10:02", mode: 0o644,
      owner: "ada", group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 -rf", "-rf", .file, size: 1, "2024-11-19 10:02", mode: 0o644, owner: "ada",
      group: "users"),
    .init(
      "-rw-r--r-- 1 ada users 1 Nov 19 10:02 ...", "...", .file, size: 1, "2024-11-19 10:02", mode: 0o644, owner: "ada",
      group: "users"),
    .init(
      "drwxr-xr-x 1 ada users 1 Nov 19 10:02 classified/", "classified", .directory, size: 1, "2024-11-19 10:02",
      mode: 0o755, owner: "ada", group: "users"),
    .init(
      Array("-rw-r--r-- 1 ada users 1 Nov 19 10:02 ".utf8) + [0xFF, 0xE4], [0xFF, 0xE4], .file, size: 1,
      "2024-11-19 10:02", mode: 0o644, owner: "ada", group: "users"),

    // Links
    .init(
      "lrwxrwxrwx 1 ada users 1 Nov 19 10:02 a -> b -> c", "a -> b", .symbolicLink(target: Array("c".utf8)), size: 1,
      "2024-11-19 10:02", mode: 0o777, owner: "ada", group: "users"),
    .init(
      "lrwxrwxrwx 1 ada users 6 Nov 19 10:02 a -> b -> c", "a", .symbolicLink(target: Array("b -> c".utf8)), size: 6,
      "2024-11-19 10:02", mode: 0o777, owner: "ada", group: "users"),
    .init(
      "lrwxrwxrwx 1 ada users 0 Nov 19 10:02 a -> b -> c", "a", .symbolicLink(target: Array("b -> c".utf8)), size: 0,
      "2024-11-19 10:02", mode: 0o777, owner: "ada", group: "users"),
    .init(
      "lrwxrwxrwx 1 ada users 0 Nov 19 10:02 bare", "bare", .symbolicLink(target: nil), size: 0, "2024-11-19 10:02",
      mode: 0o777, owner: "ada", group: "users"),
  ]

  @Test("a line alone means what it says", arguments: rows)
  func alone(_ row: ListingRow) throws {
    let (entries, summary) = try ListingParser.parse(row.line + [0x0D, 0x0A])
    #expect(entries == [row.entry])
    #expect(summary.unparsed == 0)
    #expect(summary.dialect == "Unix")
  }

  @Test("all lines together mean the same, with LF alone and without an end of the last line too")
  func together() throws {
    for (separator, end) in [("\r\n", "\r\n"), ("\n", "\n"), ("\r\r\n", ""), ("\n\r\n", "")] {
      let listing =
        Array("total 42\n".utf8) + Self.rows.map(\.line).joined(separator: Array(separator.utf8)) + Array(end.utf8)
      let (entries, summary) = try ListingParser.parse(listing)
      #expect(entries == Self.rows.map(\.entry))
      #expect(summary.entries == Self.rows.count)
      #expect(summary.unparsed == 0)
    }
  }

  @Test("every way to split a listing gives the same entries")
  func splits() throws {
    let listing = Array(Self.rows.prefix(4).map(\.line).joined(separator: [0x0D, 0x0A]))
    for first in 0...listing.count {
      var parser = ListingParser(format: .list, now: .testNow)
      parser.append(listing[..<first])
      parser.append(listing[first...])
      try parser.finish()
      #expect(parser.takeEntries() == Self.rows.prefix(4).map(\.entry))
    }
    var parser = ListingParser(format: .list, now: .testNow)
    for byte in listing { parser.append(CollectionOfOne(byte)) }
    try parser.finish()
    #expect(parser.takeEntries() == Self.rows.prefix(4).map(\.entry))
  }
}
