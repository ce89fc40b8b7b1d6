import FTP
import Testing

@Suite("Listings unlike Unix")
struct OtherListingTests {
  static let windows: [ListingRow] = [
    .init("11-19-24  10:02AM       <DIR>          folder", "folder", .directory, "2024-11-19 10:02"),
    .init("11-19-24  10:02PM                 4213 file.txt", "file.txt", .file, size: 4213, "2024-11-19 22:02"),
    .init("11-19-2024  12:02AM            1,234,567 midnight", "midnight", .file, size: 1_234_567, "2024-11-19 00:02"),
    .init("11-19-2024  12:02PM            1234 noon", "noon", .file, size: 1234, "2024-11-19 12:02"),
    .init("11/19/2024  10:02 PM    <DIR>          blank before PM", "blank before PM", .directory, "2024-11-19 22:02"),
    .init("11/19/2024  10:02p                 4213 letter", "letter", .file, size: 4213, "2024-11-19 22:02"),
    .init("19.11.2024  22:02    <DIR>          german", "german", .directory, "2024-11-19 22:02"),
    .init("19.11.2024  22:02         1.234.567 german.txt", "german.txt", .file, size: 1_234_567, "2024-11-19 22:02"),
    .init("2024-11-19  22:02    <DIR>          iso", "iso", .directory, "2024-11-19 22:02"),
    .init("2024-11-19  22:02:33           4213 seconds", "seconds", .file, size: 4213, "2024-11-19 22:02:33"),
    .init("11-19-99  10:02AM                 1 1999", "1999", .file, size: 1, "1999-11-19 10:02"),
    .init("11-19-24  10:02AM       <DIR>           leading", " leading", .directory, "2024-11-19 10:02"),
    .init("11-19-24  10:02AM                 4213  leading", " leading", .file, size: 4213, "2024-11-19 10:02"),
    .init(
      "11-19-24  10:02AM       <JUNCTION>     link [C:\\target folder]", "link",
      .symbolicLink(target: Array("C:\\target folder".utf8)), "2024-11-19 10:02"),
    .init("11-19-24  10:02AM       <SYMLINKD>     link", "link", .symbolicLink(target: nil), "2024-11-19 10:02"),
    .init("11-19-24  10:02AM       99999999999999999999 over", "over", .file, "2024-11-19 10:02"),
    .init("11-19-24  10:02AM       <DIR>  short column", "short column", .directory, "2024-11-19 10:02"),
  ]

