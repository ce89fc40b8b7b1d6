import Glibc
import SystemPackage
import TestSupport
import Testing

/// Trust and identities are changed while a transfer is under way: it ends, and says why (threats C09 and C11).
@Suite(.timeLimit(.minutes(2))) struct `Sessions never outlive` {
  /// So slow that a transfer is under way for half a minute; in bytes per second.
  private static let slowness = 256 << 10
  private static let content = TreeFixture.bytes(8 << 20, seed: 3)

  private func slowServer() async throws -> RealServer {
    var options = ServerOptions()
    options.extra = ["anon_max_rate=\(Self.slowness)"]
    let server = try await RealServer.start(.vsftpd, options)
    try FileTree.write(Self.content, to: server.root.appending("large.bin"))
    try await server.adopt()
    return server
  }

  /// Whether some of the file is there, under whatever name.
  private func hasBegun(_ folder: FilePath) throws -> Bool {
    try FileTree.names(in: folder).contains { name in
      name.string.contains("large.bin") && (FileTree.facts(folder.appending(name.string))?.st_size ?? 0) > 0
    }
  }

  @Test func `the trust in a server's certificate, which another command takes back`() async throws {
    let server = try await slowServer()
    let ferry = try CommandFerry()
    let target = ferry.home.appending("target")
    try FileTree.makeFolders(target)
    _ = try await ferry.program(["ls", server.address] + ferry.login(server.password)).runSuccessfully()
    let login = try ferry.login(server.password, trust: "known")
    let transfer = try ferry.program(["get", server.address + "/large.bin", target.string] + login).start()
    #expect(try await eventually(within: .seconds(20)) { try hasBegun(target) })
    try await ferry.program(["trust", "remove", "127.0.0.1"]).runSuccessfully()
    let end = try await transfer.result(timeout: .seconds(20))
    #expect(end.status == .exited(4), "\(end)")
    #expect(end.errorText.contains("session was ended: the server's certificate is trusted no more"), "\(end)")
    #expect(end.errorText.contains("not among the trusted issuers"), "\(end)")
    #expect(!FileTree.exists(target.appending("large.bin")))
    await server.stop()
  }

  @Test func `the client certificate that they have shown, which another command removes`() async throws {
    let served = try await CommandServe(["--client-certificates", "require", "--limit", "256K"])
    try FileTree.write(Self.content, to: served.root.appending("large.bin"))
    let ferry = try CommandFerry()
    let target = ferry.home.appending("target")
    try FileTree.makeFolders(target)
    try await ferry.program(["identity", "create", "work", "--no-passphrase"]).runSuccessfully()
    let pem = ferry.home.appending("work.pem").string
    try await ferry.program(["identity", "export", "work", "--out", pem]).runSuccessfully()
    _ = try await served.decide(["clients", "trust", pem])
    let transfer = try ferry.program(
      ["get", served.address + "large.bin", target.string, "--identity", "work"]
        + (try ferry.login(CommandServe.password))
    ).start()
    #expect(try await eventually(within: .seconds(20)) { try hasBegun(target) })
    try await ferry.program(["identity", "remove", "work", "--yes"]).runSuccessfully()
    let end = try await transfer.result(timeout: .seconds(20))
    #expect(end.status == .exited(5), "\(end)")
    #expect(end.errorText.contains("your certificate work was replaced or removed"), "\(end)")
    #expect(end.errorText.contains("There is no client certificate named work"), "\(end)")
    await served.stop()
  }

  @Test func `but a person who disconnects a pane takes nothing back from its transfers`() async throws {
    var options = ServerOptions()
    options.extra = ["anon_max_rate=\(Self.slowness)"]
    let server = try await RealServer.start(.vsftpd, options)
    let names = ["first.bin", "second.bin"]
    for name in names { try FileTree.write(Self.content.prefix(1 << 20), to: server.root.appending(name)) }
    try await server.adopt()
    let ferry = try CommandFerry()
    let local = ferry.home.appending("local")
    try FileTree.makeFolders(local)
    let password = try ferry.home.write(server.password + "\n", to: "password").string
    let terminal = try await TerminalDriver(
      [ferry.binary, local.string, server.address, "--password-file", password, "--jobs", "1"],
      environment: ["FERRY_HOME": ferry.home.path.string, "LANG": "C.UTF-8"], in: local)
    try await terminal.wait(for: "Unknown certificate")
    try await terminal.press("Right", "Enter")
    try await terminal.wait(for: "first.bin")
    try await terminal.press("Tab", "*", "F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    #expect(
      try await eventually(within: .seconds(20)) {
        try FileTree.names(in: local).contains { $0.string.contains("first.bin") }
      })
    try await terminal.press("D")
    try await terminal.wait(for: "the pane without a server") { !$0.lines[0].contains("127.0.0.1") }
    // The rest of the first file, and a session more for the second.
    var asking: String?
    let isDone = try await eventually(within: .seconds(30)) {
      let screen = try await terminal.screen()
      if screen.contains("Unknown certificate") { asking = "\(screen)" }
      return asking != nil || names.allSatisfy { FileTree.exists(local.appending($0)) }
    }
    #expect(isDone && asking == nil, "\(asking ?? "")")
    for name in names { #expect(FileTree.facts(local.appending(name))?.st_size == 1 << 20) }
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    await server.stop()
  }

  @Test func `a connection that its certificate was taken for, also where a transfer is tried again after it`()
    async throws
  {
    let server = try await RealServer.start(.vsftpd)
    let file = server.root.appending("gone.bin")
    try FileTree.write(Self.content.prefix(100), to: file)
    try await server.adopt()
    let ferry = try CommandFerry()
    let local = ferry.home.appending("local")
    try FileTree.makeFolders(local)
    let password = try ferry.home.write(server.password + "\n", to: "password").string
    let terminal = try await TerminalDriver(
      [ferry.binary, local.string, server.address, "--password-file", password],
      environment: ["FERRY_HOME": ferry.home.path.string, "LANG": "C.UTF-8"], in: local)
    try await terminal.wait(for: "Unknown certificate")
    try await terminal.press("Right", "Enter")
    try await terminal.wait(for: "gone.bin")
    FileTree.remove(file)
    try await terminal.press("Tab", "*", "F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    try await terminal.wait(for: "Failed 1")
    try await terminal.press("D")
    try await terminal.wait(for: "the pane without a server") { !$0.lines[0].contains("127.0.0.1") }
    try FileTree.write(Self.content.prefix(100), to: file)
    try await server.adopt()
    try await terminal.press("t", "r")
    try await terminal.wait(for: "Unknown certificate")
    try await terminal.press("Enter")
    try await terminal.wait(untilGone: "Unknown certificate")
    #expect(!FileTree.exists(local.appending("gone.bin")))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    await server.stop()
  }

  @Test func `the trust that is taken back on the screen, where the transfer then asks anew`() async throws {
    let server = try await slowServer()
    let ferry = try CommandFerry()
    let local = ferry.home.appending("local")
    try FileTree.makeFolders(local)
    _ = try await ferry.program(["ls", server.address] + ferry.login(server.password)).runSuccessfully()
    let password = try ferry.home.write(server.password + "\n", to: "password").string
    let terminal = try await TerminalDriver(
      [ferry.binary, local.string, server.address, "--password-file", password],
      environment: ["FERRY_HOME": ferry.home.path.string, "LANG": "C.UTF-8"], in: local)
    try await terminal.wait(for: "large.bin")
    try await terminal.press("Tab")
    try await terminal.click(try await terminal.screen().cell(of: "large.bin", in: 50..<100))
    try await terminal.press("F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    #expect(try await eventually(within: .seconds(20)) { try hasBegun(local) })

    try await terminal.press("C")
    try await terminal.wait(for: "Trusted certificates (1)")
    try await terminal.press("d")
    try await terminal.wait(for: "Trust it no more")
    try await terminal.press("r")
    try await terminal.wait(for: "It is trusted no more")
    try await terminal.press("Escape")
    // The transfer's next session has to ask.
    try await terminal.wait(for: "Unknown certificate")
    try await terminal.press("Enter")
    try await terminal.wait(untilGone: "Unknown certificate")
    let asking = try await terminal.wait(for: "Needs you 1")
    #expect(asking.contains("? Enter tries again: The server's certifi"), "\(asking)")
    #expect(!FileTree.exists(local.appending("large.bin")))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    await server.stop()
  }
}
