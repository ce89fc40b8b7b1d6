import Glibc
import SystemPackage
import TestSupport
import Testing

/// `ferry queue`: what a killed command has left is listed, worked off, tried again and cleared, against real servers.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `The queue without a screen` {
  /// A server with a folder of files, and a download of it that was killed in the middle.
  private struct Setting {
    static let count = 12
    let server: RealServer
    let ferry: FerryProgram
    /// The folder of the server, and what it becomes here.
    var there: FilePath { server.root.appending("batch") }
    var here: FilePath { ferry.home.appending("here/batch") }

    init(_ software: ServerSoftware) async throws {
      server = try await RealServer.start(software)
      ferry = try FerryProgram(server)
      try FileTree.makeFolders(there)
      for number in 0..<Self.count {
        try FileTree.write(TreeFixture.bytes(200_000, seed: number), to: there.appending("file \(number)"))
      }
      try await server.adopt()
      try FileTree.makeFolders(ferry.home.appending("here"))
      let arguments = [
        "get", "\(server.address)/batch", ferry.home.appending("here").string, "--jobs", "2", "--limit", "400K",
      ]
      let running = try ferry.program(arguments).start()
      let hasBegun = try await eventually(within: .seconds(20)) {
        guard FileTree.exists(here) else { return false }
        let names = try FileTree.names(in: here).map(\.string)
        return names.contains("file 0") && names.contains { $0.hasSuffix(".ferry.part") }
      }
      #expect(hasBegun)
      kill(running.pid, SIGKILL)
      _ = try await running.result(timeout: .seconds(10))
      #expect(try FileTree.names(in: here).count < Self.count)
    }

    func queue(_ arguments: [String]) async throws -> ProgramResult {
      // Only `run` talks to servers.
      if arguments.first == "run" { return try await ferry.run(["queue"] + arguments) }
      let program = Program(
        try ProjectFolders.ferry(), ["queue"] + arguments, environment: ["FERRY_HOME": ferry.home.path.string])
      return try await program.run(timeout: .seconds(20))
    }

    func lines(_ arguments: [String]) async throws -> [Substring] {
      try await queue(arguments).outputText.split(separator: "\n")
    }
  }

  @Test(arguments: [ServerSoftware.vsftpd, .proFTPD])
  func `is listed, worked off and cleared`(_ software: ServerSoftware) async throws {
    let setting = try await Setting(software)
    let waiting = try await setting.lines(["list", "--state", "waiting"])
    #expect(waiting.count > 3 && waiting.count <= Setting.count)
    #expect(waiting.allSatisfy { $0.contains("  waiting  ftpes://ftp@127.0.0.1") && $0.contains("(195 KiB)") })
    let json = try await setting.lines(["list", "--state", "waiting", "--json"])
    #expect(json.count == waiting.count)
    #expect(json.allSatisfy { $0.contains(#""state":"waiting","kind":"file","operation":"copy""#) })

    let run = try await setting.queue(["run", "--json", "--limit", "1M"])
    #expect(run.succeeded, "\(run)")
    let objects = run.outputText.split(separator: "\n")
    #expect(objects.count { $0.contains(#""state":"done""#) } == waiting.count, "\(run.outputText)")
    #expect(objects.contains { $0.hasPrefix(#"{"state":"running""#) && $0.contains("bytesPerSecond") })
    #expect(objects.contains { $0.hasPrefix(#"{"state":"total""#) && $0.contains("secondsLeft") })
    #expect(
      try await TreeDigest(of: setting.here).differences(from: TreeDigest(of: setting.there)) == [])
    #expect(try await setting.lines(["list", "--state", "waiting"]) == [])
    #expect(try await setting.queue(["run"]).succeeded, "with nothing to do")

    #expect(try await setting.lines(["list", "--state", "done"]).count == Setting.count + 1, "and their folder")
    #expect(try await setting.queue(["clear"]).outputText.contains("forgotten"))
    #expect(try await setting.lines(["list"]) == [])
    await setting.server.stop()
  }

  @Test func `tells what failed in its status, and retries it`() async throws {
    let setting = try await Setting(.vsftpd)
    let last = setting.there.appending("file \(Setting.count - 1)")
    let bytes = try FileTree.read(last)
    FileTree.remove(last)
    let run = try await setting.queue(["run"])
    #expect(run.status == .exited(1), "\(run)")
    #expect(run.errorText.contains("file \(Setting.count - 1)"))
    let failed = try await setting.lines(["list", "--state", "failed"])
    #expect(failed.count == 1 && failed[0].contains("failed"))
    #expect(try await setting.queue(["run"]).succeeded, "what has failed is not tried again by itself")
    try FileTree.write(bytes, to: last)
    try await setting.server.adopt()
    #expect(try await setting.queue(["retry"]).outputText == "1 transfer waits again.\n")
    #expect(try await setting.queue(["run"]).succeeded)
    #expect(
      try await TreeDigest(of: setting.here).differences(from: TreeDigest(of: setting.there)) == [])
    #expect(try await setting.queue(["retry", "999999"]).status == .exited(1))
    await setting.server.stop()
  }

  @Test func `what has failed is cleared with its partial files`() async throws {
    let setting = try await Setting(.vsftpd)
    FileTree.remove(setting.there)
    let parts = { try FileTree.names(in: setting.here).filter { $0.string.hasSuffix(".ferry.part") }.count }
    #expect(try parts() > 0)
    #expect(try await setting.queue(["run"]).status == .exited(1))
    #expect(try parts() > 0, "what has failed may go on")
    let cleared = try await setting.queue(["clear", "--failed", "--json"])
    #expect(cleared.outputText.contains(#""partialFilesRemoved":"#) && cleared.outputText.contains(#"Left":0"#))
    #expect(try parts() == 0)
    #expect(try await setting.lines(["list"]) == [])
    await setting.server.stop()
  }

  @Test func `two runs at the same time do each file once`() async throws {
    let setting = try await Setting(.proFTPD)
    let waiting = try await setting.lines(["list", "--state", "waiting"]).count
    async let first = setting.queue(["run", "--json", "--limit", "600K"])
    async let second = setting.queue(["run", "--json", "--limit", "600K"])
    let results = try await [first, second]
    #expect(results.allSatisfy { $0.succeeded }, "\(results)")
    let done = results.map(\.outputText).joined().split(separator: "\n").filter { $0.contains(#""state":"done""#) }
    #expect(done.count == waiting)
    #expect(Set(done).count == waiting)
    #expect(
      try await TreeDigest(of: setting.here).differences(from: TreeDigest(of: setting.there)) == [])
    await setting.server.stop()
  }

  @Test func `says once what a server did not keep of the files`() async throws {
    var options = ServerOptions()
    options.extra = ["chmod_enable=NO"]
    let server = try await RealServer.start(.vsftpd, options)
    let ferry = try FerryProgram(server)
    for name in ["one", "two"] { try ferry.home.write(TreeFixture.bytes(300_000, seed: 1), to: name) }
    let arguments = ["put", "one", "two", server.address, "--permissions", "keep", "--limit", "100K", "--jobs", "1"]
    let running = try ferry.program(arguments).start()
    #expect(
      try await eventually(within: .seconds(20)) {
        try FileTree.names(in: server.root).contains { $0.string.hasSuffix(".ferry.part") }
      })
    kill(running.pid, SIGKILL)
    _ = try await running.result(timeout: .seconds(10))
    let run = try await ferry.run(["queue", "run"])
    #expect(run.succeeded && run.errorText.split(separator: "The permissions were not kept").count == 2, "\(run)")
    await server.stop()
  }

  @Test func `a limit is kept by all jobs together`() async throws {
    let server = try await RealServer.start(.vsftpd)
    let ferry = try FerryProgram(server)
    try FileTree.makeFolders(server.root.appending("batch"))
    for number in 0..<4 {
      try FileTree.write(TreeFixture.bytes(500_000, seed: number), to: server.root.appending("batch/\(number)"))
    }
    try await server.adopt()
    let clock = ContinuousClock()
    let down = try await clock.measure {
      try await ferry.runSuccessfully(["get", "\(server.address)/batch", "down", "--jobs", "4", "--limit", "1M"])
    }
    let up = try await clock.measure {
      try await ferry.runSuccessfully(["put", "down", server.address, "--jobs", "4", "--limit", "1M"])
    }
    // 2,000,000 bytes take 1.9 seconds.
    for time in [down, up] { #expect(time > .milliseconds(1_700) && time < .seconds(6), "\(time)") }
    await server.stop()
  }

  @Test(arguments: ServerSoftware.allCases)
  func `the server makes the data connections where it is told to`(_ software: ServerSoftware) async throws {
    let server = try await RealServer.start(software)
    let ferry = try FerryProgram(server)
    let bytes = TreeFixture.bytes(1_000_000, seed: 5)
    try ferry.home.write(bytes, to: "a file")
    let up = try await ferry.run(["put", "a file", server.address, "--active"])
    #expect(up.succeeded, "\(up)\n\(server.log.suffix(4000))")
    let down = try await ferry.run(["get", "\(server.address)/a%20file", "back", "--active"])
    #expect(down.succeeded, "\(down)\n\(server.log.suffix(4000))")
    #expect(try FileTree.read(ferry.home.appending("back/a file")) == bytes)
    await server.stop()
  }

  @Test func `sites have names, and FileZilla's are taken over`() async throws {
    let ferry = try CommandFerry()
    try ferry.home.write(
      """
      <?xml version="1.0"?><FileZilla3><Servers><Server><Host>files.example.org</Host><Port>21</Port>
      <Protocol>4</Protocol><User>ada</User><Pass encoding="base64">czNjcmV0</Pass><Logontype>1</Logontype>
      <Name>Mine</Name></Server></Servers></FileZilla3>
      """, to: "sitemanager.xml")
    #expect(try await ferry.run(["site", "add", "Mine", "ftps://example.com/pub"]).succeeded)
    #expect(try await ferry.run(["site", "add", "Mine", "ftps://example.com/pub"]).status == .exited(1))
    let imported = try await ferry.run(["site", "import", "sitemanager.xml"])
    #expect(imported.succeeded && imported.errorText.contains("without its password"))
    let list = try await ferry.run(["site", "list"])
    #expect(list.outputText == "Mine  ftps://example.com/pub\nMine (2)  ftpes://ada@files.example.org\n")
    #expect(!(list.outputText + imported.outputText).contains("s3cret"))
    #expect(try await ferry.run(["site", "remove", "Mine", "Gone"]).status == .exited(1))
    #expect(try await ferry.run(["site", "list", "--json"]).outputText.contains(#""name":"Mine (2)""#))
    #expect(try await ferry.run(["site", "add", "x", "ftpes://u:secret@h"]).status == .exited(2))
  }

  @Test func `what ferry queue retry lets go on, the command that queued it takes up`() async throws {
    let server = try await RealServer.start(.vsftpd)
    let ferry = try FerryProgram(server)
    let bytes = TreeFixture.bytes(1_000, seed: 3)
    try FileTree.write(bytes, to: server.root.appending("small"))
    try FileTree.write(TreeFixture.bytes(2_000_000, seed: 4), to: server.root.appending("large"))
    try await server.adopt()
    let here = ferry.home.appending("here")
    // A folder is in the way of the small one.
    try FileTree.makeFolders(here.appending("small"))
    let running = try ferry.program([
      "get", "\(server.address)/small", "\(server.address)/large", here.string, "--limit", "400K",
    ]).start()
    func queue(_ arguments: [String]) async throws -> String {
      let program = Program(
        try ProjectFolders.ferry(), ["queue"] + arguments, environment: ["FERRY_HOME": ferry.home.path.string])
      return try await program.run(timeout: .seconds(20)).outputText
    }
    let hasFailed = try await eventually(within: .seconds(20)) {
      try await queue(["list", "--state", "failed"]).contains("small")
    }
    #expect(hasFailed)
    FileTree.remove(here.appending("small"))
    #expect(try await queue(["retry"]) == "1 transfer waits again.\n")
    let result = try await running.result(timeout: .seconds(30))
    #expect(result.status == .exited(1), "it had failed before: \(result)")
    #expect(try FileTree.read(here.appending("small")) == bytes)
    #expect(try await queue(["list"]) == "")
    await server.stop()
  }
}