  static let others: [(String, [ListingRow])] = [
    (
      "EPLF",
      [
        .init(
          "+i8388621.48594,m825718503,r,s280,\tdjb.html", "djb.html", .file, size: 280, "1996-03-01 22:15:03Z",
          unique: "8388621.48594"),
        .init("+/,m1732010553,up755,\t a dir", " a dir", .directory, "2024-11-19 10:02:33Z", mode: 0o755),
        .init("+s,\tx", "x", .other),
      ]
    ),
    (
      "NetWare",
      [
        .init(
          "d [R----F--] supervisor            512       Jan 16 18:53    login", "login", .directory, size: 512,
          "2024-01-16 18:53", owner: "supervisor"),
        .init(
          "- [RWCEAFMS] rhesus             214059       Oct 20  2020    cx.exe", "cx.exe", .file, size: 214_059,
          "2020-10-20", owner: "rhesus"),
        .init("-[RWCEMFA]  ada  4213  Nov 19 10:02 a b", "a b", .file, size: 4213, "2024-11-19 10:02", owner: "ada"),
      ]
    ),
    (
      "VMS",
      [
        .init(
          "README.TXT;4          2/9      21-NOV-1998 21:54:33  [SYSTEM]      (RWED,RWED,RE,)", "README.TXT;4", .file,
          size: 1024, "1998-11-21 21:54:33", owner: "SYSTEM"),
        .init(
          "DATA.DIR;1            1        21-NOV-1998 21:54     [GROUP,ADA]   (RWE,RWE,RE,R)", "DATA", .directory,
          "1998-11-21 21:54", owner: "GROUP,ADA"),
        .init(
          "KB.TXT;1  107KB  21-NOV-1998 21:54:33  [ADA] (RWED,RWED,,)", "KB.TXT;1", .file, size: 109_568,
          "1998-11-21 21:54:33", owner: "ADA"),
        .init(
          "A_VERY_LONG_NAME_THAT_TAKES_A_LINE.TXT;12\r\n                      213/216  29-JAN-1996 03:33:12  [ADA]   (RWED,RWED,,)",
          "A_VERY_LONG_NAME_THAT_TAKES_A_LINE.TXT;12", .file, size: 109_056, "1996-01-29 03:33:12", owner: "ADA"),
        .init("SECRET.TXT;1  insufficient privilege or object protection violation", "SECRET.TXT;1", .file),
      ]
    ),
    (
      "MVS",
      [
        .init(
          "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname\r\nWYOSPT 3420   2003/05/21  1  200  FB      80  8053  PS  48-MVS.FILE",
          "48-MVS.FILE", .file, "2003-05-21"),
        .init(
          "WPTA01 3290   2004/03/04  1    3  FB      80  3125  PO  48-MVS.DATASET", "48-MVS.DATASET", .directory,
          "2004-03-04"),
        .init("TSO004 3390   **NONE**    1    1  VB     256 27998  PS  'ADA.QUOTED'", "ADA.QUOTED", .file),
        .init("Migrated                                                ADA.OLD", "ADA.OLD", .file),
        .init("Pseudo Directory                                        ADA.TREE", "ADA.TREE", .directory),
        .init("USRVOL VSAM ADA.VSAM", "ADA.VSAM", .file),
      ]
    ),
    (
      "MVS",
      [
        .init(
          " Name     VV.MM   Created       Changed      Size  Init   Mod   Id\r\nMEMBER1   01.03 2002/09/12 2002/10/11 09:37    11    11     0 KIL001",
          "MEMBER1", .file, "2002-10-11 09:37", owner: "KIL001"),
        .init("MEMBER2", "MEMBER2", .file),
      ]
    ),
    (
      "MVS",
      [
        .init(
          "49MVSPDS    01.01 2004/06/22 2004/06/22 16:32   128   128    0 BOBY12", "49MVSPDS", .file,
          "2004-06-22 16:32", owner: "BOBY12")
      ]
    ),
    (
      "VM/CMS",
      [
        .init(
          "ENDTRACE TCPIP    F  80  1  1  1999-07-28 12:24:01 TCP191", "ENDTRACE.TCPIP", .file, size: 80,
          "1999-07-28 12:24:01"),
        .init(
          "TEST     EXEC     V         72         24          1 12/08/07 14:31:56 DISK", "TEST.EXEC", .file, size: 1728,
          "2007-12-08 14:31:56"),
        .init(
          "DATADVH  DIR        -          -          - 2005-07-05 11:58:50 -", "DATADVH", .directory,
          "2005-07-05 11:58:50"),
      ]
    ),
    (
      "AS/400",
      [
        .init(
          "QSYS            77824 02/23/00 15:09:55 *DIR       dir name/", "dir name", .directory, size: 77_824,
          "2000-02-23 15:09:55", owner: "QSYS"),
        .init(
          "ADA             36864 04/04/07 19:33:11 *FILE      STRPGMDD.FILE", "STRPGMDD.FILE", .file, size: 36_864,
          "2007-04-04 19:33:11", owner: "ADA"),
        .init(
          "ADA               123 07/13/24 10:02:33 *STMF      file.txt", "file.txt", .file, size: 123,
          "2024-07-13 10:02:33", owner: "ADA"),
        .init("ADA                                     *MEM       ABC.MBR", "ABC.MBR", .file, owner: "ADA"),
      ]
    ),
    (
      "NonStop",
      [
        .init(
          "File         Code             EOF  Last Modification    Owner  RWEP\r\nIARPTS        101             16354  18-Mar-20 15:09:12 244, 10 \"nnnn\"",
          "IARPTS", .file, size: 16_354, "2020-03-18 15:09:12", owner: "244,10"),
        .init(
          "JENNYCB2     1000   O        16384  04-Mar-21 15:07:01 1,255 oooo", "JENNYCB2", .file, size: 16_384,
          "2021-03-04 15:07:01", owner: "1,255"),
      ]
    ),
    (
      "OS/2",
      [
        .init("     0           DIR   05-12-97   16:44  PSFONTS", "PSFONTS", .directory, "1997-05-12 16:44"),
        .init(
          " 36611      A          04-23-103  10:57  OS2 test.file", "OS2 test.file", .file, size: 36_611,
          "2003-04-23 10:57"),
      ]
    ),
    (
      "OS/2",
      [
        .init(
          "206876  Apr 04, 2000 21:06 VShell (old version)", "VShell (old version)", .file, size: 206_876,
          "2000-04-04 21:06"),
        .init("0       Dec 12, 2002 02:13 folder/", "folder", .directory, "2002-12-12 02:13"),
      ]
    ),
    (
      "OS/2",
      [
        .init(
          "  size          date       time       name\r\n--------       ------     ------    --------\r\n     512    JAN-01-1980  00:00:00   EPROM             <DIR>",
          "EPROM", .directory, "1980-01-01 00:00:00"),
        .init("    3355    May-31-2000  14:04:12   config.cfg", "config.cfg", .file, size: 3355, "2000-05-31 14:04:12"),
      ]
    ),
    (
      "AS/400",
      [
        .init(
          "      36864 04/04/07 19:33:11 *FILE      ORDERS.FILE", "ORDERS.FILE", .file, size: 36_864,
          "2007-04-04 19:33:11"),
        .init("ADA                *MEM       ORDERS.FILE/MAY.MBR", "MAY.MBR", .file, owner: "ADA"),
      ]
    ),
    (
      "VMS",
      [
        .init("[GROUP.ADA]NOTES.TXT;1  1/3  5-MAR-1993 18:09", "NOTES.TXT;1", .file, size: 512, "1993-03-05 18:09"),
        .init("[GROUP.ADA]SUB.DIR;1  1/3  5-MAR-1993 18:09", "SUB", .directory, "1993-03-05 18:09"),
      ]
    ),
    (
      "MVS",
      [
        .init("ADAVOL Tape                                  ADA.ON.TAPE", "ADA.ON.TAPE", .file),
        .init("TSO005 3390   2005/06/06 213000 U       0 27998  PO  ADA.LOADS", "ADA.LOADS", .directory, "2005-06-06"),
      ]
    ),
    (
      "JES",
      [
        .init("ADA1     JOB01906  OUTPUT    3 Spool Files", "JOB01906", .file),
        .init("ADA2     JOB01907  INPUT", "JOB01907", .file),
      ]
    ),
    (
      "JES",
      [
        .init(
          "JOBNAME  JOBID    OWNER    STATUS CLASS\r\nADA1     JOB02041 ADA      OUTPUT A        RC=0000 5 spool files",
          "JOB02041", .file, owner: "ADA"),
        .init("SYSLOG   STC00012 ADA      ACTIVE STC", "STC00012", .file, owner: "ADA"),
      ]
    ),
    (
      "Connect:Enterprise",
      [
        .init(
          "-C--E-----FTP B ADA1        18128       41 Aug 12 13:56 MAY INVOICES", "MAY INVOICES", .file, size: 41,
          "2024-08-12 13:56", owner: "ADA1"),
        .init(
          "-ARTE-----TCP A ADA1        18129  1234567 Dec 31 23:59 ORDERS", "ORDERS", .file, size: 1_234_567,
          "2023-12-31 23:59", owner: "ADA1"),
      ]
    ),
    (
      "OS-9",
      [
        .init(
          " Owner    Last modified  Attributes Sector Bytecount Name\r\n-------   -------------  ---------- ------ --------- ----\r\n  0.0     01/02/15 1250   ---wr-wr     3C      1024 notes",
          "notes", .file, size: 1024, "2001-02-15 12:50", owner: "0.0"),
        .init(
          "  1.12    85/03/10 0901   d-ewrewr      B       160 CMDS", "CMDS", .directory, "1985-03-10 09:01",
          owner: "1.12"),
      ]
    ),
    (
      "numeric Unix",
      [
        .init(
          "0100644   500  101   12345    1732010553       name", "name", .file, size: 12_345, "2024-11-19 10:02:33Z",
          mode: 0o644, owner: "500", group: "101"),
        .init(
          "040755    0 0 4096 0 dir", "dir", .directory, size: 4096, "1970-01-01 00:00:00Z", mode: 0o755, owner: "0",
          group: "0"),
      ]
    ),
  ]

