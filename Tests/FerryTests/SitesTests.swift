import FTP
import SystemPackage
import Terminal
import Testing

@testable import ferry

@Suite("The list of sites")
struct SitesTests {
  static let sites = [
    SiteChoice(name: "files", address: "ftpes://ada@files.example.org/www", localFolder: "/home/ada/site"),
    SiteChoice(name: "old", address: "ftp://old.example.com", mode: .plaintext, notes: "the printer"),
    SiteChoice(name: "x\u{1B}[2J", address: "ftps://h.example.net"),
  ]

  private func screen(_ size: Size = Size(columns: 80, rows: 24)) -> Screen {
    var screen = Screen.filled(size)
    screen.receive(.sitesChanged(Self.sites))
    screen.press("F2")
    return screen
  }

  @Test("is found by words, and Enter connects, with the local folder beside it")
  func connects() throws {
    var screen = screen()
    #expect(screen.shows("in the right pane") && screen.shows("ftpes://ada@files.example.org/www"))
    #expect(!screen.lines.joined().contains("\u{1B}"))
    screen.type("fil")
    #expect(!screen.shows("old.example.com"))
    screen.press("Enter")
    let server = ServerAddress(host: "files.example.org", user: "ada")
    #expect(
      screen.takeEffects() == [
        .connect(.right, ConnectRequest(server: server, folder: try RemotePath("/www")), generation: 1),
        .list(.left, .local("/home/ada/site"), generation: 1),
      ])
    #expect(screen.state.layers.isEmpty)
  }

  @Test("a site without encryption stays one, and Tab chooses the pane")
  func plaintext() {
    var screen = screen()
    screen.type("printer")
    screen.press("Tab Enter")
    let server = ServerAddress(host: "old.example.com", mode: .plaintext)
    #expect(screen.takeEffects() == [.connect(.left, ConnectRequest(server: server), generation: 1)])
  }

  @Test("sites are added, changed and forgotten")
  func changes() throws {
    var screen = screen()
    screen.press("Ins")
    screen.type("new")
    screen.press("Tab C-u")
    screen.type("ftpes://u:secret@h.example.org")
    screen.press("Enter")
    #expect(screen.shows("Leave the password out") && screen.effects == [])
    screen.press("C-u")
    screen.type("h.example.org/pub")
    screen.press("Enter")
    let new = SiteChoice(name: "new", address: "ftpes://h.example.org/pub")
    #expect(screen.takeEffects() == [.site(.save(new, replacing: nil))])
    screen.receive(.sitesChanged(Self.sites + [new]))
    #expect(screen.shows("ftpes://h.example.org/pub"))
    screen.press("F4 C-u")
    screen.type("old")
    screen.press("Enter")
    #expect(screen.shows("of that name already"))
    screen.press("C-u")
    screen.type("better")
    screen.press("Enter")
    var better = Self.sites[0]
    better.name = "better"
    #expect(screen.takeEffects() == [.site(.save(better, replacing: "files"))])
    screen.press("F8 Enter")
    #expect(screen.takeEffects() == [], "Enter by habit keeps it")
    screen.press("F8")
    screen.click(try screen.find("Forget it"))
    #expect(screen.takeEffects() == [.site(.remove("files"))])
  }

  @Test("everything in it can be clicked")
  func mouse() throws {
    var screen = screen()
    screen.click(try screen.find("ftp://old.example.com"))
    screen.click(try screen.find("F4 edit"))
    #expect(screen.dialog?.form.text(0) == "old")
    screen.press("Esc")
    screen.click(try screen.find("F2 another"))
    #expect(screen.dialog?.purpose == .connect)
    screen.press("Esc F2")
    screen.click(Point(x: 0, y: 0))
    #expect(screen.state.layers.isEmpty)
  }

  @Test("what it means that servers exchange files is said to whoever allows it, by key or mouse", arguments: [24, 16])
  func exchange(rows: Int) throws {
    var screen = Screen.filled(Size(columns: rows == 24 ? 80 : 60, rows: rows))
    screen.state.openSite(nil, .right)
    #expect(screen.shows("directly, if both sites say so") && !screen.dialogWords.contains("both say so"))
    screen.press("Tab Tab Tab Tab Space")
    #expect(screen.dialog?.form.fields[4].boxes == [0])
    #expect(screen.dialogWords.contains("Files between two sites that both say so go directly (FXP). The bytes"))
    screen.click(try screen.find("directly, if both"))
    #expect(!screen.dialogWords.contains("both say so"))
    var site = Self.sites[0]
    site.mayExchange = true
    screen.press("Esc")
    screen.state.openSite(site, .right)
    #expect(screen.dialogWords.contains("both say so"))
  }

  @Test("what the pane shows is saved under a name; without sites F2 connects")
  func saves() throws {
    var screen = Screen.filled()
    screen.press("F2")
    #expect(screen.dialog?.purpose == .connect)
    screen.press("Esc Tab B")
    screen.type("www")
    screen.press("Enter")
    #expect(
      screen.takeEffects() == [
        .site(.save(SiteChoice(name: "www", address: "ftpes://ada@files.example.org/www"), replacing: nil))
      ])
  }
}
