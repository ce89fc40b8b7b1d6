import SystemPackage
import TestSupport
import Testing

/// Two sites that may exchange files directly (FXP).
@Suite(.serialized, .timeLimit(.minutes(2))) struct `Servers exchange files` {
  @Test func `where both sites say so, by sync and by F5, and else not`() async throws {
    var slow = ServerOptions.betweenServers(.proFTPD, at: 2)
    slow.extra.append("TransferRate RETR 8192")
    let one = try await RealServer.start(.proFTPD, slow)
    let other = try await RealServer.start(.proFTPD, .betweenServers(.proFTPD, at: 3))
    try await TreeFixture(largeMiB: 4, smallFiles: 6).make(in: one.root)
    try await one.adopt()
    let ferry = try FerryProgram(one)
    func site(_ arguments: [String]) async throws -> ProgramResult {
      var program = ferry.program([], isTrusting: false)
      program.arguments = ["site"] + arguments
      return try await program.runSuccessfully()
    }

    _ = try await site(["add", "one", one.address, "--fxp"])
    _ = try await site(["add", "two", other.address])
    let through = try await ferry.runSuccessfully(["sync", "--json", one.address, other.address])
    #expect(!through.outputText.contains(#""way""#), "\(through)")
    FileTree.remove(other.root.appending("large.bin"))

    _ = try await site(["add", "two", other.address, "--fxp", "--replace"])
    #expect(try await site(["list"]).outputText.split(separator: "\n").allSatisfy { $0.hasSuffix("  FXP") })
    let direct = try await ferry.runSuccessfully(["sync", one.address, other.address])
    #expect(direct.outputText.contains("(4.0 MiB, between the servers)"), "\(direct)")
    #expect(try await TreeDigest(of: other.root).differences(from: TreeDigest(of: one.root)) == [])

    FileTree.remove(other.root.appending("large.bin"))
    let program = ferry.program(["one", "two"])
    let terminal = try await TerminalDriver(
      [program.name] + program.arguments, environment: program.environment.merging(["LANG": "C.UTF-8"]) { $1 },
      columns: 100, rows: 30)
    try await terminal.wait(for: "large.bin")
    try await terminal.click(try await terminal.screen().cell(of: "large.bin", in: 0..<50))
    try await terminal.press("F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    try await terminal.wait(for: "same length, directly")
    try await terminal.press("F10")
    _ = try await terminal.waitForExit()
    await terminal.close()
    #expect(try await TreeDigest(of: other.root).differences(from: TreeDigest(of: one.root)) == [])
    await one.stop()
    await other.stop()
  }
}