  @Test("a Windows line alone", arguments: windows)
  func windowsAlone(_ row: ListingRow) throws {
    let (entries, summary) = try ListingParser.parse(row.line + [0x0D, 0x0A])
    #expect(entries == [row.entry])
    #expect(summary.dialect == "Windows")
  }

  @Test("one line that can only start with the day settles the order for all, the first included")
  func dayFirst() throws {
    let listing = "03/04/2024  22:02    1 a\r\n19/04/2024  22:02    1 b\r\n03/04/2024  22:02    1 c\r\n"
    let (entries, _) = try ListingParser.parse(Array(listing.utf8))
    #expect(
      entries.map(\.modified) == ["2024-04-03 22:02", "2024-04-19 22:02", "2024-04-03 22:02"].map(Timestamp.shown))
  }

  @Test("what `dir` writes around its lines is no loss")
  func frame() throws {
    let listing =
      " Volume in drive C is System\r\n Volume Serial Number is 1234-5678\r\n\r\n Directory of C:\\\r\n\r\n"
      + "11-19-24  10:02AM       <DIR>          .\r\n11-19-24  10:02AM       <DIR>          ..\r\n"
      + "11-19-24  10:02AM                    5 a\r\n               1 File(s)              5 bytes\r\n"
      + "               2 Dir(s)  1,000,000 bytes free\r\n"
    let (entries, summary) = try ListingParser.parse(Array(listing.utf8))
    #expect(entries.map(\.name.text) == ["a"])
    #expect(summary.unparsed == 0)
  }

  @Test("other systems", arguments: others.indices)
  func other(_ index: Int) throws {
    let (dialect, rows) = Self.others[index]
    let (entries, summary) = try ListingParser.parse(Array(rows.map(\.line).joined(separator: [0x0D, 0x0A])))
    #expect(entries == rows.map(\.entry))
    #expect(summary.dialect == dialect)
    #expect(summary.unparsed == 0)
  }

  @Test("frames of VMS listings are no loss")
  func vmsFrame() throws {
    let listing =
      "\r\nDirectory SYS$SYSDEVICE:[ANON]\r\n\r\nREADME.TXT;4  2  21-NOV-1998 21:54  [SYSTEM] (RWED,RWED,RE,)\r\n\r\n"
      + "Total of 1 file, 2 blocks\r\n"
    let (entries, summary) = try ListingParser.parse(Array(listing.utf8))
    #expect(entries.count == 1)
    #expect(summary.unparsed == 0)
  }
}
