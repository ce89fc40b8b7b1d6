import SystemPackage
import TestSupport
import Testing

/// The three levels with nothing but Ferry: its client, its server and its authority, each with a home of its own.
@Suite(.timeLimit(.minutes(2))) struct `Ferry at both ends` {
  private func list(_ served: CommandServe, _ ferry: CommandFerry) throws -> [String] {
    ["ls", served.address, "--identity", "work"] + (try ferry.login(CommandServe.password))
  }

  private func start(_ options: [String]) async throws -> CommandServe {
    let served = try await CommandServe(["--client-certificates", "require"] + options)
    try FileTree.write("there\n".utf8, to: served.root.appending("there.txt"))
    return served
  }

  @Test(arguments: [false, true])
  func `a server is asked about once, at the terminal, and then never`(_ isImplicit: Bool) async throws {
    let served = try await CommandServe(isImplicit ? ["--implicit"] : [])
    try FileTree.write("there\n".utf8, to: served.root.appending("there.txt"))
    let ferry = try CommandFerry()
    let password = try ferry.home.write(CommandServe.password + "\n", to: "password").string
    let list = ["ls", served.address, "--password-file", password]
    #expect(try await ferry.run(list).exitStatus == 4)
    let asking = try await TerminalDriver(
      [ferry.binary] + list, environment: ["FERRY_HOME": ferry.home.path.string, "LANG": "C.UTF-8"],
      in: ferry.home.path)
    let question = try await asking.wait(for: "[r]eject, [o]nce, [a]lways")
    #expect(question.contains("\(isImplicit ? "implicit" : "explicit") TLS"), "\(question)")
    try await asking.type("always")
    try await asking.press("Enter")
    #expect(try await asking.waitForExit() == .exited(0))
    await asking.close()
    for _ in 0..<2 { #expect(try await ferry.run(list).outputText == "there.txt\n") }
    #expect(try await ferry.run(["trust", "list"]).outputText.split(separator: "\n").count == 1)
    await served.stop()
  }

  @Test func `a certificate waits, is explained, and lets in once the server's side trusts it`() async throws {
    let served = try await start([])
    let ferry = try CommandFerry()
    let none = try await ferry.run(["ls", served.address] + (try ferry.login(CommandServe.password)))
    #expect(none.exitStatus == 5, "\(none)")
    #expect(none.errorText.contains("The server wants a client certificate, and none is set"), "\(none)")

    try await ferry.program(["identity", "create", "work", "--no-passphrase"]).runSuccessfully()
    let refused = try await ferry.run(try list(served, ferry))
    #expect(refused.exitStatus == 5, "\(refused)")
    #expect(refused.errorText.contains("has seen your certificate but does not trust it yet"), "\(refused)")
    let start = try #require(refused.errorText.firstRange(of: "SHA256:")).upperBound
    let digits = String(refused.errorText[start...].prefix(23))
    let waiting = try await served.decide(["clients", "list"]).outputText
    #expect(waiting.contains(digits), "\(digits)\n\(waiting)")
    #expect(try await ferry.run(["identity", "show", "work"]).outputText.contains("Awaits trust on 127.0.0.1"))

    _ = try await served.decide(["clients", "trust", digits])
    let listed = try await ferry.run(try list(served, ferry))
    #expect(listed.outputText == "there.txt\n", "\(listed)\n\(served.program.outputText)")
    #expect(try await !ferry.run(["identity", "show", "work"]).outputText.contains("Awaits trust"))
    await served.stop()
  }

  @Test(arguments: [true, false])
  func `a request is signed by an authority that the server trusts, and its answer lets in`(
    isSignedByFerry: Bool
  ) async throws {
    let (ferry, office) = (try CommandFerry(), try CommandFerry())
    try await office.program(["authority", "create", "--no-passphrase", "--cn", "The office"]).runSuccessfully()
    let authority = office.home.appending("office.pem").string
    try await office.program(["authority", "export", "--out", authority]).runSuccessfully()
    let served = try await start(["--trust-authority", authority])

    try await ferry.program(["identity", "create", "work", "--no-passphrase"]).runSuccessfully()
    let refused = try await ferry.run(try list(served, ferry))
    #expect(refused.errorText.contains("does not trust it yet"), "\(refused)")
    let (request, answer) = (ferry.home.appending("work.csr").string, ferry.home.appending("work.crt").string)
    try await ferry.program(["identity", "request", "work", "--out", request]).runSuccessfully()
    if isSignedByFerry {
      try await office.program(["authority", "sign", request, "--yes", "--out", answer]).runSuccessfully()
    } else {
      // Without the request's extensions OpenSSL makes a certificate of version 1, which the server refuses and says so.
      let files = office.home.appending("authorities/main")
      try await Program(
        "openssl",
        [
          "x509", "-req", "-in", request, "-CA", files.appending("certificate.pem").string, "-CAkey",
          files.appending("key.pem").string, "-CAcreateserial", "-CAserial", ferry.home.appending("serial").string,
          "-days", "30", "-out", answer, "-copy_extensions", "copy",
        ]
      ).runSuccessfully()
    }
    try await ferry.program(["identity", "install", "work", answer]).runSuccessfully()
    let listed = try await ferry.run(try list(served, ferry))
    #expect(listed.outputText == "there.txt\n", "\(listed)\n\(served.program.outputText)")
    let shown = try await ferry.run(["identity", "show", "work"]).outputText
    #expect(shown.contains("signed by The office") && !shown.contains("Replaced"), "\(shown)")
    await served.stop()
  }
}
