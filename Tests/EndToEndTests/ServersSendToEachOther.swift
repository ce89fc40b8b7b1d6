import Glibc
import SystemPackage
import TestSupport
import Testing

/// From one server to another: by `ferry sync`, and in the program with two remote panes.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `Servers send to each other` {
  private struct Pair {
    let from: RealServer
    let to: RealServer
    let ferry: FerryProgram

    init(_ one: ServerSoftware, _ other: ServerSoftware) async throws {
      from = try await RealServer.start(one)
      to = try await RealServer.start(other)
      ferry = try FerryProgram(from)
    }

    func agree() async throws -> [String] {
      try await TreeDigest(of: to.root).differences(from: TreeDigest(of: from.root))
    }

    func stop() async {
      await from.stop()
      await to.stop()
    }
  }

  @Test(arguments: [(ServerSoftware.vsftpd, ServerSoftware.proFTPD), (.proFTPD, .vsftpd)])
  func `a tree, large file and odd names included, by sync`(_ one: ServerSoftware, _ other: ServerSoftware) async throws
  {
    let pair = try await Pair(one, other)
    try await TreeFixture(largeMiB: 64, smallFiles: 30).make(in: pair.from.root)
    try await pair.from.adopt()
    let result = try await pair.ferry.runSuccessfully(["sync", pair.from.address, pair.to.address])
    #expect(try await pair.agree() == [], "\(result)")
    // With its times: nothing is left to do.
    let again = try await pair.ferry.runSuccessfully(["sync", "--dry-run", pair.from.address, pair.to.address])
    #expect(again.output == [], "\(again)")
    // The program's own folder has seen nothing of it but its own files.
    #expect(try FileTree.names(in: pair.ferry.home.path).allSatisfy { !$0.string.hasSuffix(".part") })
    await pair.stop()
  }

  @Test func `what differs is proved by content, and what is not in the source is deleted`() async throws {
    let pair = try await Pair(.vsftpd, .proFTPD)
    try FileTree.write(TreeFixture.bytes(300_000, seed: 1), to: pair.from.root.appending("same size"))
    try FileTree.write(TreeFixture.bytes(300_000, seed: 2), to: pair.to.root.appending("same size"))
    try FileTree.makeFolders(pair.to.root.appending("extra/deep"))
    try FileTree.write([1], to: pair.to.root.appending("extra/deep/file"))
    try await pair.from.adopt()
    try await pair.to.adopt()
    let result = try await pair.ferry.runSuccessfully(
      [
        "sync", "--delete", "--compare", "hash", "--verify", "--on-conflict", "overwrite", "--json", pair.from.address,
        pair.to.address,
      ])
    #expect(result.outputText.contains(#""proof":"read-back""#), "\(result)")
    #expect(try await pair.agree() == [], "\(result)")
    await pair.stop()
  }

  @Test func `in the program by F5 and by dragging, and killed in the middle it goes on`() async throws {
    let pair = try await Pair(.vsftpd, .proFTPD)
    try await TreeFixture(largeMiB: 48, hasOddities: false).make(in: pair.from.root)
    try FileTree.makeFolders(pair.from.root.appending("folder/inner"))
    for number in 0..<8 {
      try FileTree.write(
        TreeFixture.bytes(40_000 + number, seed: number), to: pair.from.root.appending("folder/inner/\(number).bin"))
    }
    try await pair.from.adopt()
    try pair.ferry.home.write("limit = \"16M\"\n", to: "config.toml")
    let program = pair.ferry.program([pair.from.address, pair.to.address])
    var terminal = try await start(program)
    try await terminal.wait(for: "large.bin")
    // Both panes are there: until then the right one has no server to copy to.
    try await terminal.wait(for: "This folder is empty.")
    try await terminal.click(try await terminal.screen().cell(of: "large.bin", in: 0..<50))
    try await terminal.press("F5")
    try await terminal.wait(for: "If it exists")
    try await terminal.press("Enter")
    try await terminal.wait(for: " %")
    let isUnderWay = try await eventually(within: .seconds(20)) { try size(ofPartIn: pair.to.root) > 8 << 20 }
    let busy = try await terminal.screen()
    #expect(isUnderWay, "\(busy)")
    try await terminal.kill(SIGKILL)
    _ = try await terminal.waitForExit()
    await terminal.close()
    let arrived = try size(ofPartIn: pair.to.root)
    #expect(arrived < 48 << 20)

    terminal = try await start(program)
    let large = pair.to.root.appending("large.bin")
    let isThere = try await eventually(within: .seconds(40)) { FileTree.exists(large) }
    let after = try await terminal.screen()
    #expect(isThere, "\(after)")
    // The program that was killed has not begun again: the rest alone came.
    #expect(pair.from.log.contains("REST "), "\(pair.from.log.suffix(3000))")

    let start = try await terminal.wait(for: "folder/").cell(of: "folder/", in: 0..<50)
    try await terminal.drag(from: start, to: Screen.Cell(column: 70, row: 12))
    let isComplete = try await eventually(within: .seconds(20)) { try await pair.agree() == [] }
    let last = try await terminal.screen()
    let differences = try await pair.agree()
    #expect(isComplete, "\(last)\n\(differences)")
    try await terminal.press("F10")
    _ = try await terminal.waitForExit()
    await terminal.close()
    await pair.stop()
  }

  private func start(_ program: Program) async throws -> TerminalDriver {
    try await TerminalDriver(
      [program.name] + program.arguments,
      environment: program.environment.merging(["LANG": "C.UTF-8"]) { $1 }, columns: 100, rows: 30)
  }

  private func size(ofPartIn folder: FilePath) throws -> Int64 {
    let part = try FileTree.names(in: folder).first { $0.string.hasSuffix(".part") }
    return part.flatMap { FileTree.facts(folder.appending($0)) }.map { Int64($0.st_size) } ?? 0
  }
}
