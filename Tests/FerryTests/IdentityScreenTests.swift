import FTP
import TLS
import Terminal
import Testing

@testable import ferry

/// The screen of client certificates and the dialogs about them: keys in, effects and screen lines out.
struct IdentityScreenTests {
  static let rows = [
    IdentityRow(name: "home", sheet: DialogTests.sheet, vouched: "self-signed", hasRequest: true),
    IdentityRow(
      name: "work", sheet: DialogTests.sheet, vouched: "signed by The office", isEncrypted: false, isReplacing: true,
      reminder: "The certificate expires in 9 days.", waiting: ["files.example.org:21"]),
    IdentityRow(name: "broken", problem: "It cannot be read."),
  ]
  static let connection = PendingConnection(side: .right, request: ConnectRequest(server: Screen.server))
  static let refusal = CertificateRefusal.refused(
    name: "home", sha256: DialogTests.sheet.sha256, said: "alert: unknown CA (48)", isAwaiting: true)

  private func opened(
    _ rows: [IdentityRow] = rows, _ size: Size = Size(columns: 80, rows: 24)
  ) -> Screen {
    var screen = Screen.filled(size)
    screen.press("I")
    screen.receive(.identitiesChanged(rows))
    return screen
  }

  private func refused(_ refusal: CertificateRefusal) -> Screen {
    var screen = Screen.filled()
    screen.receive(.identitiesChanged(Self.rows))
    screen.receive(
      .certificateRefused(Self.connection, generation: screen.state[.right].generation, refusal))
    _ = screen.takeEffects()
    return screen
  }

  @Test("the list shows each with what presses most, and what the chosen one says", arguments: [80, 120])
  func list(columns: Int) {
    var screen = opened(Self.rows, Size(columns: columns, rows: 24))
    #expect(screen.effects == [.identity(.load)])
    for text in ["home", "work", "awaits trust", "broken", "cannot be read", "00:01:02:03 04:05:06:07", "n New"] {
      #expect(screen.shows(text), "\(text)\n\(screen.lines.joined(separator: "\n"))")
    }
    screen.press("Down")
    for text in ["NOT encrypted", "on files.example.org:21", "expires in 9 days"] {
      #expect(screen.shows(text), "\(text)\n\(screen.lines.joined(separator: "\n"))")
    }
    screen.press("Esc")
    #expect(screen.state.layers.isEmpty)
  }

  @Test("without any it says what to do")
  func empty() {
    var screen = opened([])
    #expect(screen.shows("None yet. n makes one."))
    screen.press("e d i w Down Up")
    #expect(screen.state.layers.count == 1)
  }

