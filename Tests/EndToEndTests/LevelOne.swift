import Glibc
import SystemPackage
import TestSupport
import Testing

/// The first of the three levels: a person is asked about the server's certificate once, and then never again.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `Level one` {
  struct Cell: Sendable, CustomTestStringConvertible {
    var software: ServerSoftware
    var mode: ServerOptions.Mode
    var testDescription: String { "\(software), \(mode.rawValue)" }
  }

  static let cells = [ServerSoftware.proFTPD, .vsftpd].flatMap { software in
    [ServerOptions.Mode.explicit, .implicit].map { Cell(software: software, mode: $0) }
  }

  private func terminal(
    _ ferry: CommandFerry, _ arguments: [String], columns: Int = 100, rows: Int = 30
  ) async throws -> TerminalDriver {
    try await TerminalDriver(
      [ferry.binary] + arguments, environment: ["FERRY_HOME": ferry.home.path.string, "LANG": "C.UTF-8"],
      columns: columns, rows: rows, in: ferry.home.path)
  }

  @Test(arguments: cells) func `asks at the terminal once, then never`(cell: Cell) async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(cell.software, ServerOptions(mode: cell.mode))
    try FileTree.write(Array("hello\n".utf8), to: server.root.appending("hello.txt"))
    try await server.adopt()
    let password = try ferry.home.write(server.password + "\n", to: "password").string
    let list = ["ls", server.address, "--password-file", password]

    // Nobody to ask: nothing is sent, and the reason says what to do.
    let refused = try await ferry.run(list)
    #expect(refused.status == .exited(4))
    #expect(refused.errorText.contains("not among the trusted issuers"))

    let asking = try await terminal(ferry, list)
    let question = try await asking.wait(for: "[r]eject, [o]nce, [a]lways")
    for part in ["\(cell.mode.rawValue) TLS", "issuer", "SHA-256", "By phone", "SHA-1", "Serial", "days left"] {
      #expect(question.contains(part), "\(part)\n\(question)")
    }
    try await asking.type("always")
    try await asking.press("Enter")
    #expect(try await asking.waitForExit() == .exited(0))
    #expect(try await asking.screen().contains("hello.txt"))
    await asking.close()

    let again = try await ferry.run(list)
    #expect(again.status == .exited(0), "\(again.errorText)")
    #expect(again.outputText.contains("hello.txt"))
    // A data connection with content, too: it asks nobody.
    let got = try await ferry.run(
      ["get", server.address + "/hello.txt", ferry.home.path.string, "--password-file", password])
    #expect(got.status == .exited(0), "\(got.errorText)")
    #expect(try FileTree.text(ferry.home.appending("hello.txt")) == "hello\n")
    await server.stop()
  }

  /// The server sends its own certificate alone: nobody's key is there to prove the list with.
  @Test(arguments: [true, false])
  func `a certificate that its issuer has taken back is refused, though it was trusted before`(
    listNamesKey: Bool
  ) async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(.vsftpd)
    let list = ["ls", server.address] + (try ferry.login(server.password))
    _ = try await ferry.program(list).runSuccessfully()

    let revocations = try await RevocationListFile(in: ferry.home, namesKey: listNamesKey)
    let file = revocations.path.string
    #expect(try await ferry.run(list + ["--crl-file", file]).status == .exited(0))
    let newcomer = try CommandFerry()
    let first = ["ls", server.address, "--crl-file", file] + (try newcomer.login(server.password))
    let known = try await newcomer.run(first)
    #expect(known.status == .exited(0), "\(known)")
    try await revocations.revoke(server.options.certificate.certificate)
    let refused = try await ferry.run(list + ["--crl-file", file])
    #expect(refused.status == .exited(4), "\(refused)")
    #expect(refused.errorText.contains("its issuer has taken it back"), "\(refused)")
    let stranger = try CommandFerry()
    let unknown = try await stranger.run(
      ["ls", server.address, "--crl-file", file] + (try stranger.login(server.password)))
    #expect(unknown.status == .exited(4) && unknown.errorText.contains("its issuer has taken it back"), "\(unknown)")
    _ = try ferry.home.write("crl-file = \"\(file)\"\n", to: "config.toml")
    #expect(try await ferry.run(list).status == .exited(4))
    _ = try ferry.home.write("crl-file = \"/nonexistent.crl\"\n", to: "config.toml")
    let missing = try await ferry.run(list)
    #expect(
      missing.status == .exited(2) && missing.errorText.contains("The setting crl-file: /nonexistent.crl"), "\(missing)"
    )
    let none = try await ferry.run(list + ["--crl-file", TestCertificates.authority.string])
    #expect(none.status == .exited(2) && none.errorText.contains("holds no lists of revoked certificates"), "\(none)")
    await server.stop()
  }

  @Test(arguments: [
    Cell(software: .proFTPD, mode: .explicit), Cell(software: .vsftpd, mode: .explicit),
    Cell(software: .vsftpd, mode: .implicit),
  ])
  func `in the program: always, then another copy takes it back, and the open program asks again`(
    cell: Cell
  ) async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(cell.software, ServerOptions(mode: cell.mode))
    try FileTree.write(Array("hello\n".utf8), to: server.root.appending("hello.txt"))
    try await server.adopt()
    let password = try ferry.home.write(server.password + "\n", to: "password").string
    let browse = [ferry.home.path.string, server.address, "--password-file", password]
    let program = try await terminal(ferry, browse)
    let question = try await program.wait(for: "Always this certificate")
    #expect(question.contains("\(cell.mode.rawValue) TLS") && question.contains("By phone"))
    try await program.click(try question.cell(of: "Always this certificate"))
    try await program.wait(for: "hello.txt")

    // The screen of what is trusted has it.
    try await program.type("C")
    let list = try await program.wait(for: "Trusted certificates (1)")
    #expect(list.contains("\(cell.mode == .implicit ? "ftps" : "ftpes")://127.0.0.1:\(server.port)"))
    try await program.press("Escape")
    try await program.wait(untilGone: "Trusted certificates")

    let removed = try await ferry.run(["trust", "remove", "127.0.0.1"])
    #expect(removed.status == .exited(0), "\(removed.errorText)")
    try await program.press("Tab")
    try await program.press("C-r")
    try await program.wait(for: "Unknown certificate")
    try await program.press("Right")
    try await program.press("Enter")
    try await program.wait(untilGone: "Unknown certificate")
    try await program.wait(for: "hello.txt")
    try await program.press("F10")
    #expect(try await program.waitForExit() == .exited(0))
    await program.close()
    // "This connection" left nothing behind.
    #expect(try await ferry.run(["trust", "list"]).outputText == "")

    // Accepted for good it is not asked about again, by the next start either.
    _ = try await ferry.program(["ls", server.address] + ferry.login(server.password)).runSuccessfully()
    let again = try await terminal(ferry, browse)
    let opened = try await again.wait(for: "hello.txt")
    #expect(!opened.contains("Unknown certificate"))
    try await again.press("F10")
    #expect(try await again.waitForExit() == .exited(0))
    await again.close()
    await server.stop()
  }

  @Test func `in the program with ferry serve: what the server says for the phone is what the client shows`()
    async throws
  {
    let (served, ferry) = (try await CommandServe(), try CommandFerry())
    try FileTree.write(Array("hello\n".utf8), to: served.root.appending("hello.txt"))
    let short = served.program.outputText.split(separator: "\n").first { $0.hasPrefix("short ") }?.dropFirst(6)
    let password = try ferry.home.write(CommandServe.password + "\n", to: "password").string
    let program = try await terminal(ferry, [ferry.home.path.string, served.address, "--password-file", password])
    let question = try await program.wait(for: "Always this certificate")
    #expect(question.contains(String(try #require(short))))
    // It vouches for itself, so that there is no issuer to trust.
    #expect(!question.contains("Always its issuer"))
    try await program.click(try question.cell(of: "Always this certificate"))
    try await program.wait(for: "hello.txt")
    try await program.press("F10")
    #expect(try await program.waitForExit() == .exited(0))
    await program.close()
    let list = try await ferry.run(["ls", served.address, "--password-file", password])
    #expect(list.status == .exited(0) && list.outputText.contains("hello.txt"), "\(list.errorText)")
    await served.stop()
  }

  @Test func `in the program: a changed certificate is refused by habit, and kept beside the old one on purpose`()
    async throws
  {
    let demo = try DemoRun()
    var program = try await demo.start()
    try await program.click(try await program.wait(for: "Unknown certificate").cell(of: "Always this key"))
    try await program.wait(for: "media/")
    try await program.press("F10")
    #expect(try await program.waitForExit() == .exited(0))
    await program.close()

    FileTree.remove(demo.data.appending("server.pem"))
    program = try await demo.start()
    let warning = try await program.wait(for: "The certificate has CHANGED")
    for part in ["Possible attack", "Trusted before", "Shown now", "SHA-256", "first ", "Keep both"] {
      #expect(warning.contains(part), "\(part)\n\(warning)")
    }
    #expect(try await program.styledScreen().contains("\u{1B}["))
    try await program.press("Enter")
    try await program.wait(for: "certificate is not trusted")
    try await program.press("F10")
    #expect(try await program.waitForExit() == .exited(0))
    await program.close()

    program = try await demo.start()
    try await program.wait(for: "The certificate has CHANGED")
    try await program.type(">")
    try await program.wait(for: "all of the new one")
    try await program.click(try await program.screen().cell(of: "Keep both"))
    try await program.wait(for: "media/")
    try await program.press("F10")
    #expect(try await program.waitForExit() == .exited(0))
    await program.close()
    let ferry = Program(
      try ProjectFolders.ferry(), ["trust", "list", "--json"], environment: ["FERRY_HOME": demo.home.path.string])
    let kept = try await ferry.runSuccessfully().outputText.split(separator: "\n")
    #expect(kept.count == 2)
    #expect(kept.first?.contains(#""kind":"key""#) == true && kept.last?.contains(#""kind":"certificate""#) == true)
    demo.remove()
  }

  @Test func `what is trusted is added from a server or a file, noted, exported, imported and removed`() async throws {
    let ferry = try CommandFerry()
    let server = try await RealServer.start(.vsftpd)
    let place = "127.0.0.1:\(server.port)"

    let asking = try await terminal(ferry, ["trust", "add", place, "--note", "the test's"])
    let shown = try await asking.wait(for: "Type yes to trust")
    #expect(shown.contains("SHA-256") && shown.contains("not trusted yet"))
    try await asking.type("yes")
    try await asking.press("Enter")
    #expect(try await asking.waitForExit() == .exited(0))
    await asking.close()
    let listed = try await ferry.run(["trust", "list"])
    #expect(listed.outputText.contains(place))
    // Without a terminal nothing is trusted by itself, nor with another fingerprint.
    #expect(try await ferry.run(["trust", "add", place]).status == .exited(2))
    let wrong = "SHA256:" + String(repeating: "AB", count: 32)
    #expect(try await ferry.run(["trust", "add", place, "--fingerprint", wrong]).status == .exited(4))

    let certificate = TestCertificates.Server.other.certificate.string
    let added = try await ferry.run(["trust", "add", "files.example.org:2121", certificate, "--kind", "key", "--json"])
    #expect(added.status == .exited(0), "\(added.errorText)")
    #expect(added.outputText.contains(#""host":"files.example.org","port":2121"#))
    #expect(added.outputText.contains(#""kind":"key""#))
    let alone = try await ferry.run(["trust", "add", "files.example.org", certificate, "--kind", "issuer"])
    #expect(alone.status == .exited(1))
    let noted = try await ferry.run(["trust", "note", "files.example.org", "told by phone"])
    #expect(noted.outputText.contains("told by phone"))
    let whole = try await ferry.run(["trust", "show", "files.example.org"])
    for part in ["its key", "Serial", "SHA-1", "By phone", "Last seen", "told by phone"] {
      #expect(whole.outputText.contains(part), "\(part)\n\(whole.outputText)")
    }

    let exported = try await ferry.run(["trust", "export"])
    let file = try ferry.home.write(exported.outputText, to: "trusted.pem")
    let read = try await Program("openssl", ["x509", "-in", file.string, "-noout", "-subject"]).runSuccessfully()
    #expect(read.outputText.contains("CN"))
    let other = try CommandFerry()
    let dry = try await other.run(["trust", "import", file.string, "--dry-run"])
    #expect(dry.outputText.split(separator: "\n").count == 2)
    #expect(dry.outputText.contains("Would trust ftpes://files.example.org:2121  key  SHA256:"), "\(dry)")
    // An issuer that has not signed what comes with it is refused, and the trial says so.
    let text = exported.outputText.replacing("files.example.org:2121: key", with: "files.example.org:2121: issuer")
    let second = try await ferry.run(["trust", "export", place]).outputText.split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    let feigned = try ferry.home.write(text + second + "\n", to: "feigned.pem").string
    for arguments in [["trust", "import", feigned, "--dry-run"], ["trust", "import", feigned]] {
      let result = try await CommandFerry().run(arguments)
      #expect(result.status == .exited(1), "\(result)")
      #expect(result.errorText.contains("did not sign"), "\(result)")
      #expect(!result.outputText.contains("files.example.org"), "\(result)")
    }
    #expect(try await other.run(["trust", "list"]).outputText == "")
    let imported = try await other.run(["trust", "import", file.string])
    #expect(imported.status == .exited(0), "\(imported.errorText)")
    let (one, two) = (try await ferry.run(["trust", "list"]), try await other.run(["trust", "list"]))
    #expect(one.outputText == two.outputText && !two.outputText.isEmpty)
    #expect(try await other.run(["trust", "import", file.string]).outputText.contains("Trusted already"))

    let removed = try await other.run(["trust", "remove", "files.example.org:2121"])
    #expect(removed.status == .exited(0))
    #expect(try await other.run(["trust", "list"]).outputText.split(separator: "\n").count == 1)
    let junk = try other.home.write("<!DOCTYPE x><x/>", to: "junk.xml").string
    let refused = try await other.run(["trust", "import", junk])
    #expect(refused.status == .exited(1))
    #expect(refused.errorText.contains("document type"))
    await server.stop()
  }
}
