import FTP
import Storage
import SystemPackage
import Terminal
import Testing
import Transfers

@testable import ferry

struct DialogTests {
  static let sheet = CertificateQuestion.Sheet(
    subject: "CN=files.example.org", issuer: "CN=files.example.org", names: ["files.example.org"],
    notBefore: 1_700_000_000, notAfter: 1_760_000_000, key: "ECDSA P-256",
    sha256: (0..<32).map {
      $0 < 16 ? "0" + String($0, radix: 16, uppercase: true) : String($0, radix: 16, uppercase: true)
    }
    .joined(separator: ":"))
  static let question = CertificateQuestion(
    id: 7, host: "files.example.org", port: 21, mode: "explicit TLS", session: "TLS 1.3", certificate: sheet,
    problems: ["It is signed by itself."])

  private func asked(_ question: Question, _ size: Size = Size(columns: 80, rows: 24)) -> Screen {
    var screen = Screen.filled(size)
    screen.receive(.asked(question))
    return screen
  }

  @Test(
    "a certificate is rejected by Enter and Esc, accepted only by going to another button",
    arguments: [
      ("Enter", TrustDesk.Answer.reject), ("Esc", .reject), ("r", .reject), ("Right Enter", .once),
      ("Right Right Enter", .always(.certificate)), ("Tab Tab Space", .always(.certificate)),
      ("Right Right Right Enter", .always(.key)), ("Right Right Right Right Enter", .always(.key)),
    ])
  func certificate(_ keys: String, _ answer: TrustDesk.Answer) {
    var screen = asked(.certificate(Self.question))
    screen.press(keys)
    #expect(screen.effects == [.answerCertificate(7, answer)])
    #expect(screen.state.layers.isEmpty)
  }

  @Test("no letter accepts a certificate, whoever is typing", arguments: Array("abcdefgijkmnopqstuvwxyzAY"))
  func noLetter(_ letter: Character) {
    var screen = asked(.certificate(Self.question))
    screen.type(String(letter))
    #expect(screen.effects == [])
    #expect(screen.dialog != nil)
  }

  @Test("everything about a certificate can be read, on the smallest screen by scrolling")
  func readable() {
    var screen = asked(.certificate(Self.question), ScreenLayout.smallest)
    #expect(screen.shows("00:01:02:03 04:05:06:07"))
    var seen = screen.lines
    for _ in 0..<12 {
      screen.press("Down")
      seen += screen.lines
    }
    for text in [
      "files.example.org, port 21", "1C:1D:1E:1F", "It is signed by itself.", "itself (self-signed)", "ECDSA P-256",
      "321 days left",
    ] {
      #expect(seen.contains { $0.contains(text) }, "\(text) is nowhere")
    }
  }

  @Test("a question waits while something else is open, so that typing cannot answer it")
  func waiting() {
    var screen = Screen.filled()
    screen.press("F7")
    screen.receive(.asked(.certificate(Self.question)))
    screen.type("new")
    #expect(screen.dialog?.form.text(0) == "new")
    screen.press("Esc")
    #expect(screen.shows("Unknown certificate"))
  }

  @Test("a question that was settled elsewhere goes away, open or waiting")
  func settled() {
    var screen = asked(.certificate(Self.question))
    screen.receive(.certificateSettled(7))
    #expect(screen.state.layers.isEmpty)
    #expect(screen.effects == [])
  }

  @Test("a new folder is made under the name that was typed; what is no name is refused with the reason")
  func makeFolder() {
    var screen = Screen.filled()
    screen.press("F7")
    screen.type("a/b")
    screen.press("Enter")
    #expect(screen.effects == [])
    #expect(screen.shows("contains a “/”"))
    screen.press("C-u")
    screen.type("new")
    screen.press("Enter")
    #expect(screen.effects == [.makeFolder(try! FileName("new"), in: Screen.left)])
  }