  @Test("names with escapes and overrides are only shown, never obeyed")
  func hostile() {
    var sheet = DialogTests.sheet
    sheet.subject = "CN=\u{1B}[2Jx\u{202E}y\u{0}"
    let screen = opened([IdentityRow(name: "home", sheet: sheet, vouched: "signed by \u{1B}]52;c;eA==\u{7}")])
    for line in screen.lines {
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E }, "\(line)")
    }
  }

  @Test(
    "its keys do what they say",
    arguments: [
      ("e Enter", IdentityTask.export("home", .certificate, path: nil)),
      ("r Enter", .export("home", .request, path: nil)),
      ("r Tab Right Enter", .export("home", .request, path: "~/home.csr")),
      ("w Enter", .renew("home")), ("Down b", .takeBack("work")), ("d Left Enter", .remove("home")),
    ])
  func keys(_ keys: String, _ task: IdentityTask) {
    var screen = opened()
    _ = screen.takeEffects()
    screen.press(keys)
    #expect(screen.effects == [.identity(task)])
    #expect(screen.state.layers.count == 1)
  }

  @Test("an export says what its form is good for; what is no text goes to a file, and a key under a passphrase")
  func forms() {
    var screen = opened()
    _ = screen.takeEffects()
    screen.press("e Right Right")
    #expect(screen.shows("~/home.der") && screen.shows("● a file"), "\(screen.picture)")
    screen.press("Enter")
    #expect(screen.takeEffects() == [.identity(.export("home", .der, path: "~/home.der"))])
    screen.press("e Right Right Tab Left Enter")
    #expect(screen.effects == [] && screen.shows("That form is no text: it goes to a file."))
    screen.press("Right BackTab Right")
    #expect(screen.shows("~/home.p12") && screen.shows("The private key is in it, for another program"))
    screen.press("Enter")
    #expect(screen.effects == [] && screen.shows("give the file a passphrase"))
    screen.type("otter")
    screen.press("Enter")
    #expect(screen.effects == [] && screen.shows("The two passphrases differ.") && !screen.shows("otter"))
    screen.type("otter")
    screen.press("Enter")
    #expect(
      screen.takeEffects() == [
        .identity(.export("home", .pkcs12, path: "~/home.p12", SecretBox(Secret("otter"))))
      ])
  }

  @Test("a certificate of another program is taken over, from one file or two")
  func intake() {
    var screen = opened()
    _ = screen.takeEffects()
    screen.press("m Enter")
    #expect(screen.effects == [] && screen.dialogWords.contains("it is empty"), "\(screen.picture)")
    screen.type("home")
    screen.press("Enter")
    #expect(screen.effects == [] && screen.shows("exists already"))
    screen.type("2")
    screen.press("Enter")
    #expect(screen.effects == [] && screen.shows("Type the name of the file."))
    screen.type("~/x.p12")
    screen.press("Enter")
    #expect(screen.takeEffects() == [.identity(.take(IdentityIntake(name: "home2", paths: ["~/x.p12"])))])

    screen.press("m")
    for (text, keys) in [("pair", "Tab"), ("a.pem", "Tab"), ("a.key", "Tab"), ("one", "Tab"), ("three", "Enter")] {
      screen.type(text)
      screen.press(keys)
    }
    #expect(screen.effects == [] && screen.shows("The two passphrases differ.") && !screen.shows("three"))
    screen.press("C-u")
    screen.type("one")
    screen.press("Tab Right Enter")
    #expect(
      screen.takeEffects() == [
        .identity(
          .take(
            IdentityIntake(
              name: "pair", paths: ["a.pem", "a.key"], passphrase: SecretBox(Secret("one")), mayStayOpen: true)))
      ])
  }

  @Test("removing is not a habit: Enter keeps it")
  func removing() {
    var screen = opened()
    _ = screen.takeEffects()
    screen.press("d Enter")
    #expect(screen.effects == [])
  }

  @Test("a new one wants the passphrase twice, shows its strength, and an empty one has to be insisted on")
  func create() {
    var screen = opened([])
    _ = screen.takeEffects()
    screen.press("n")
    screen.type("work")
    screen.press("Enter")
    #expect(screen.effects == [] && screen.shows("whoever can read the file has the key"))
    #expect(screen.shows("no passphrase yet"))
    screen.type("otter ladle quartz Tuesday")
    #expect(screen.shows("strong") && !screen.shows("otter"))
    screen.press("Enter")
    #expect(screen.effects == [] && screen.shows("The two passphrases differ."))
    screen.type("otter ladle quartz Tuesday")
    screen.press("Enter")
    let plan = NewIdentity(name: "work", subject: SubjectFields(commonName: "work"))
    #expect(
      screen.takeEffects() == [.identity(.create(plan, SecretBox(Secret("otter ladle quartz Tuesday"))))])

    screen.press("n")
    screen.type("bare")
    screen.press("Enter Enter")
    #expect(
      screen.takeEffects() == [
        .identity(.create(NewIdentity(name: "bare", subject: SubjectFields(commonName: "bare")), nil))
      ])
  }

  @Test(
    "what cannot be made says why",
    arguments: [("../x", "cannot be used"), ("home", "exists already"), ("", "it is empty")])
  func badNames(_ name: String, _ sentence: String) {
    var screen = opened()
    _ = screen.takeEffects()
    screen.press("n")
    screen.type(name)
    screen.press("Enter")
    #expect(screen.effects == [] && screen.lines.joined(separator: " ").contains(sentence))
  }

  @Test("a server that wants a certificate: the dialog names whom it accepts; one is made, and shown to it")
  func wanted() {
    var screen = refused(.wanted(issuers: ["The office", "Another"]))
    for text in ["The server wants a certificate", "files.example.org, port 21", "The office", "Another"] {
      #expect(screen.shows(text), "\(text)\n\(screen.lines.joined(separator: "\n"))")
    }
    screen.press("Enter")
    screen.type("new")
    screen.press("Enter Enter")
    guard case .identity(.create(let plan, nil))? = screen.takeEffects().first else {
      Issue.record("nothing is made")
      return
    }
    #expect(plan.name == "new")
    screen.receive(.identityMade("new"))
    guard case .connect(.right, let request, _)? = screen.takeEffects().first else {
      Issue.record("nothing is connected to")
      return
    }
    #expect(request.identity == "new" && request.server == Screen.server)
  }

  @Test("or an existing one is chosen")
  func chosen() {
    var screen = refused(.wanted(issuers: []))
    screen.press("s Right Enter")
    guard case .connect(.right, let request, _)? = screen.takeEffects().first else {
      Issue.record("nothing is connected to")
      return
    }
    #expect(request.identity == "work")
  }

  @Test("one that is not trusted yet: fingerprint, state, copies, and one key to try again")
  func awaiting() {
    var screen = refused(Self.refusal)
    for text in ["does not trust it yet", "00:01:02:03 04:05:06:07", "awaiting trust", "unknown CA (48)"] {
      #expect(screen.shows(text), "\(text)\n\(screen.lines.joined(separator: "\n"))")
    }
    screen.press("f")
    #expect(screen.takeEffects() == [.copy("SHA256:\(DialogTests.sheet.sha256)", said: "")])
    #expect(screen.shows("The fingerprint is in the clipboard."))
    screen.press("c")
    #expect(screen.takeEffects() == [.identity(.export("home", .certificate, path: nil))])
    screen.press("t")
    guard case .connect(.right, let request, _)? = screen.takeEffects().first else {
      Issue.record("nothing is connected to")
      return
    }
    #expect(request.identity == "home" && screen.state.layers.isEmpty)
  }

  @Test("a late refusal of a connection that was given up changes nothing")
  func late() {
    var screen = Screen.filled()
    let generation = screen.state[.right].generation
    screen.receive(.certificateRefused(Self.connection, generation: generation - 1, Self.refusal))
    #expect(screen.state.layers.isEmpty && screen.effects == [])
  }

  @Test("a passphrase is asked for unseen, also over the screen that needs it")
  func passphrase() {
    var screen = opened()
    _ = screen.takeEffects()
    screen.receive(.asked(.passphrase(PassphraseQuestion(id: 3, name: "home", wasWrong: true))))
    #expect(screen.shows("That passphrase does not open the key."))
    screen.type("geheim")
    #expect(!screen.shows("geheim") && screen.shows("••••••"))
    screen.press("Enter")
    #expect(screen.takeEffects() == [.answerPassphrase(3, SecretBox(Secret("geheim")))])
    screen.receive(.asked(.passphrase(PassphraseQuestion(id: 4, name: "home", wasWrong: false))))
    screen.press("Esc")
    #expect(screen.takeEffects() == [.answerPassphrase(4, nil)])
  }

  @Test("the connect dialog offers certificates, and a site brings its own")
  func connecting() {
    var screen = Screen.filled()
    screen.receive(.identitiesChanged(Self.rows))
    screen.receive(
      .sitesChanged([
        SiteChoice(name: "s", address: "ftpes://ada@files.example.org", identity: "work", isAwaitingTrust: true)
      ]))
    screen.press("F2")
    #expect(screen.shows("s (awaiting trust)"))
    screen.press("Enter")
    func request() -> ConnectRequest? {
      for case .connect(_, let request, _) in screen.effects { return request }
      return nil
    }
    #expect(request()?.identity == "work")
    screen.effects = []
    screen.receive(.sitesChanged([]))
    screen.press("F2")
    #expect(screen.shows("Certificate") && !screen.shows("broken"))
    screen.type("other.example.org")
    screen.press("BackTab BackTab BackTab Right Enter")
    #expect(request()?.identity == "home" && request()?.server.host == "other.example.org")
  }

  @Test("strength is judged by what is hard to guess, not by length")
  func strength() {
    func word(_ text: String) -> String { PassphraseStrength(Secret(text)).description }
    #expect(word("") == "very weak" && word("12345678901234567890") == "very weak")
    #expect(word("aaaaaaaaaaaaaaaaaaaa") == "very weak" && word("Password") == "very weak")
    #expect(PassphraseStrength(Secret("hP4!x")).isWeak)
    #expect(word("otter ladle quartz Tuesday") == "strong")
  }
}
