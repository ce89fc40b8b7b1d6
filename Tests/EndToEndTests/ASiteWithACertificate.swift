import SystemPackage
import TestSupport
import Testing

/// A client certificate that belongs to a site, in the real terminal program: seen, awaited, copied, trusted.
@Suite(.timeLimit(.minutes(2))) struct `A site with a certificate` {
  /// A server that wants client certificates, whichever program it is.
  enum Far {
    case real(RealServer)
    case served(CommandServe)

    static func start(_ software: ServerSoftware?) async throws -> Far {
      guard let software else { return .served(try await CommandServe(["--client-certificates", "require"])) }
      var options = ServerOptions()
      options.requiresClientCertificate = true
      return .real(try await RealServer.start(software, options))
    }

    var address: String {
      switch self {
      case .real(let server): server.address
      case .served(let served): served.address
      }
    }

    var password: String {
      switch self {
      case .real(let server): server.password
      case .served: CommandServe.password
      }
    }

    func put(_ text: String, _ name: String) async throws {
      switch self {
      case .real(let server):
        try FileTree.write(text.utf8, to: server.root.appending(name))
        try await server.adopt()
      case .served(let served): try FileTree.write(text.utf8, to: served.root.appending(name))
      }
    }

    /// What the server's side does with a certificate that it was sent.
    func trust(_ pem: String, _ file: FilePath) async throws {
      switch self {
      case .real(let server): try await server.trustClients(pem)
      case .served(let served):
        try FileTree.write(pem.utf8, to: file)
        _ = try await served.decide(["clients", "trust", file.string])
      }
    }

    func stop() async {
      switch self {
      case .real(let server): await server.stop()
      case .served(let served): await served.stop()
      }
    }
  }

  @Test(arguments: [nil, ServerSoftware.vsftpd])
  func `awaits trust, is marked, can be copied and sent, and opens with one key`(_ software: ServerSoftware?)
    async throws
  {
    let far = try await Far.start(software)
    try await far.put("there\n", "there.txt")
    let ferry = try CommandFerry()
    try await ferry.program(["identity", "create", "work", "--no-passphrase"]).runSuccessfully()
    try await ferry.program(["site", "add", "office", far.address, "--identity", "work"]).runSuccessfully()
    let password = try ferry.home.write(far.password + "\n", to: "password").string
    let terminal = try await TerminalDriver(
      [ferry.binary, ferry.home.path.string, "office", "--password-file", password],
      environment: ["FERRY_HOME": ferry.home.path.string, "LANG": "C.UTF-8"], in: ferry.home.path)
    let unknown = try await terminal.wait(for: "Always this certificate")
    try await terminal.click(try unknown.cell(of: "Always this certificate"))
    try await terminal.wait(for: "Not trusted yet")

    // What is copied is what the other side needs.
    try await terminal.press("f")
    try await terminal.wait(for: "The fingerprint is in the clipboard.")
    let fingerprint = try await terminal.clipboard()
    #expect(fingerprint.hasPrefix("SHA256:") && fingerprint.utf8.count > 90)
    #expect(try await ferry.run(["identity", "show", "work", "--json"]).outputText.contains(fingerprint))
    if case .served(let served) = far {
      #expect(try await served.decide(["clients", "list"]).outputText.contains(fingerprint))
    }
    try await terminal.press("c")
    try await terminal.wait(for: "The certificate is in the clipboard.")
    let pem = try await terminal.clipboard()
    #expect(try await ferry.program(["identity", "export", "work"]).runSuccessfully().outputText == pem)

    // Nothing has changed there yet.
    try await terminal.press("t")
    try await terminal.wait(untilGone: "The certificate is in the clipboard.")
    try await terminal.wait(for: "Not trusted yet")
    try await terminal.press("o")
    try await terminal.wait(untilGone: "Not trusted yet")
    try await terminal.press("F2")
    try await terminal.wait(for: "office (awaiting trust)")
    #expect(try await ferry.run(["identity", "show", "work"]).outputText.contains("Awaits trust on 127.0.0.1"))
    try await terminal.press("Enter")
    try await terminal.wait(for: "Not trusted yet")

    try await far.trust(pem, ferry.home.appending("sent.pem"))
    try await terminal.press("t")
    try await terminal.wait(for: "there.txt")
    try await terminal.press("F2")
    let sites = try await terminal.wait(for: "office")
    #expect(!sites.contains("awaiting trust"))
    try await terminal.press("Escape")
    try await terminal.wait(untilGone: "type to find a site")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    // The site brings its certificate without a screen, too.
    let listed = try await ferry.run(["ls", far.address] + (try ferry.login(far.password, trust: "known")))
    #expect(listed.outputText == "there.txt\n", "\(listed)")
    await far.stop()
  }
}