  @Test("renaming refuses a name that is there, and does nothing for the same one")
  func rename() {
    var screen = Screen.filled()
    screen.press("G r Enter")
    #expect(screen.effects == [])
    screen.press("r C-u")
    screen.type("index.html")
    screen.press("Enter")
    #expect(screen.shows("is a “index.html” here already"))
    screen.press("C-u")
    screen.type("main.css")
    screen.press("Enter")
    #expect(screen.effects == [.rename(try! FileName("style.css"), to: try! FileName("main.css"), in: Screen.left)])
  }

  @Test("a name that is not UTF-8 keeps its bytes unless it is changed")
  func renameBytes() {
    let name = try! FileName([0x61, 0xff])
    var screen = Screen.filled()
    screen.fill(.left, [Entry(name: name)])
    screen.press("Down r Enter")
    #expect(screen.effects == [])
  }

  @Test("files are deleted by Enter; folders only by choosing it, and what is in them is counted")
  func delete() throws {
    var screen = Screen.filled()
    screen.press("G F8")
    #expect(screen.shows("Delete “style.css”?"))
    screen.press("Enter")
    #expect(screen.takeEffects() == [.delete([Screen.leftRows[3]], in: Screen.left)])

    screen.press("g j F8")
    #expect(screen.takeEffects() == [.count([Screen.leftRows[0]], in: Screen.left, ticket: 1)])
    screen.receive(.counted(ticket: 1, TreeCount(files: 212, folders: 9, bytes: 12_582_912)))
    #expect(screen.shows("212 files, 9 folders, 12 MiB."))
    screen.press("Enter")
    #expect(screen.takeEffects() == [])
    screen.press("F8 d")
    #expect(screen.takeEffects().last == .queueDeletion([Screen.leftRows[0]], in: Screen.left))
  }

  @Test("copying asks for folder and conflicts, and queues the marked rows")
  func copy() {
    var screen = Screen.filled()
    screen.press("Down Ins Ins F5")
    #expect(screen.shows("2 folders"))
    screen.press("Tab Right Enter")
    let order = TransferOrder(
      source: Screen.left, entries: Array(Screen.leftRows[0...1]), target: Screen.right, onConflict: .overwrite)
    #expect(screen.effects == [.enqueue(order)])
    #expect(screen.state[.left].marks.isEmpty)
  }

