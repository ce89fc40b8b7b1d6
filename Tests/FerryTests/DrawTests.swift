import FTP
import Terminal
import Testing
import Transfers

@testable import ferry

struct DrawTests {
  private func expect(
    _ screen: Screen, _ picture: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let shown = screen.lines.joined(separator: "\n")
    #expect(shown == picture, "\n\(shown)", sourceLocation: sourceLocation)
  }

  @Test("two panes, drawer and keys on 80x24")
  func panes() {
    var screen = Screen.filled()
    screen.press("Down Down Ins Ins")
    screen.receive(.queueChanged(Self.queue))
    expect(
      screen,
      """
      ╭─ ~/site ─────────────────────────────╮╭─ ■ ada@files.example.org /www ───────╮
      │ Name ▲                   Size Date   ││ Name ▲                   Size Date   │
      │ ..                                   ││ ..                                   │
      │ assets/                   dir Nov 19 ││ assets/                   dir Nov 19 │
      │▌drafts/                   dir   2024 ││ logs/                     dir  00:00 │
      │▌index.html            4.2 KiB Nov 20 ││ index.html            4.1 KiB Nov  2 │
      │ photo9.jpg            1.0 MiB  08:15 ││                                      │
      │ photo10.jpg           2.3 MiB   2023 ││                                      │
      │ style.css               812 B Nov 20 ││                                      │
      │                                      ││                                      │
      │                                      ││                                      │
      │                                      ││                                      │
      │                                      ││                                      │
      │                                      ││                                      │
      │                                      ││                                      │
      ├─ 2 marked · 4.2 KiB ── 233 GiB free ─┤├── TLS 1.3 · explicit · data resumed ─┤
      │  Queue 2▸ 41… 1? 1!   Log   Session                     96 MiB/s · 3:04 left │
      │  All 45  Running 2  Waiting 41  Needs you 1  Failed 1  Done                █ │
      │ ↑ index.html  ~/site → /www       ━━━━━━━━━━╾──────  63 %   12 MiB/s    0:03 ┃
      │ ↓ a rather …p.tar.gz  …er → …ads  ━━━╾─────────────  21 %   85 MiB/s    0:37 │
      │ ↑ style.css  ~/site → /www        ? exists already                           │
      │ ↑ photo9.jpg  ~/site → /www       ! 550 Permission denied.                   │
      ╰──────────────────────────────────────────────────────────────────────────────╯
       1 Help 2 Sites 3 View 4 Edit 5 Copy 6 Move 7 Folder 8 Delete 9 Menu 10 Quit
      """)
  }

  @Test("the smallest screen shows everything that matters")
  func smallest() {
    var screen = Screen.filled(ScreenLayout.smallest)
    screen.receive(.queueChanged(Self.queue))
    expect(
      screen,
      """
      ╭─ ~/site ───────────────────╮╭─ ■ files.example.org /www ─╮
      │ Name ▲                Size ││ Name ▲                Size │
      │ ..                         ││ ..                         │
      │ assets/                dir ││ assets/                dir │
      │ drafts/                dir ││ logs/                  dir │
      │ index.html         4.2 KiB ││ index.html         4.1 KiB │
      │ photo9.jpg         1.0 MiB ││                            │
      │ photo10.jpg        2.3 MiB ││                            │
      │ style.css            812 B ││                            │
      ├─ 6 items ─── 233 GiB free ─┤├─────── TLS 1.3 · explicit ─┤
      │  Queue 2▸ 41… 1? 1!   Log   Session             96 MiB/s │
      │ ↑ index.html            ━━━━━╾───  63 %   12 MiB/s  0:03 ┃
      │ ↓ a rather l…up.tar.gz  ━╾───────  21 %   85 MiB/s  0:37 │
      │ ↑ style.css             ? exists already                 │
      ╰──────────────────────────────────────────────────────────╯
       1Help2Sites3View4Edit5Copy6Move7Folder8Delete9Menu10Quit
      """)
  }

  @Test("without the drawer the panes have the whole screen")
  func noDrawer() {
    var screen = Screen.filled(ScreenLayout.smallest)
    screen.press("T")
    expect(
      screen,
      """
      ╭─ ~/site ───────────────────╮╭─ ■ files.example.org /www ─╮
      │ Name ▲                Size ││ Name ▲                Size │
      │ ..                         ││ ..                         │
      │ assets/                dir ││ assets/                dir │
      │ drafts/                dir ││ logs/                  dir │
      │ index.html         4.2 KiB ││ index.html         4.1 KiB │
      │ photo9.jpg         1.0 MiB ││                            │
      │ photo10.jpg        2.3 MiB ││                            │
      │ style.css            812 B ││                            │
      │                            ││                            │
      │                            ││                            │
      │                            ││                            │
      │                            ││                            │
      │                            ││                            │
      ╰─ 6 items ─── 233 GiB free ─╯╰─────── TLS 1.3 · explicit ─╯
       1Help2Sites3View4Edit5Copy6Move7Folder8Delete9Menu10Quit
      """)
  }

