import FTP
import Storage
import SystemPackage
import Terminal
import Testing

@testable import ferry

/// The screen of what is trusted.
struct TrustScreenTests {
  static let rows = [
    TrustRow(
      id: 3, server: ServerAddress(host: "files.example.org"), kind: .certificate,
      chain: [CertificateDialogTests.sheet("files.example.org", issuer: "Issuing", byte: 0xA1)],
      note: "Ada's box, told by phone", firstSeen: 1_722_000_000, lastSeen: 1_732_000_000, lastUsed: 1_732_000_000),
    TrustRow(
      id: 5, server: ServerAddress(host: "ftp.example.com", port: 2121), kind: .key,
      chain: [CertificateDialogTests.sheet("ftp.example.com", issuer: "ftp.example.com", byte: 0xB2)],
      firstSeen: 1_722_000_000, lastSeen: 1_722_000_000),
    TrustRow(
      id: 8, server: ServerAddress(host: "::1", mode: .implicit), kind: .issuer, chain: CertificateDialogTests.chain,
      firstSeen: 1_722_000_000, lastSeen: 1_722_000_000, lastUsed: 1_700_100_000),
  ]

  private func opened(_ rows: [TrustRow]? = Self.rows, _ size: Size = Size(columns: 80, rows: 24)) -> Screen {
    var screen = Screen.filled(size)
    screen.press("C")
    #expect(screen.takeEffects() == [.trust(.list)])
    if let rows { screen.receive(.trusted(TrustOutcome(rows: rows))) }
    return screen
  }

  private func expect(
    _ screen: Screen, _ picture: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let shown = screen.lines.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
    #expect(shown == picture, "\(shown)", sourceLocation: sourceLocation)
  }

  @Test("what is trusted on 80x24")
  func golden() {
    expect(
      opened(),
      """
      ╭─ ~/site ─────────────────────────────╮╭─ ■ ada@files.example.org /www ───────╮
      │╭─ Trusted certificates (3) ─────────────────────────────────────────────────╮│
      ││ Server                               Trusted      Until       Last used    ││
      ││ ftpes://files.example.org            certificate  2025-10-09  Nov 19 07:06 ││
      ││ ftpes://ftp.example.com:2121         key          2025-10-09  never        ││
      ││ ftps://[::1]                         issuer       2025-10-09  Nov 16  2023 ││
      ││                                                                            ││
      ││                                                                            ││
      ││                                                                            ││
      ││                                                                            ││
      ││                                                                            ││
      ││                                                                            ││
      ││                                                                            ││
      ││                                                                            ││
      ││                                                                            ││
      ├│                                                                            │┤
      ││                                                                            ││
      │├────────────────────────────────────────────────────────────────────────────┤│
      ││ SHA-256   A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1                  ││
      ││           A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1 A1:A1:A1:A1                  ││
      ││ Subject   O=Example Works, CN=files.example.org                            ││
      ││ Note      Ada's box, told by phone                                         ││
      ╰╰─ Enter shows ─ n note ─ d revokes ─ x exports ─ i imports ─ Esc closes ────╯╯
       1 Help 2 Sites 3 View 4 Edit 5 Copy 6 Move 7 Folder 8 Delete 9 Menu 10 Quit
      """)
  }

  @Test("it is in the menu of servers, and says that it reads, or that there is nothing")
  func menu() {
    var screen = Screen.filled()
    screen.press("F9 Right Right Right Down Down Enter")
    #expect(screen.takeEffects() == [.trust(.list)])
    #expect(screen.shows("Reading…"))
    screen.receive(.trusted(TrustOutcome(rows: [])))
    #expect(screen.shows("Nothing is trusted for good yet."))
    screen.press("Enter n d x")
    #expect(screen.effects == [])
    screen.press("Esc")
    #expect(screen.state.layers.isEmpty)
  }

  @Test("one is shown whole, with its chain")
  func show() {
    var screen = opened()
    screen.press("Down Down Enter")
    for text in ["ftps://[::1]", "its issuer for this host", "First seen", "Last used", "1 of 3: files.example.org"] {
      #expect(screen.shows(text), "\(text)")
    }
    screen.press(">")
    #expect(screen.shows("2 of 3: Issuing") && screen.shows("B2:B2:B2:B2"))
    screen.press("Esc Esc")
    #expect(screen.state.layers.isEmpty && screen.effects == [])
  }

  @Test("a note is changed")
  func note() {
    var screen = opened()
    screen.press("n")
    #expect(screen.dialog?.form.text(0) == "Ada's box, told by phone")
    screen.press("C-u")
    screen.type("mine")
    screen.press("Enter")
    #expect(screen.effects == [.trust(.setNote("mine", 3))])
  }

