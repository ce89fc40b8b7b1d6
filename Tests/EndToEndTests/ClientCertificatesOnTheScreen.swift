import SystemPackage
import TestSupport
import Testing

/// Security levels 2 and 3 once each in the real terminal program.
@Suite(.timeLimit(.minutes(2))) struct `Client certificates on the screen` {
  private func start(
    _ server: RealServer, _ ferry: CommandFerry, _ options: [String]
  ) async throws -> TerminalDriver {
    try FileTree.write("there\n".utf8, to: server.root.appending("there.txt"))
    try await server.adopt()
    return try await TerminalDriver(
      [ferry.binary, ferry.home.path.string, server.address] + options + (try ferry.login(server.password)),
      environment: ["FERRY_HOME": ferry.home.path.string, "HOME": ferry.home.path.string], in: ferry.home.path)
  }

  private func type(_ text: String, _ terminal: TerminalDriver, then keys: String...) async throws {
    try await terminal.type(text)
    for key in keys { try await terminal.press(key) }
  }

  /// Fills in the form for a new certificate.
  private func create(_ name: String, _ passphrase: String, _ terminal: TerminalDriver) async throws {
    try await terminal.wait(for: "New client certificate")
    try await type(name, terminal, then: "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
    try await type(passphrase, terminal, then: "Tab")
    try await type(passphrase, terminal, then: "Enter")
  }

  @Test(arguments: [ServerSoftware.proFTPD, .vsftpd])
  func `a server wants one: it is made, not trusted at first, then trusted, and the folder opens`(
    _ software: ServerSoftware
  ) async throws {
    var options = ServerOptions()
    options.requiresClientCertificate = true
    let server = try await RealServer.start(software, options)
    let ferry = try CommandFerry()
    var terminal = try await start(server, ferry, [])
    let wanted = try await terminal.wait(for: "Create one")
    // vsftpd names none.
    if software == .proFTPD { #expect(wanted.contains("It accepts"), "\(wanted)") }
    try await terminal.press("Enter")
    try await create("work", "otter ladle quartz Tuesday", terminal)
    let refused = try await terminal.wait(for: "Try again")
    for part in ["does not trust it yet", "awaiting trust", "SHA-256", "work"] {
      #expect(refused.contains(part), "\(part)\n\(refused)")
    }
    try await terminal.press("c")
    try await terminal.wait(for: "The certificate is in the clipboard.")
    let copied = try await terminal.clipboard()
    #expect(try await ferry.program(["identity", "export", "work"]).runSuccessfully().outputText == copied)
    try await server.trustClients(copied)
    try await terminal.press("t")
    try await terminal.wait(for: "there.txt")
    #expect(try await !terminal.screen().contains("otter"))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()

    // The next start asks for the passphrase, as often as it is wrong.
    terminal = try await start(server, ferry, ["--identity", "work"])
    try await terminal.wait(for: "Passphrase")
    try await type("wrong", terminal, then: "Enter")
    try await terminal.wait(for: "does not open the key")
    try await type("otter ladle quartz Tuesday", terminal, then: "Enter")
    try await terminal.wait(for: "there.txt")

    // The key is open now, which gives nobody at the screen the right to take its passphrase away.
    try await terminal.press("I")
    try await terminal.wait(for: "Client certificates")
    try await terminal.press("p")
    try await terminal.wait(for: "Passphrase of work")
    try await type("quartz otter", terminal, then: "Tab")
    try await type("quartz otter", terminal, then: "Enter")
    try await terminal.wait(for: "─ Passphrase ─")
    try await type("quartz otter", terminal, then: "Enter")
    try await terminal.wait(for: "does not open the key")
    try await type("otter ladle quartz Tuesday", terminal, then: "Enter")
    try await terminal.wait(for: "The passphrase of work is changed.")
    try await terminal.press("Escape")
    try await terminal.wait(untilGone: "Client certificates")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    await server.stop()
  }

  @Test func `a request goes out, the signed answer comes in, and the folder opens`() async throws {
    var options = ServerOptions()
    options.requiresClientCertificate = true
    let server = try await RealServer.start(.vsftpd, options)
    let (ferry, office) = (try CommandFerry(), try CommandFerry())
    try await office.program(["authority", "create", "--no-passphrase", "--cn", "The office"]).runSuccessfully()
    let authority = try await office.program(["authority", "export"]).runSuccessfully().outputText
    try await server.trustClients(authority)
    let terminal = try await start(server, ferry, [])
    try await terminal.wait(for: "The server wants a certificate")
    try await terminal.press("Escape")
    try await terminal.wait(untilGone: "The server wants a certificate")
    try await terminal.press("I")
    try await terminal.wait(for: "None yet. n makes one.")
    try await terminal.press("n")
    // Without a passphrase, which has to be insisted on.
    try await terminal.wait(for: "New client certificate")
    try await type("work", terminal, then: "Enter")
    try await terminal.wait(for: "whoever can read the file has the key")
    try await terminal.press("Enter")
    try await terminal.wait(for: "self-signed")
    try await terminal.press("r")
    try await terminal.wait(for: "Give away work")
    for key in ["Tab", "Right", "Enter"] { try await terminal.press(key) }
    let request = ferry.home.appending("work.csr")
    #expect(try await eventually(within: .seconds(10)) { FileTree.exists(request) })
    let answer = ferry.home.appending("work.crt").string
    try await office.program(["authority", "sign", request.string, "--yes", "--out", answer]).runSuccessfully()
    try await terminal.press("i")
    try await terminal.wait(for: "Install a signed certificate")
    try await type("~/work.crt", terminal, then: "Enter")
    try await terminal.wait(for: "signed by The office")
    try await terminal.press("Escape")
    try await terminal.wait(untilGone: "Client certificates")
    try await terminal.press("F2")
    try await terminal.wait(for: "Connect to a server")
    try await type(server.address, terminal, then: "BTab", "BTab", "BTab", "Right", "Enter")
    try await terminal.wait(for: "there.txt")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    let shown = try await ferry.run(["identity", "show", "work"]).outputText
    #expect(shown.contains("signed by The office") && !shown.contains("Replaced"))
    await terminal.close()
    await server.stop()
  }

  @Test func `another program's certificate comes in, and goes out in the forms that the openssl command reads`()
    async throws
  {
    let ferry = try CommandFerry()
    let both = try await ferry.makeClient("grace").string
    let file = ferry.home.appending("in.p12").string
    try await Program(
      "openssl", ["pkcs12", "-export", "-in", both, "-out", file, "-passout", "pass:otter ladle"]
    ).runSuccessfully()
    let terminal = try await TerminalDriver(
      [ferry.binary, ferry.home.path.string, ferry.home.path.string],
      environment: ["FERRY_HOME": ferry.home.path.string, "HOME": ferry.home.path.string], in: ferry.home.path)
    try await terminal.wait(for: "in.p12")
    try await terminal.press("I")
    try await terminal.wait(for: "None yet. n makes one.")
    try await terminal.press("m")
    try await terminal.wait(for: "Take over a certificate")
    try await type("grace", terminal, then: "Tab")
    try await type("~/in.p12", terminal, then: "Enter")
    try await terminal.wait(for: "─ Passphrase ─")
    try await type("wrong", terminal, then: "Enter")
    try await terminal.wait(for: "does not open the key")
    try await type("otter ladle", terminal, then: "Enter")
    try await terminal.wait(for: "self-signed")
    #expect(try await ferry.run(["identity", "show", "grace"]).outputText.contains("encrypted with a passphrase"))

    try await terminal.press("e")
    try await terminal.wait(for: "Give away grace")
    for key in ["Right", "Right", "Enter"] { try await terminal.press(key) }
    let der = ferry.home.appending("grace.der")
    #expect(try await eventually { FileTree.exists(der) })
    try await terminal.press("e")
    try await terminal.wait(for: "Give away grace")
    for key in ["Right", "Right", "Right", "Tab", "Tab", "Tab"] { try await terminal.press(key) }
    try await type("quartz", terminal, then: "Tab")
    try await type("quartz", terminal, then: "Enter")
    try await terminal.wait(for: "─ Passphrase ─")
    try await type("otter ladle", terminal, then: "Enter")
    let out = ferry.home.appending("grace.p12")
    #expect(try await eventually { FileTree.exists(out) })
    #expect(try await !terminal.screen().contains("quartz"))
    let wanted = try await Program("openssl", ["x509", "-in", both, "-noout", "-fingerprint"]).runSuccessfully().output
    for command in [
      ["x509", "-inform", "DER", "-in", der.string],
      ["pkcs12", "-in", out.string, "-passin", "pass:quartz", "-nokeys"],
    ] {
      let pem = try await Program("openssl", command).runSuccessfully().output
      let seen = try await Program("openssl", ["x509", "-noout", "-fingerprint"], input: pem).runSuccessfully().output
      #expect(seen == wanted)
    }
    let key = ["pkcs12", "-in", out.string, "-passin", "pass:quartz", "-nocerts", "-noenc"]
    #expect(try await Program("openssl", key).runSuccessfully().outputText.contains("BEGIN PRIVATE KEY"))

    // A file that is there is not written over, and one certificate is removed on purpose only.
    try await terminal.press("e")
    try await terminal.wait(for: "Give away grace")
    for key in ["Right", "Right", "Enter"] { try await terminal.press(key) }
    try await terminal.wait(for: "is there already")
    try await terminal.press("d")
    try await terminal.wait(for: "Remove grace")
    for key in ["Left", "Enter"] { try await terminal.press(key) }
    try await terminal.wait(for: "None yet. n makes one.")
    try await terminal.press("Escape")
    try await terminal.wait(untilGone: "Client certificates")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
  }
}
