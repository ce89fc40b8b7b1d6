import FTP
import FTPSClient
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

@Suite("Permissions that transfers keep", .timeLimit(.minutes(2)))
struct KeptPermissionsTests {
  /// Modes of sources, by path; with setuid, setgid and sticky where nobody is to keep them.
  private static let modes: [String: mode_t] = [
    "tree": 0o2750, "tree/program": 0o4755, "tree/secret": 0o600, "tree/open": 0o666, "tree/large": 0o640,
    "tree/closed": 0o555, "tree/closed/read only": 0o444,
  ]

  private func makeTree(_ folder: FilePath) throws {
    try FileTree.makeFolders(folder.appending("tree/closed"))
    for number in 0..<20 {
      try FileTree.write([1], to: folder.appending("tree/\(number)"), permissions: [.ownerReadWrite])
    }
    for name in ["program", "secret", "open", "closed/read only"] {
      try FileTree.write(Array(name.utf8), to: folder.appending("tree/").appending(FilePath(name).components))
    }
    try FileTree.write(content(200_000), to: folder.appending("tree/large"))
  }

  /// Folders last, and the deepest first.
  private func setModes(_ folder: FilePath) {
    for (name, mode) in Self.modes.sorted(by: { $0.key.count > $1.key.count }) {
      #expect(chmod(folder.appending(FilePath(name).components).string, mode) == 0)
    }
  }

  private func mode(_ folder: FilePath, _ name: String) -> mode_t? {
    FileTree.facts(folder.appending(FilePath(name).components)).map { $0.st_mode & 0o7777 }
  }

  /// - Parameter others: the mode of the files without one of their own.
  private func expect(_ folder: FilePath, masked umask: mode_t, others: mode_t = 0o600, _ comment: Comment) {
    for (name, bits) in Self.modes {
      let isFolder = ["tree", "tree/closed"].contains(name)
      let wanted = bits & 0o777 & ~umask | (isFolder ? 0o700 : 0)
      #expect(mode(folder, name) == wanted, "\(name), \(comment)")
    }
    for number in 0..<20 { #expect(mode(folder, "tree/\(number)") == others, "\(number), \(comment)") }
  }

  private func run(
    _ world: QueueWorld, from: Location, to: Location, keeps: Bool = true
  ) async throws -> [QueueSnapshot.Row] {
    let request = TransferRequest(
      from: from, [.init("tree", kind: .folder)], to: to, onConflict: .overwrite, isAttended: false,
      keepsPermissions: keeps)
    var rows: [QueueSnapshot.Row] = []
    for await event in try await world.queue.run(request) { if case .finished(let row) = event { rows.append(row) } }
    #expect(rows.allSatisfy { $0.state.isDone }, "\(rows.filter { !$0.state.isDone })")
    return rows
  }

  @Test(
    "what goes to a server, and comes from it, has the permissions of its source, and no more than a file of one's own",
    arguments: [ServerSoftware.proFTPD, .pureFTPd, .pyftpdlib])
  func kept(_ software: ServerSoftware) async throws {
    try await QueueWorld.with(files: PosixFiles(umask: 0o027)) { world in
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      let there = Location.remote(
        ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user), try RemotePath(server.home))
      let (source, back) = (try TemporaryFolder("source"), try TemporaryFolder("back"))
      try makeTree(source.path)
      setModes(source.path)
      let sent = try await run(world, from: .local(source.path), to: there)
      #expect(sent.allSatisfy { $0.remark == nil })
      expect(server.root, masked: 0, "sent")

      #expect(chmod(server.root.appending("tree/program").string, 0o6755) == 0)
      _ = try await run(world, from: there, to: .local(back.path))
      // MLSD of pyftpdlib and Pure-FTPd, and of ProFTPD, tell the modes.
      expect(back.path, masked: 0o027, "fetched")
      await server.stop()
    }
  }