  @Test("trust is taken back only by going to the button that does it", arguments: ["d", "Del", "F8"])
  func revoke(key: String) {
    var screen = opened()
    screen.press("Down \(key) Enter")
    #expect(screen.effects == [] && screen.dialog == nil)
    screen.press("\(key) Left Enter")
    #expect(screen.effects == [.trust(.revoke(5, ServerAddress(host: "ftp.example.com", port: 2121)))])
    screen.receive(.trusted(TrustOutcome(rows: [Self.rows[0], Self.rows[2]], said: "It is trusted no more.")))
    #expect(screen.shows("It is trusted no more.") && screen.shows("Trusted certificates (2)"))
    screen.press("Up")
    #expect(!screen.shows("It is trusted no more."))
  }

  @Test("one or all are exported to a file beside what the local pane shows")
  func export() {
    var screen = opened()
    screen.press("x Enter")
    #expect(screen.takeEffects() == [.trust(.export([3], "/home/ada/site/files.example.org.pem"))])
    screen.press("x Tab Right Enter")
    #expect(screen.takeEffects() == [.trust(.export([3, 5, 8], "/home/ada/site/files.example.org.pem"))])
    screen.press("x C-u Enter")
    #expect(screen.shows("Name the file to write.") && screen.effects == [])
  }

  @Test("a file is imported, with the server that it is for where it does not say so")
  func take() {
    var screen = opened([])
    screen.press("i Enter")
    #expect(screen.takeEffects() == [.trust(.take("/home/ada/.config/filezilla/trustedcerts.xml", for: nil))])
    screen.press("i C-u")
    screen.type("a.pem")
    screen.press("Tab")
    screen.type("ftps://files.example.org")
    screen.press("Enter")
    let server = ServerAddress(host: "files.example.org", mode: .implicit)
    #expect(screen.takeEffects() == [.trust(.take("/home/ada/site/a.pem", for: server))])
    screen.press("i Tab")
    screen.type("a b")
    screen.press("Enter")
    #expect(screen.effects == [] && screen.dialog != nil)
    screen.press("Esc")
    screen.receive(.trustFailed("There is no file x."))
    #expect(screen.shows("There is no file x."))
  }

  @Test("the mouse chooses, shows, and presses what the lower edge names")
  func mouse() throws {
    var screen = opened()
    screen.click(try screen.find("ftp.example.com"))
    #expect(screen.shows("B2:B2:B2:B2"))
    screen.click(try screen.find("ftp.example.com"))
    #expect(screen.shows("Trusted certificate "))
    screen.press("Esc")
    screen.click(try screen.find("d revokes"))
    #expect(screen.shows("Trust it no more"))
    screen.press("Esc")
    screen.click(Point(x: 0, y: 0))
    #expect(screen.state.layers.isEmpty)
  }

  @Test("the list scrolls, keeps its cursor on a certificate, and breaks on no size")
  func sizes() {
    let many = (0..<200).map { index in
      var row = Self.rows[index % 3]
      row = TrustRow(
        id: Int64(index), server: ServerAddress(host: "host\(index).example.org"), kind: row.kind, chain: row.chain,
        firstSeen: row.firstSeen, lastSeen: row.lastSeen)
      return row
    }
    for columns in [1, 40, 60, 80, 200] {
      for rows in [1, 10, 16, 24, 60] {
        var screen = Screen.filled(Size(columns: columns, rows: rows))
        screen.press("C")
        screen.receive(.trusted(TrustOutcome(rows: many)))
        screen.press("End Up PgUp Down")
        #expect(screen.lines.count == rows)
      }
    }
    var screen = opened(many)
    screen.press("End")
    #expect(screen.shows("host199.example.org") && !screen.shows("host0.example.org"))
    screen.receive(.trusted(TrustOutcome(rows: Array(many.dropFirst(10)))))
    #expect(screen.shows("host199.example.org"))
  }

  @Test("on the smallest screen the fingerprint's ends stand for it, and all keys are named")
  func smallest() throws {
    let screen = opened(Self.rows, ScreenLayout.smallest)
    #expect(screen.shows("A1A1 A1A1 … A1A1 A1A1  (Enter: all)") && !screen.shows("A1:A1"))
    for key in ["Enter", "n note", "d revoke", "x export", "i import", "Esc"] { #expect(screen.shows(key), "\(key)") }
  }

  @Test("foreign text in it cannot steer the screen")
  func hostile() {
    var row = Self.rows[0]
    row.note = "\u{1B}[2J\u{202E}x"
    row.chain[0].subject = "CN=\u{9B}31m"
    let screen = opened([row])
    #expect(
      screen.lines.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 || [0x9B, 0x202E].contains($0.value) } })
  }
}
