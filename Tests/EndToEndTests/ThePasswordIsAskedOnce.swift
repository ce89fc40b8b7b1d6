import SystemPackage
import TestSupport
import Testing

/// Both panes, and what is left in the queue, may want the same password at the same moment.
@Suite struct `The password is asked once` {
  @Test func `for both panes, and again for both where it was wrong`() async throws {
    let ferry = try CommandFerry()
    let demo = try await CommandDemo(ferry)
    let password = try FileTree.text(FilePath(demo.passwordFile)).filter { $0 != "\n" }
    let terminal = try await TerminalDriver(
      [ferry.binary, demo.address, demo.address, "--trust", "new"],
      environment: ["FERRY_HOME": ferry.home.path.string, "HOME": ferry.home.path.string], in: ferry.home.path)
    try await terminal.wait(for: "─ Password ─")
    try await terminal.type("wrong")
    try await terminal.press("Enter")
    try await terminal.wait(for: "refused the login")
    try await terminal.type(password)
    try await terminal.press("Enter")
    try await terminal.wait(for: "both folders") { "\($0)".split(separator: "README.txt").count == 3 }
    #expect(try await !terminal.screen().contains("─ Password ─"))
    try await terminal.press("F10")
    #expect(try await terminal.waitForExit() == .exited(0))
    await terminal.close()
    await demo.stop()
  }
}