  @Test("a server without MLSD tells modes, too; one that sets none has stored everything, and is complained of once")
  func refused() async throws {
    try await QueueWorld.with(jobs: 1) { world in
      let server = try await RealServer.start(.vsftpd)
      world.provider.setPassword(server.password)
      let there = Location.remote(
        ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user), try RemotePath(server.home))
      let (source, back) = (try TemporaryFolder("source"), try TemporaryFolder("back"))
      try makeTree(source.path)
      let sent = try await run(world, from: .local(source.path), to: there)
      let remarks = sent.compactMap(\.remark)
      #expect(remarks.count == 1 && remarks[0].hasPrefix("The permissions were not kept: "), "\(remarks)")
      #expect(server.log.ranges(of: "\"SITE CHMOD").count == 1, "it was asked again")

      setModes(server.root)
      _ = try await run(world, from: there, to: .local(back.path))
      expect(back.path, masked: mode_t(PosixFiles.processUmask), others: 0o644, "fetched")
      FileTree.remove(back.path.appending("tree"))
      // A single file, of which no list has told anything.
      let request = TransferRequest(
        from: Location.remote(
          ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user),
          try RemotePath(server.remotePath("tree"))), [.init("program")], to: .local(back.path), isAttended: false,
        keepsPermissions: true)
      for await _ in try await world.queue.run(request) {}
      #expect(mode(back.path, "program") == 0o755 & ~mode_t(PosixFiles.processUmask))
      // Many of them cost one list.
      let lists = server.log.ranges(of: "\"LIST").count
      let many = TransferRequest(
        from: Location.remote(
          ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user),
          try RemotePath(server.remotePath("tree"))), (0..<8).map { .init(FileName(stringLiteral: "\($0)")) },
        to: .local(back.path), isAttended: false, keepsPermissions: true)
      for await _ in try await world.queue.run(many) {}
      #expect(mode(back.path, "7") == 0o644)
      #expect(server.log.ranges(of: "\"LIST").count == lists + 1)
      await server.stop()
    }
  }

  @Test("a folder whose session is lost before it has them gets them all the same, and stays the batch's own")
  func lostFolder() async throws {
    var habits = MemoryServer.Habits()
    (habits.setsPermissions, habits.cutsPermissions) = (true, true)
    let world = try JobWorld(habits)
    try world.folder.makeFolder("d")
    #expect(chmod(world.folder.appending("d").string, 0o750) == 0)
    let batch = TransferBatch(
      id: TransferBatch.ID(1), source: .local, target: .remote(server), keepsPermissions: true)
    for isSecond in [false, true] {
      var folder = TransferItem(
        id: 1, batch: batch.id, kind: .folder, source: ItemPath(.local(world.folder.appending("d"))),
        target: ItemPath(bytes: Array("/d".utf8)), token: 7)
      folder.hasStarted = isSecond
      let result = await world.runner.run(Job(item: folder, batch: batch, progress: ByteProgress()) { _ in })
      if case .contents = result { #expect(isSecond) } else { #expect(!isSecond, "\(result)") }
    }
    #expect(world.remote.log.filter { $0.hasPrefix("SITE") } == ["SITE CHMOD 750 /d", "SITE CHMOD 750 /d"])
    #expect(world.runner.memory.isFree(try RemotePath("/d/a"), on: server, in: batch.id))
  }

  @Test("unless it is asked for, what comes from a server is as any new file here")
  func usual() async throws {
    try await QueueWorld.with(files: PosixFiles(umask: 0o027)) { world in
      try makeTree(world.remote.path)
      setModes(world.remote.path)
      _ = try await run(world, from: world.there(), to: world.here(), keeps: false)
      for name in ["tree/program", "tree/secret", "tree/large"] {
        #expect(mode(world.local.folder.path, name) == 0o640, "\(name)")
      }
      #expect(mode(world.local.folder.path, "tree") == 0o750)
    }
  }

  @Test("copies within this machine always keep them, but for setuid, setgid and sticky")
  func local() async throws {
    try await QueueWorld.with(files: PosixFiles(umask: 0o077)) { world in
      try makeTree(world.local.folder.appending("from"))
      setModes(world.local.folder.appending("from"))
      try world.local.folder.makeFolder("to")
      _ = try await run(world, from: world.here("from"), to: world.here("to"), keeps: false)
      expect(world.local.folder.appending("to"), masked: 0, "copied")
    }
  }

  @Test("what is to be kept comes back from the journal")
  func journal() {
    var kept = item(1)
    kept.permissions = 0o4751
    #expect(Fields(kept.options)["mode"] == "4751")
    let batch = TransferBatch(
      id: TransferBatch.ID(1), source: .local, target: .remote(server), keepsPermissions: true)
    #expect(BatchText(batch).text.contains("modes=true"))
    #expect(batch.unattended().keepsPermissions)
  }
}
