import FTP
import SystemPackage
import Terminal
import Testing

@testable import ferry

struct PaneTests {
  private func names(_ screen: Screen, _ side: Side = .left) -> [String] {
    (0..<screen.state[side].rowCount).map { screen.state[side].entry(at: $0)?.name.text ?? ".." }
  }

  @Test("folders come first, numbers in names count as numbers")
  func order() {
    let screen = Screen.filled()
    #expect(
      names(screen) == ["..", "assets", "drafts", "index.html", "photo9.jpg", "photo10.jpg", "style.css"])
  }

  @Test(
    "keys and column heads choose the order, a second time turns it round",
    arguments: [
      ("2", ["..", "assets", "drafts", "photo10.jpg", "photo9.jpg", "index.html", "style.css"]),
      ("3", ["..", "assets", "drafts", "photo9.jpg", "index.html", "style.css", "photo10.jpg"]),
      ("4", ["..", "assets", "drafts", "style.css", "index.html", "photo9.jpg", "photo10.jpg"]),
      ("1", ["..", "drafts", "assets", "style.css", "photo10.jpg", "photo9.jpg", "index.html"]),
      ("2 2", ["..", "drafts", "assets", "style.css", "index.html", "photo9.jpg", "photo10.jpg"]),
    ])
  func sorting(_ keys: String, _ expected: [String]) {
    var screen = Screen.filled()
    screen.press(keys)
    #expect(names(screen) == expected)
  }

  @Test("a click on a column's head sorts by it and makes the pane active")
  func heads() throws {
    var screen = Screen.filled()
    screen.press("Tab")
    screen.click(try screen.find("Size"))
    #expect(screen.state[.left].sort == SortOrder(key: .size))
    #expect(screen.state.active == .left)
  }

  @Test("hidden files appear on demand")
  func hidden() {
    var screen = Screen.filled()
    screen.press(".")
    #expect(names(screen).contains(".profile"))
    screen.press(".")
    #expect(!names(screen).contains(".profile"))
  }

  @Test("Enter opens a folder and asks for its rows; the old rows stay until the first new ones come")
  func opening() {
    var screen = Screen.filled()
    screen.press("Down Enter")
    let assets = Screen.left.appending(try! FileName("assets"))
    #expect(screen.effects == [.list(.left, assets, generation: 1)])
    #expect(screen.state[.left].place == Screen.left)
    #expect(screen.shows("photo9.jpg"))

    screen.receive(.rows(.left, generation: 1, assets, [Screen.file("logo.svg", 1, "20240101000000")], isFirst: true))
    #expect(screen.state[.left].place == assets)
    #expect(names(screen) == ["..", "logo.svg"])
  }

  @Test("rows of an older request are dropped")
  func generations() {
    var screen = Screen.filled()
    screen.press("Down Enter Backspace")
    screen.receive(.rows(.left, generation: 1, Screen.left, [], isFirst: true))
    #expect(names(screen).count == 7)
  }

  @Test("going up puts the cursor on the folder one came from")
  func up() {
    var screen = Screen.filled()
    screen.press("Backspace")
    #expect(screen.effects == [.list(.left, .local("/home/ada"), generation: 1)])
    screen.receive(
      .rows(
        .left, generation: 1, .local("/home/ada"),
        [Screen.folder("music", "20240101000000"), Screen.folder("site", "20240101000000")], isFirst: true))
    #expect(screen.state[.left].current?.name.text == "site")
  }

  @Test("rows that arrive in pieces keep the cursor on its row")
  func pieces() {
    var screen = Screen()
    screen.receive(.rows(.left, generation: 0, Screen.left, [Screen.file("m", 1, "20240101000000")], isFirst: true))
    screen.press("Down")
    screen.receive(.rows(.left, generation: 0, Screen.left, [Screen.file("a", 1, "20240101000000")], isFirst: false))
    #expect(screen.state[.left].current?.name.text == "m")
    #expect(names(screen) == ["..", "a", "m"])
  }

  @Test("what becomes known of rows later puts them in order at the end")
  func facts() throws {
    var screen = Screen()
    screen.press("2")
    let names = [Entry(name: try FileName("a")), Entry(name: try FileName("b")), Entry(name: try FileName("c"))]
    screen.receive(.rows(.left, generation: 0, Screen.left, names, isFirst: true))
    var known = names
    known[1].size = 7
    known[2].kind = .folderLink
    screen.receive(.facts(.left, generation: 0, from: 1, Array(known[1...])))
    screen.receive(.facts(.left, generation: 7, from: 0, [Entry(name: try FileName("late"))]))
    screen.receive(.listed(.left, generation: 0, ListingFacts()))
    #expect(self.names(screen) == ["..", "c", "b", "a"])
  }

  @Test("reading the folder again keeps marks of what is still there and drops the others")
  func refresh() {
    var screen = Screen.filled()
    screen.press("+ Enter C-r")
    #expect(screen.state[.left].marks.count == 6)
    screen.fill(.left, Array(Screen.leftRows.prefix(3)))
    #expect(screen.state[.left].marks.map(\.text).sorted() == ["assets", "drafts", "index.html"])
  }

  @Test("Ins marks and goes down, a pattern marks many, * inverts files, u unmarks")
  func marks() {
    var screen = Screen.filled()
    screen.press("Down Ins Ins")
    #expect(screen.state[.left].markedEntries.map(\.name.text) == ["assets", "drafts"])
    screen.press("u +")
    screen.press("C-u")
    screen.type("photo*|*.css")
    screen.press("Enter")
    #expect(screen.state[.left].markedEntries.map(\.name.text) == ["photo9.jpg", "photo10.jpg", "style.css"])
    screen.press("*")
    #expect(screen.state[.left].markedEntries.map(\.name.text) == ["index.html"])
    screen.press("u")
    #expect(screen.state[.left].marks.isEmpty)
  }

  @Test("quick search goes to names that begin with the text, takes no text that fits nothing, and arrows go on")
  func quickSearch() {
    var screen = Screen.filled()
    screen.press("/")
    screen.type("photo")
    #expect(screen.state[.left].current?.name.text == "photo9.jpg")
    screen.type("x")
    #expect(screen.state[.left].quickSearch == "photo")
    screen.press("Down")
    #expect(screen.state[.left].current?.name.text == "photo10.jpg")
    screen.press("Enter")
    #expect(screen.state[.left].quickSearch == nil)
  }

  @Test("the cursor cannot leave the rows, and pages are pages")
  func cursor() {
    var screen = Screen.filled()
    screen.press("Up")
    #expect(screen.state[.left].cursor == 0)
    screen.press("G j")
    #expect(screen.state[.left].cursor == 6)
    screen.press("PgUp")
    #expect(screen.state[.left].cursor == 0)
  }

  @Test("a folder that cannot be read leaves the pane where it was and says why")
  func failure() {
    var screen = Screen.filled()
    screen.press("Down Enter")
    screen.receive(.listingFailed(.left, generation: 1, "You are not allowed to."))
    #expect(screen.shows("You are not allowed to."))
    screen.press("Enter")
    #expect(screen.state.layers.isEmpty)
    #expect(screen.state[.left].place == Screen.left)
    #expect(!screen.state[.left].isBusy)
  }

  @Test("a pane that has nothing shows the reason in the place of rows")
  func firstFailure() {
    var screen = Screen()
    screen.receive(.listingFailed(.right, generation: 0, "No server listens there."))
    #expect(screen.shows("No server listens there."))
    #expect(screen.shows("F2 connects, Ctrl-R tries again."))
    #expect(screen.state.layers.isEmpty)
  }

  @Test("a pane that did not reach its server names it, and Ctrl-R tries that server again, without the password")
  func unreached() {
    var screen = Screen()
    let server = ServerAddress(host: "files.example.org")
    _ = screen.state.connect(.right, ConnectRequest(server: server, password: SecretBox(Secret("typed"))))
    let generation = screen.state[.right].generation
    screen.receive(.listingFailed(.right, generation: generation, "No server listens there."))
    #expect(screen.shows("files.example.org"))
    _ = screen.takeEffects()
    screen.press("C-r")
    #expect(screen.takeEffects() == [.connect(.right, ConnectRequest(server: server), generation: generation + 1)])
    screen.receive(.listingFailed(.right, generation: generation + 1, "No server listens there."))
    _ = screen.state.list(.right, .local("/tmp"))
    screen.receive(.rows(.right, generation: generation + 2, .local("/tmp"), [], isFirst: true))
    screen.press("C-r")
    #expect(screen.takeEffects() == [.list(.right, .local("/tmp"), generation: generation + 3)])
  }

  @Test("Esc gives up what a pane waits for; what comes later is dropped")
  func givingUp() {
    var screen = Screen.filled()
    screen.press("Down Enter")
    #expect(screen.state.needsTicks)
    _ = screen.takeEffects()
    screen.press("Esc")
    #expect(screen.takeEffects() == [.cancel(.left)])
    #expect(!screen.state.needsTicks)
    screen.receive(.rows(.left, generation: 1, Screen.left, [], isFirst: true))
    #expect(names(screen).count == 7)
  }

  @Test("a change in a shown folder is looked at quietly")
  func changed() {
    var screen = Screen.filled()
    screen.receive(.changed(Screen.right))
    #expect(screen.takeEffects() == [.list(.right, Screen.right, generation: 1)])
    screen.state.now += 1000
    #expect(!screen.shows("reading"))
  }

  @Test("the order of many rows is that of their numbers")
  func many() {
    let rows = (0..<2000).map { Screen.file("file\(($0 * 7919) % 2000).txt", Int64($0), "20240101000000") }
    var screen = Screen()
    screen.fill(.left, rows)
    #expect(names(screen).dropFirst().elementsEqual((0..<2000).map { "file\($0).txt" }))
  }
}
