import SystemPackage
import TestSupport
import Testing

/// "This connection" holds for a connection: a person who has gone elsewhere and comes back is asked again, also where a
/// session was kept until then.
@Suite(.timeLimit(.minutes(1))) struct `A certificate for this connection is asked about again` {
  @Test func `when the pane has been at another server, and when it has been in a local folder`() async throws {
    let (server, other) = (try await RealServer.start(.vsftpd), try await RealServer.start(.proFTPD))
    for (server, name) in [(server, "here.txt"), (other, "there.txt")] {
      try FileTree.write([1], to: server.root.appending(name))
      try await server.adopt()
    }
    let ferry = try CommandFerry()
    let local = ferry.home.appending("local")
    try FileTree.makeFolders(local)
    let password = try ferry.home.write(server.password + "\n", to: "password").string
    let terminal = try await TerminalDriver(
      [ferry.binary, local.string, server.address, "--password-file", password],
      environment: ["FERRY_HOME": ferry.home.path.string, "HOME": local.string, "LANG": "C.UTF-8"], in: local)
    try await accept(showing: "here.txt", terminal)

    try await connect(to: other, terminal)
    try await accept(showing: "there.txt", terminal)
    try await connect(to: server, terminal)
    try await accept(showing: "here.txt", terminal)

    try await terminal.press("~")
    try await terminal.wait(untilGone: "here.txt")
    try await connect(to: server, terminal)
    try await terminal.wait(for: "Unknown certificate")
    try await terminal.press("Enter")
    // Nothing is listed in the local folder, so the reason stands there.
    try await terminal.wait(for: "certificate is not trusted")
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    for server in [server, other] { await server.stop() }
  }

  private func connect(to server: RealServer, _ terminal: TerminalDriver) async throws {
    try await terminal.press("F2")
    try await terminal.wait(for: "Connect to a server")
    try await terminal.type(server.address)
    try await terminal.press("Tab", "Tab")
    try await terminal.type(server.password)
    try await terminal.press("Enter")
  }

  private func accept(showing name: String, _ terminal: TerminalDriver) async throws {
    try await terminal.wait(for: "Unknown certificate")
    try await terminal.press("Right", "Enter")
    try await terminal.wait(for: name)
  }
}
