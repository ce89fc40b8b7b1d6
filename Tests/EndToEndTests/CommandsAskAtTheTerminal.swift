import Glibc
import SystemPackage
import TestSupport
import Testing

/// A command in a terminal asks about certificates and passwords.
@Suite struct `A command in a terminal` {
  private func open(_ ferry: CommandFerry, _ arguments: [String]) async throws -> TerminalDriver {
    try await TerminalDriver(
      [ferry.binary] + arguments, environment: ["FERRY_HOME": ferry.home.path.string], in: ferry.home.path)
  }

  private func expectExit(
    _ terminal: TerminalDriver, _ expected: ProgramResult.Status, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let status = try await terminal.waitForExit()
    let screen = try await terminal.screen()
    #expect(status == expected, "\(screen)", sourceLocation: location)
  }

  @Test func `asks about a new certificate once, and for a changed one wants a word`() async throws {
    let ferry = try CommandFerry()
    var demo = try await CommandDemo(ferry)
    let list = ["ls", demo.address, "--password-file", demo.passwordFile]

    var terminal = try await open(ferry, list)
    let question = try await terminal.wait(for: "[r]eject, [o]nce, [a]lways")
    for part in ["127.0.0.1", "Subject", "Issuer", "SHA-256", "ECDSA P-256", "self-signed"] {
      #expect(question.contains(part), "\(part)\n\(question)")
    }
    try await terminal.type("yes")
    try await terminal.press("Enter")
    try await terminal.wait(for: "Please type")
    try await terminal.press("Enter")
    try await expectExit(terminal, .exited(4))
    await terminal.close()

    terminal = try await open(ferry, list)
    try await terminal.wait(for: "[a]lways")
    try await terminal.type("always")
    try await terminal.press("Enter")
    try await expectExit(terminal, .exited(0))
    #expect(try await terminal.screen().contains("README.txt"))
    await terminal.close()
    #expect(try await ferry.run(list + ["--trust", "known"]).succeeded)

    await demo.stop()
    FileTree.remove(ferry.home.appending("demo/server.pem"))
    demo = try await CommandDemo(ferry)
    for (word, status) in [("always", Int32(4)), ("replace", 0)] {
      terminal = try await open(ferry, list)
      let warning = try await terminal.wait(for: "Type the word replace")
      #expect(warning.contains("CHANGED"))
      #expect(warning.contains("Trusted until now"))
      try await terminal.type(word)
      try await terminal.press("Enter")
      try await expectExit(terminal, .exited(status))
      await terminal.close()
    }
    #expect(try await ferry.run(list + ["--trust", "known"]).succeeded)
    await demo.stop()
  }

  @Test func `asks for the password without showing it, and gives the terminal back when it is interrupted`()
    async throws
  {
    let ferry = try CommandFerry()
    let demo = try await CommandDemo(ferry)
    let password = try FileTree.text(FilePath(demo.passwordFile)).filter { $0 != "\n" }
    let list = ["ls", demo.address, "--trust", "new"]
    var terminal = try await open(ferry, list)
    try await terminal.wait(for: "Password for ")
    try await terminal.type(password)
    try await terminal.press("Enter")
    try await expectExit(terminal, .exited(0))
    let screen = try await terminal.screen()
    #expect(screen.contains("README.txt"))
    #expect(!screen.contains(password))
    await terminal.close()

    // The certificate comes first: nobody types a password for a server that they do not trust.
    terminal = try await open(CommandFerry(), ["ls", demo.address])
    let question = try await terminal.wait(for: "SHA-256")
    #expect(!question.contains("Password for "))
    try await terminal.type("r")
    try await terminal.press("Enter")
    try await expectExit(terminal, .exited(4))
    #expect(try await !terminal.screen().contains("Password for "))
    await terminal.close()

    // Without a terminal the sentence says what is missing.
    let unasked = try await ferry.run(["ls", demo.address])
    #expect(unasked.status == .exited(5) && unasked.errorText.contains("wants a password"), "\(unasked)")

    // The shell's own line shows whether the terminal echoes again.
    let command = ([ferry.binary] + list).map(shellQuoted).joined(separator: " ")
    terminal = try await TerminalDriver(
      ["sh", "-c", "trap : INT; \(command); echo status $?; stty -a | grep -ow -- '-*echo'; read x"],
      environment: ["FERRY_HOME": ferry.home.path.string], in: ferry.home.path)
    try await terminal.wait(for: "Password for ")
    try await terminal.press("C-c")
    try await terminal.wait(for: "status 130")
    let after = try await terminal.wait(for: "echo")
    #expect(!after.contains("-echo"))
    await terminal.close()
    await demo.stop()
  }
}
