import Glibc
import SystemPackage
import TestSupport
import Testing

/// `ferry serve` where its owner sits before it.
@Suite(.timeLimit(.minutes(2))) struct `A server in a terminal` {
  private func curl(_ port: Int, _ certificate: FilePath) async throws -> ProgramResult {
    try await Program(
      "curl",
      ["-sS", "-v", "-k", "--ssl-reqd", "-u", "ada:lovelace", "--cert", certificate.string, "ftp://127.0.0.1:\(port)/"]
    ).run(timeout: .seconds(30))
  }

  @Test func `asks for its passphrases, and about a client right there`() async throws {
    let ferry = try CommandFerry()
    let root = try ferry.home.makeFolder("shared")
    try FileTree.write(Array("content".utf8), to: root.appending("file"))
    let ports = try PortBlock()
    let terminal = try await TerminalDriver(
      [ferry.binary, "serve", root.string, "--port", "\(ports.control)", "--client-certificates", "require"]
        + ["--user", "ada"],
      environment: ["FERRY_HOME": ferry.home.path.string], columns: 130, rows: 40, in: ferry.home.path)
    // How often each question is on the screen when it is answered.
    for (question, count, answer) in [
      ("A password for ada", 1, "lovelace"), ("Once more", 1, "lovelace"), ("A passphrase for the server", 1, "one"),
      ("Once more", 2, "two"), ("A passphrase for the server", 2, "correct horse"), ("Once more", 3, "correct horse"),
    ] {
      try await terminal.wait(for: "\(question), \(count) times") { screen in
        screen.lines.count { $0.contains(question) } == count
      }
      try await terminal.type(answer)
      try await terminal.press("Enter")
    }
    _ = try await terminal.wait(for: "short ")
    #expect(try await !terminal.screen().contains("lovelace"))

    let (ada, eve) = (try await ferry.makeClient("ada"), try await ferry.makeClient("eve"))
    #expect(try await curl(ports.control, ada).errorText.contains("not trusted here yet"))
    let question = try await terminal.wait(for: "[t]rust, [r]eject, [l]ater")
    for part in ["A client at 127.0.0.1", "CN=ada", "SHA-256", "ECDSA P-256"] { #expect(question.contains(part)) }
    // The server goes on while its owner thinks; what it has to say comes afterwards.
    #expect(try await curl(ports.control, eve).errorText.contains("not trusted here yet"))
    try await terminal.type("t")
    try await terminal.press("Enter")
    try await terminal.wait(for: "It is trusted from now on.")
    #expect(try await curl(ports.control, ada).succeeded)
    try await terminal.wait(for: "CN=eve")

    // With a question open, too, it ends in order.
    try await terminal.kill(SIGTERM)
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    let list = try await ferry.program(["serve", "clients", "list"]).runSuccessfully().outputText
    #expect(list.contains("trusted") && list.contains("pending"), "\(list)")
  }
}
