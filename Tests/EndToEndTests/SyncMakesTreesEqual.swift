import Glibc
import SystemPackage
import TestSupport
import Testing

/// `ferry sync` against real servers.
@Suite(.serialized, .timeLimit(.minutes(3))) struct `A sync` {
  private struct World {
    let ferry: CommandFerry
    let server: RealServer
    let login: [String]
    var local: FilePath { ferry.home.appending("tree") }

    init(_ software: ServerSoftware) async throws {
      ferry = try CommandFerry()
      server = try await RealServer.start(software)
      login = try ferry.login(server.password)
      try FileTree.makeFolders(local.appending("a folder/deep"))
      for (name, size) in [("one.txt", 10), ("a folder/two.bin", 70_000), ("a folder/deep/ü.txt", 3), ("empty", 0)] {
        try FileTree.write(TreeFixture.bytes(size, seed: size), to: local.appending(name))
      }
    }

    func sync(_ from: String, _ to: String, _ options: [String] = []) async throws -> ProgramResult {
      try await ferry.run(["sync", from, to] + options + login)
    }

    func areEqual() async throws -> Bool {
      try await TreeDigest(of: local).differences(from: TreeDigest(of: server.root)) == []
    }
  }

  @Test(arguments: ServerSoftware.allCases)
  func `makes a server's folder like one here and the other way round, and then has nothing left to do`(
    _ software: ServerSoftware
  ) async throws {
    let world = try await World(software)
    let (here, there) = (world.local.string, world.server.address)
    let dry = try await world.sync(here, there, ["--dry-run"])
    #expect(dry.succeeded, "\(dry)")
    #expect(dry.outputText.contains("-> a folder/two.bin  (not there yet)"))
    #expect(try FileTree.names(in: world.server.root) == [])

    #expect(try await world.sync(here, there).succeeded)
    #expect(try await world.areEqual())
    let again = try await world.sync(here, there, ["--dry-run"])
    #expect(again.succeeded && again.output == [], "\(again)")

    // The server's tree changes: other content of the same length is seen by its time, or by its hash.
    try FileTree.write(Array("0123456789".utf8), to: world.server.root.appending("one.txt"))
    try FileTree.write(Array("new".utf8), to: world.server.root.appending("a folder/three.txt"))
    FileTree.remove(world.server.root.appending("a folder/deep"))
    try await world.server.adopt()
    let back = try await world.sync(there, here, ["--delete", "--compare", "hash"])
    #expect(back.succeeded, "\(back)")
    #expect(try await world.areEqual(), "\(back)")
    #expect(!FileTree.exists(world.local.appending("a folder/deep")))
    await world.server.stop()
  }

  @Test(arguments: [ServerSoftware.proFTPD, .vsftpd])
  func `deletes only with --delete, and only what it may`(_ software: ServerSoftware) async throws {
    let world = try await World(software)
    let (here, there) = (world.local.string, world.server.address)
    for folder in ["extra", "gone/deep"] { try FileTree.makeFolders(world.server.root.appending(folder)) }
    for name in ["extra.txt", "extra/one.txt", "extra/keep.tmp", "gone/deep/two.txt"] {
      try FileTree.write(Array("x".utf8), to: world.server.root.appending(name))
    }
    // Lists tell no time of day of what is that old.
    let old = world.server.root.appending("extra/one.txt").string
    try await Program("touch", ["-d", "2001-02-03 23:30", old]).runSuccessfully()
    try await world.server.adopt()
    #expect(try await world.sync(here, there).succeeded)
    #expect(FileTree.exists(world.server.root.appending("extra.txt")))
    let rows = try await world.sync(here, there, ["--delete", "--exclude", "*.tmp", "--dry-run", "--json"])
    #expect(rows.outputText.contains(#"{"action":"delete-right","kind":"file","path":"extra.txt""#), "\(rows)")
    #expect(FileTree.exists(world.server.root.appending("extra.txt")))
    let result = try await world.sync(here, there, ["--delete", "--exclude", "*.tmp"])
    #expect(result.succeeded, "\(result)")
    let deleted = result.outputText.split(separator: "\n").filter { $0.hasPrefix("deleted ") }
    let order = ["/gone/deep/two.txt", "/gone/deep", "/gone"].map { end in
      deleted.firstIndex { $0.hasSuffix(end) } ?? -1
    }
    #expect(deleted.count == 5 && order[0] >= 0 && order == order.sorted(), "\(result)")
    #expect(!FileTree.exists(world.server.root.appending("gone")))
    #expect(try await world.ferry.run(["queue", "list"]).output == [])
    #expect(!FileTree.exists(world.server.root.appending("extra.txt")))
    #expect(!FileTree.exists(world.server.root.appending("extra/one.txt")))
    #expect(FileTree.exists(world.server.root.appending("extra/keep.tmp")))
    await world.server.stop()
  }

  @Test func `keeps a file that is newer at the destination, and says so`() async throws {
    let world = try await World(.vsftpd)
    let (here, there) = (world.local.string, world.server.address)
    #expect(try await world.sync(here, there).succeeded)
    try FileTree.write(Array("changed there".utf8), to: world.server.root.appending("one.txt"))
    try await Program("touch", ["-d", "2035-01-01", world.server.root.appending("one.txt").string]).runSuccessfully()
    try await world.server.adopt()
    let result = try await world.sync(here, there)
    #expect(result.status == .exited(1), "\(result)")
    #expect(result.errorText.contains("newer"))
    #expect(try FileTree.text(world.server.root.appending("one.txt")) == "changed there")
    #expect(try await world.sync(here, there, ["--on-conflict", "overwrite"]).succeeded)
    #expect(try await world.areEqual())
    await world.server.stop()
  }

  @Test func `does nothing where the source cannot be read`() async throws {
    let world = try await World(.vsftpd)
    try FileTree.write(Array("x".utf8), to: world.server.root.appending("there.txt"))
    try await world.server.adopt()
    let missing = try await world.sync(world.local.appending("nothing").string, world.server.address, ["--delete"])
    #expect(missing.status == .exited(2), "\(missing)")
    let remote = try await world.sync(world.server.address + "/nothing", world.local.string, ["--delete"])
    #expect(remote.status == .exited(1), "\(remote)")
    #expect(FileTree.exists(world.local.appending("one.txt")))
    #expect(FileTree.exists(world.server.root.appending("there.txt")))
    await world.server.stop()
  }

  @Test func `killed in between, the next one completes the tree`() async throws {
    let world = try await World(.vsftpd)
    try FileTree.makeFolders(world.local.appending("many"))
    for number in 0..<150 {
      try FileTree.write(
        TreeFixture.bytes(100_000 + number, seed: number), to: world.local.appending("many/\(number).bin"))
    }
    let program = try world.ferry.program(["sync", world.local.string, world.server.address] + world.login).start()
    let arrived = world.server.root.appending("many")
    let isUnderWay = try await eventually(within: .seconds(30)) {
      guard FileTree.exists(arrived) else { return false }
      return try FileTree.names(in: arrived).count > 10
    }
    #expect(isUnderWay, "\(program.errorText)")
    kill(program.pid, SIGKILL)
    await program.stop()
    #expect(try FileTree.names(in: arrived).count < 150)
    let result = try await world.sync(world.local.string, world.server.address, ["--delete"])
    #expect(result.succeeded, "\(result)")
    #expect(try await world.areEqual())
    await world.server.stop()
  }
}
