import Glibc
import SystemPackage
import TestSupport
import Testing

/// `ferry queue` where a server that transfers need does not come back.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `The queue, and a server that is away` {
  /// Ends an upload with SIGKILL while it is under way.
  private func leaveHalf(
    _ name: String, on server: RealServer, at host: String = "127.0.0.1", _ ferry: FerryProgram
  ) async throws {
    try ferry.home.write(TreeFixture.bytes(1_000_000, seed: 7), to: name)
    let running = try ferry.program(["put", name, server.address(at: host), "--limit", "300K"]).start()
    #expect(try await eventually(within: .seconds(20)) { try part(of: name, on: server) != nil })
    kill(running.pid, SIGKILL)
    _ = try await running.result(timeout: .seconds(10))
  }

  private func part(of name: String, on server: RealServer) throws -> String? {
    try FileTree.names(in: server.root).map(\.string).first { $0.contains(name) && $0.hasSuffix(".ferry.part") }
  }

  private func queue(_ arguments: [String], _ ferry: FerryProgram) async throws -> String {
    let program = Program(
      try ProjectFolders.ferry(), ["queue"] + arguments, environment: ["FERRY_HOME": ferry.home.path.string])
    return try await program.runSuccessfully(timeout: .seconds(20)).outputText
  }

  @Test func `keeps nobody from the transfers of the others`() async throws {
    let away = try await RealServer.start(.vsftpd)
    let other = try await RealServer.start(.vsftpd)
    let ferry = try FerryProgram(away)
    // Nobody gives the password of this one: it would have to be asked whether it wants one.
    try await leaveHalf("first", on: away, at: "localhost", ferry)
    try await leaveHalf("second", on: other, ferry)
    await away.stop()
    let netrc = try ferry.home.write(
      "machine 127.0.0.1 login \(RealServer.user) password \(other.password)\n", to: "netrc")
    let result = try await Program(
      try ProjectFolders.ferry(), ["queue", "run", "--trust", "new", "--netrc-file", netrc.string],
      environment: ["FERRY_HOME": ferry.home.path.string], folder: ferry.home.path
    ).run(timeout: .seconds(60))
    #expect(result.errorText.contains("@localhost:\(away.port): No connection to localhost"), "\(result)")
    #expect(!result.succeeded && FileTree.exists(other.root.appending("second")), "\(result)")
    let list = try await queue(["list"], ferry).split(separator: "\n")
    #expect(list.contains { $0.contains("failed") && $0.contains("first") }, "\(list)")
    #expect(list.contains { $0.contains("done") && $0.contains("second") }, "\(list)")
    await other.stop()
  }

  @Test func `keeps what is cleared until its partial file is gone, or is given up`() async throws {
    let server = try await RealServer.start(.vsftpd)
    let ferry = try FerryProgram(server)
    try await leaveHalf("half", on: server, ferry)
    // It cannot go on: its source is gone.
    FileTree.remove(ferry.home.appending("half"))
    #expect(try await ferry.run(["queue", "run"]).status == .exited(1))
    let part = try #require(try part(of: "half", on: server))
    await server.stop()

    for _ in 0..<2 {
      let cleared = try await queue(["clear", "--failed"], ferry)
      #expect(cleared.hasPrefix("0 transfers were forgotten.\n"), "\(cleared)")
      #expect(cleared.contains("1 transfer may have left a partial file"), "\(cleared)")
    }
    let json = try await queue(["clear", "--json"], ferry)
    #expect(json.hasPrefix(#"{"forgotten":0,"partialFilesRemoved":0,"partialFilesLeft":1,"#), "\(json)")
    #expect(try await queue(["list"], ferry).contains("its partial file is still to be removed"))

    let given = try await queue(["clear", "--forget-parts"], ferry)
    #expect(
      given == "1 transfer was forgotten.\n\(server.address)/\(part) may be there yet, and is not removed any more.\n")
    #expect(try await queue(["list"], ferry) == "")
    #expect(try await ferry.run(["queue", "run"]).succeeded, "nothing needs the server any more")
  }
}