  @Test("a relative folder of a copy lies below the one that is shown; moving says so")
  func moveTo() throws {
    var screen = Screen.filled()
    screen.press("G F6 C-u")
    screen.type("old/css")
    screen.press("Enter")
    let target = Place.remote(Screen.server, try RemotePath("/www/old/css"))
    #expect(
      screen.effects
        == [.enqueue(TransferOrder(source: Screen.left, entries: [Screen.leftRows[3]], target: target, isMove: true))])
  }

  @Test("a folder is not copied into itself, and nothing onto itself")
  func nonsense() {
    var screen = Screen.filled()
    screen.press("Down F5 C-u")
    screen.type("/www")
    screen.press("Enter")
    _ = screen.takeEffects()
    screen.state[.right] = screen.state[.left]
    screen.press("F5 Enter")
    #expect(screen.effects == [])
    #expect(screen.shows("same folder"))
    screen.press("F5 C-e")
    screen.type("/assets/deep")
    screen.press("Enter")
    #expect(screen.effects == [])
    #expect(screen.shows("cannot go into itself"))
  }

  @Test("connecting reads hosts, ports, folders and whole addresses")
  func connect() throws {
    var screen = Screen.filled()
    screen.press("F2")
    screen.type("files.example.org:2121/pub")
    screen.press("Tab")
    screen.type("ada")
    screen.press("Tab")
    screen.type("s3cret")
    #expect(!screen.shows("s3cret"))
    screen.press("Tab Right Enter")
    let server = ServerAddress(host: "files.example.org", port: 2121, mode: .implicit, user: "ada")
    let request = ConnectRequest(
      server: server, password: SecretBox(Secret("s3cret")), folder: try RemotePath("/pub"))
    #expect(screen.effects == [.connect(.right, request, generation: 1)])
    #expect(screen.state.active == .right)
    screen.receive(.connected(.right, generation: 1, server, folder: try RemotePath("/pub")))
    screen.receive(.rows(.right, generation: 1, .remote(server, try RemotePath("/pub")), [], isFirst: true))
    #expect(screen.shows("files.example.org:2121 /pub"))
  }

  @Test("a saved site is chosen with the arrows, however many there are", arguments: [2, 40])
  func sites(_ count: Int) throws {
    var screen = Screen.filled()
    screen.receive(
      .sitesChanged((1...count).map { SiteChoice(name: "site \($0)", address: "ftps://ada@host\($0).example.org/pub") })
    )
    // From the list of sites to the dialog for any server.
    screen.press("F2 F2 Up Right Right")
    #expect(screen.shows("site 2"))
    screen.press("Enter")
    let server = ServerAddress(host: "host2.example.org", mode: .implicit, user: "ada")
    #expect(
      screen.effects
        == [.connect(.right, ConnectRequest(server: server, folder: try RemotePath("/pub")), generation: 1)])
  }

  @Test("an address that is none is refused with what to write instead")
  func badAddress() {
    var screen = Screen.filled()
    screen.press("F2")
    screen.type("sftp://files.example.org")
    screen.press("Enter")
    #expect(screen.effects == [])
    #expect(screen.shows("ftpes://"))
    #expect(screen.dialog?.form.text(0) == "sftp://files.example.org")
  }

  @Test("which server a password is for is told with its port")
  func passwordPort() {
    let server = ServerAddress(host: "files.example.org", port: 2971, mode: .implicit, user: "ada")
    #expect(asked(.password(PasswordQuestion(id: 1, server: server))).shows("ftps://files.example.org:2971"))
  }

  @Test("a password goes out once and is nowhere in the state afterwards")
  func password() {
    var screen = asked(.password(PasswordQuestion(id: 3, server: Screen.server, refusal: "530 Login incorrect.")))
    #expect(screen.shows("530 Login incorrect.") && screen.shows("ftpes://files.example.org "))
    screen.type("hunter2")
    #expect(!screen.shows("hunter2"))
    screen.press("Enter")
    #expect(screen.effects == [.answerPassword(3, SecretBox(Secret("hunter2")))])
    #expect(!"\(screen.state)".contains("hunter2"))
    #expect(!"\(screen.effects)".contains("hunter2"))
  }

  @Test("a conflict shows both versions; Enter puts it off unless somebody asked to answer it")
  func conflict() {
    let conflict = ConflictQuestion(
      item: 9, name: Array("index.html".utf8), target: Array("/www".utf8),
      source: .init(size: 4301, modified: Timestamp("20241120184000".utf8)), existing: .init(size: 4198))
    var screen = asked(.conflict(conflict))
    #expect(screen.shows("4.2 KiB (4,301 bytes), 2024-11-20 18:40"))
    #expect(screen.shows("4.1 KiB (4,198 bytes), time unknown"))
    #expect(screen.shows("the new one is 103 bytes larger"))
    screen.press("Enter")
    #expect(screen.takeEffects() == [.queue(.postpone(9))])

    screen.receive(
      .queueChanged(
        QueueView(
          rows: [
            QueueRow(id: 9, direction: .upload, name: conflict.name, from: [], to: [], state: .needsYou("exists"))
          ],
          needsYou: 1)))
    screen.press("t Enter")
    #expect(screen.takeEffects() == [.queue(.ask(9))])
    screen.receive(.asked(.conflict(conflict)))
    screen.press("Right Right Tab Right Enter")
    #expect(screen.takeEffects() == [.queue(.answer(9, .rename, .batch))])
    screen.receive(.asked(.conflict(conflict)))
    screen.click(try! screen.find("Compare content"))
    #expect(screen.takeEffects() == [.queue(.compare(9))])
    #expect(screen.shows("being compared"))
    screen.receive(.compared(9, "the same on both sides (SHA-256)", isSame: true))
    #expect(screen.shows("the same on both sides (SHA-256)") && !screen.shows("being compared"))
    screen.click(try! screen.find("newer only"))
    screen.click(try! screen.find("everything"))
    screen.click(try! screen.find(" OK "))
    #expect(screen.takeEffects() == [.queue(.answer(9, .newer, .all))])
  }

  @Test("a table of rules has an action for each age and size, for a transfer, an answer or an order")
  func rules() throws {
    var screen = Screen.filled()
    screen.press("G F5")
    screen.click(try screen.find("by age and size"))
    screen.press("Tab Tab Enter")
    #expect(screen.shows("newer, larger") && screen.shows("older, smaller"))
    #expect(screen.effects == [])
    // The first cell: from overwrite to resume; the last: from skip to ask.
    screen.press("Right Up Up Right Enter")
    guard case .enqueue(let order) = screen.takeEffects().first, case .table(let table) = order.onConflict else {
      Issue.record("nothing was queued: \(screen.lines)")
      return
    }
    #expect(table[.newer, .larger] == .resume)
    #expect(table[.older, .smaller] == .ask)
    #expect(table[.newer, .same] == .overwrite)
    #expect(table[.same, .same] == .skip)
  }

  @Test("quitting asks only while something is running")
  func quit() {
    var screen = Screen.filled()
    screen.receive(.queueChanged(QueueView(running: 2)))
    screen.press("F10 Enter")
    #expect(!screen.state.isFinished)
    screen.press("F10 q")
    #expect(screen.effects == [.quit])
    #expect(screen.state.isFinished)
  }

  @Test("a question about quitting settles itself when the last transfer ends")
  func quitLater() {
    var screen = Screen.filled()
    screen.receive(.queueChanged(QueueView(running: 1)))
    screen.press("q")
    #expect(screen.effects == [])
    screen.receive(.queueChanged(QueueView(done: 1)))
    #expect(screen.effects == [.quit])
  }

  @Test("pasted text goes into fields, as one line, and never runs anything")
  func paste() {
    var screen = Screen.filled()
    screen.receive(.terminal(.paste("\u{1B}[21~q\nd\n")))
    #expect(screen.effects == [])
    #expect(screen.state.layers.isEmpty && !screen.state.isFinished)
    screen.press("F7")
    screen.receive(.terminal(.paste("two\nlines")))
    #expect(screen.dialog?.form.text(0) == "two lines")
    #expect(screen.effects == [])
  }

  @Test("buttons, fields and options can be clicked")
  func clicking() throws {
    var screen = Screen.filled()
    screen.press("G F5")
    screen.click(try screen.find("newer only"))
    let copy = try #require(screen.dialog.map { FormLayout($0.form, on: screen.state.size).buttons[0] })
    screen.click(copy.center)
    #expect(screen.effects.isEmpty == false)
    guard case .enqueue(let order) = screen.effects.first else {
      Issue.record("nothing was queued")
      return
    }
    #expect(order.onConflict == .newer)
  }

  @Test("permissions are a choice of what goes to a server or comes from one; here they are always kept")
  func permissions() {
    for (isAway, keys, keeps) in [
      (true, "Enter", true), (true, "Tab Tab Tab Tab Left Enter", false), (false, "Enter", false),
    ] {
      var screen = Screen.filled(Size(columns: 100, rows: 30))
      screen.state.usuallyKeepsPermissions = true
      let (here, there) = (Place.local("/here"), Place.remote(ServerAddress(host: "h", user: "ada"), .root))
      screen.state.openTransfer(
        TransferOrder(
          source: here, entries: [Entry(name: try! FileName("a"))], target: isAway ? there : .local("/there"),
          keepsPermissions: isAway))
      #expect(screen.shows("Permissions") == isAway)
      screen.press(keys)
      guard case .enqueue(let order) = screen.effects.first else {
        Issue.record("nothing was queued: \(screen.effects)")
        continue
      }
      #expect(order.keepsPermissions == keeps)
    }
  }
}