  @Test("an unknown certificate on 80x24")
  func certificate() {
    var screen = Screen.filled()
    screen.receive(.asked(.certificate(DialogTests.question)))
    expect(
      screen,
      """
      ╭─ ~/site ─────────────────────────────╮╭─ ■ ada@files.example.org /www ───────╮
      │ Name ▲                   Size Date   ││ Name ▲                   Size Date   │
      │╭─ Unknown certificate ──────────────────────────────────────────────────────╮│
      ││                                                                            ││
      ││  This server's certificate is not known yet. Compare its fingerprint with  ││
      ││  one that you trust.                                                       ││
      ││                                                                            ││
      ││  Server       files.example.org, port 21, explicit TLS                     ││
      ││  SHA-256      00:01:02:03 04:05:06:07 08:09:0A:0B 0C:0D:0E:0F              ││
      ││               10:11:12:13 14:15:16:17 18:19:1A:1B 1C:1D:1E:1F              ││
      ││  Not trusted  It is signed by itself.                                      ││
      ││                                                                            ││
      ││  Subject      CN=files.example.org                                         ││
      ││  Issuer       itself (self-signed)                                         ││
      ││  Names        files.example.org                                            ││
      ├│  Valid        2023-11-14 to 2025-10-09, 321 days left                      │┤
      ││  Key          ECDSA P-256                                                  ││
      ││  Session      TLS 1.3                                                      ││
      ││                                                                            ││
      ││                        Reject      This connection                         ││
      ││                Always this certificate      Always this key                ││
      │╰────────────────────────────────────────────────────────────────────────────╯│
      ╰──────────────────────────────────────────────────────────────────────────────╯
       1 Help 2 Sites 3 View 4 Edit 5 Copy 6 Move 7 Folder 8 Delete 9 Menu 10 Quit
      """)
  }

  @Test("a wide screen has room for times, routes and bytes")
  func wide() {
    var screen = Screen.filled(Size(columns: 120, rows: 20))
    screen.receive(.queueChanged(Self.queue))
    expect(
      screen,
      """
      ╭─ ~/site ─────────────────────────────────────────────────╮╭─ ■ ada@files.example.org /www ───────────────────────────╮
      │ Name ▲                                Size  Modified     ││ Name ▲                                Size  Modified     │
      │ ..                                                       ││ ..                                                       │
      │ assets/                                dir  Nov 19 10:02 ││ assets/                                dir  Nov 19 10:02 │
      │ drafts/                                dir  Feb 14  2024 ││ logs/                                  dir  Nov 21 00:00 │
      │ index.html                         4.2 KiB  Nov 20 18:40 ││ index.html                         4.1 KiB  Nov  2 09:11 │
      │ photo9.jpg                         1.0 MiB  Nov 21 08:15 ││                                                          │
      │ photo10.jpg                        2.3 MiB  Nov  5  2023 ││                                                          │
      │ style.css                            812 B  Nov 20 09:00 ││                                                          │
      │                                                          ││                                                          │
      │                                                          ││                                                          │
      ├─ 6 items ───────────────────────────────── 233 GiB free ─┤├─ 3 items ──── TLS 1.3 · explicit · data resumed · 24 ms ─┤
      │  Queue 2▸ 41… 1? 1!   Log   Session                                                             96 MiB/s · 3:04 left │
      │  All 45  Running 2  Waiting 41  Needs you 1  Failed 1  Done                                                        █ │
      │ ↑ index.html  ~/site → /www                               ━━━━━━━━━──────  63 %     11 MiB/18 MiB   12 MiB/s    0:03 ┃
      │ ↓ a rather long name…f a backup.tar.gz  …ember → …nloads  ━━━────────────  21 %   870 MiB/3.9 GiB   85 MiB/s    0:37 │
      │ ↑ style.css  ~/site → /www                                ? exists already                                           │
      │ ↑ photo9.jpg  ~/site → /www                               ! 550 Permission denied.                                   │
      ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
       F1 Help    F2 Sites    F3 View    F4 Edit    F5 Copy    F6 Move    F7 Folder    F8 Delete    F9 Menu    F10 Quit
      """)
  }

  @Test("the log shows who said what, the newest line last")
  func log() {
    var screen = Screen.filled()
    screen.press("L")
    for number in 0..<8 {
      screen.receive(.logged(LogLine(time: 1_732_179_600, session: 1, kind: .command, text: "NOOP \(number)")))
    }
    screen.receive(.logged(LogLine(time: 1_732_179_601, session: 1, kind: .reply, text: "200 OK")))
    #expect(screen.shows("09:00:01   1 ← 200 OK"))
    #expect(screen.shows("→ NOOP 7") && !screen.shows("NOOP 1"))
    screen.press("t g")
    #expect(screen.shows("NOOP 0") && !screen.shows("200 OK"))
  }

  @Test("a screen that is too small says what it needs")
  func tooSmall() {
    let screen = Screen.filled(Size(columns: 50, rows: 10))
    #expect(screen.shows("Ferry needs 60x16, this is 50x10."))
  }

  @Test("names cannot steer the screen, hide, or leave their column")
  func hostileNames() throws {
    let names: [[UInt8]] = [
      Array("\u{1B}[2J\u{1B}]0;gone\u{7}".utf8), Array("\u{202E}txt.exe".utf8), [0xff, 0xfe], Array("中".utf8) * 60,
      Array("│ OK │".utf8), Array(String(repeating: "x", count: 4000).utf8),
    ]
    var screen = Screen()
    screen.fill(.left, try names.map { Entry(name: try FileName($0)) })
    let layout = screen.state.layout
    for line in screen.lines(in: layout.right.frame) { #expect("╭│├╰".contains(line.first ?? " ")) }
    #expect(screen.shows("␛[2J␛]0;gone␇") || screen.shows("␛[2J"))
    #expect(screen.shows("\\u{202E}txt.exe"))
    #expect(screen.shows("\\xFF\\xFE"))
    #expect(screen.lines.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202e } })
  }

  @Test("nothing that can be on the screen breaks on any size")
  func anySize() {
    for columns in [1, 20, 60, 61, 79, 100, 173] {
      for rows in [1, 5, 16, 17, 23, 50] {
        for keys in ["", "F1", "F2", "F5", "F7", "F8", "F9 Right", "t", "T", "L", "] ] ] ] ] ]"] {
          var screen = Screen.filled(Size(columns: columns, rows: rows))
          screen.receive(.queueChanged(Self.queue))
          screen.press("Down " + keys)
          #expect(screen.lines.count == rows)
        }
      }
    }
  }

  @Test("a pane that is busy says so after a moment, and only then")
  func busy() {
    var screen = Screen.filled()
    screen.press("Down Enter")
    #expect(!screen.shows("reading"))
    screen.state.now += 300
    #expect(screen.shows("reading"))
  }

  @Test("a session without encryption is marked as such")
  func plaintext() throws {
    let server = ServerAddress(host: "old.example.org", mode: .plaintext)
    var screen = Screen(right: .remote(server, .root))
    let label = try screen.find("PLAINTEXT")
    #expect(screen.canvas[label].style == Theme(.night)[.paneTitlePlaintext])
    #expect(screen.shows("no encryption"))
    screen.state.size = ScreenLayout.smallest
    #expect(screen.shows("PLAINTEXT"))
  }

  /// Two running, one that asks, one that failed, and many that wait.
  static let queue = QueueView(
    rows: [
      QueueRow(
        id: 1, order: 1, direction: .upload, name: Array("index.html".utf8), from: Array("~/site".utf8),
        to: Array("/www".utf8), state: .running, bytesDone: 12_000_000, bytesTotal: 19_000_000, speed: 12_900_000,
        secondsLeft: 3),
      QueueRow(
        id: 2, order: 2, direction: .download, name: Array("a rather long name of a backup.tar.gz".utf8),
        from: Array("/backups/2024/november".utf8), to: Array("~/Downloads".utf8), state: .running,
        bytesDone: 912_000_000, bytesTotal: 4_190_000_000, speed: 88_900_000, secondsLeft: 37),
      QueueRow(
        id: 3, order: 1, direction: .upload, name: Array("style.css".utf8), from: Array("~/site".utf8),
        to: Array("/www".utf8), state: .needsYou("exists already")),
      QueueRow(
        id: 4, order: 1, direction: .upload, name: Array("photo9.jpg".utf8), from: Array("~/site".utf8),
        to: Array("/www".utf8), state: .failed("550 Permission denied.")),
    ]
      + (5...45).map { number in
        QueueRow(
          id: Int64(number), order: 3, direction: .upload, name: Array("page \(number).html".utf8),
          from: Array("~/site".utf8), to: Array("/www".utf8), state: .waiting, bytesTotal: 4_096,
          priority: number == 5 ? .highest : .normal)
      }, running: 2, waiting: 41, needsYou: 1, failed: 1, speed: 101_000_000, secondsLeft: 184)
}

private func * (bytes: [UInt8], count: Int) -> [UInt8] { (0..<count).flatMap { _ in bytes } }

extension Screen {
  fileprivate func lines(in rect: Rect) -> [String] { canvas.lines(in: rect) }
}
