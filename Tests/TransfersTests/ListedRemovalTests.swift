import FTP
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// What `ferry sync --delete` and the comparison of two panes remove, through the queue.
@Suite("The removal of what a comparison has listed", .timeLimit(.minutes(1)))
struct ListedRemovalTests {
  private static let paths = ["old/a", "old/deep/b", "old/deep/c", "single", "kept"]

  /// A world with a tree here or on the server, and the plan that makes it like one that has "kept" only.
  private func plan(_ world: QueueWorld, isRemote: Bool) async throws -> (plan: SyncPlan, tree: FilePath) {
    let tree = isRemote ? world.remote : world.local.folder
    for path in Self.paths { try tree.write("text", to: path) }
    try tree.makeFolder("old/empty")
    let source = try TemporaryFolder("source")
    try source.write("text", to: "kept")
    let right: any SyncSide =
      isRemote
      ? RemoteSyncSide(world.address, .root, sessions: world.provider)
      : LocalSyncSide(tree.path, disk: world.local.disk)
    var rows: [SyncRow] = []
    try await SyncWalk(
      left: LocalSyncSide(source.path, disk: world.local.disk), right: right, rules: SyncRules(.size, deletes: true)
    ).rows { rows.append($0) }
    return (
      SyncPlan(rows, left: .local(source.path), right: isRemote ? try world.there() : world.here()), tree.path
    )
  }

  private func run(_ world: QueueWorld, _ plan: SyncPlan) async throws -> [String: ItemState] {
    var states: [String: ItemState] = [:]
    for request in plan.removalRequests {
      for await event in try await world.queue.run(request) {
        guard case .finished(let row) = event else { continue }
        states[String(decoding: row.source.path, as: UTF8.self).split(separator: "/").last.map(String.init) ?? ""] =
          row.state
      }
    }
    return states
  }

  @Test("files go one by one, each folder once it is empty", arguments: [true, false])
  func whole(_ isRemote: Bool) async throws {
    try await QueueWorld.with { world in
      let (plan, tree) = try await plan(world, isRemote: isRemote)
      let states = try await run(world, plan)
      #expect(states.count == 7 && states.values.allSatisfy { $0 == .done(.removed(1)) }, "\(states)")
      #expect(try FileTree.names(in: tree).map(\.string) == ["kept"])
    }
  }

  @Test("what a server lists, but tells nothing of, is not said to be gone")
  func untold() async throws {
    try await QueueWorld.with { world in
      var options = ServerOptions()
      options.extra = ["deny_file={*.exe}"]
      let server = try await RealServer.start(.vsftpd, options)
      world.provider.setPassword(server.password)
      for name in ["old.exe", "old.txt"] { try FileTree.write(Array("text".utf8), to: server.root.appending(name)) }
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let request = TransferRequest(
        removing: [.init("old.exe", kind: .file), .init("old.txt", kind: .file), .init("gone.txt", kind: .file)],
        below: .remote(address, try RemotePath(server.home)))
      var states: [String: ItemState] = [:]
      for await event in try await world.queue.run(request) {
        if case .finished(let row) = event {
          states[row.source.path.split(separator: 0x2F).last.map { String(decoding: $0, as: UTF8.self) } ?? ""] =
            row.state
        }
      }
      #expect(states["old.exe"]?.reason?.contains("DELE") == true, "\(states)")
      #expect(states["old.txt"] == .done(.removed(1)) && states["gone.txt"] == .done(.removed(1)))
      #expect(try FileTree.names(in: server.root).map(\.string) == ["old.exe"])
      await server.stop()
    }
  }

  @Test("what has come or was changed since stays, with the folders around it", arguments: [true, false])
  func since(_ isRemote: Bool) async throws {
    try await QueueWorld.with { world in
      let (plan, tree) = try await plan(world, isRemote: isRemote)
      try FileTree.write(Array("new".utf8), to: tree.appending("old/empty/new"))
      try FileTree.write(Array("longer text".utf8), to: tree.appending("old/a"))
      FileTree.remove(tree.appending("single"))
      try FileTree.makeFolders(tree.appending("single"))
      try FileTree.write(Array("new".utf8), to: tree.appending("single/new"))
      let states = try await run(world, plan)
      #expect(states["a"]?.reason == "“a” was changed since it was compared, so it was not deleted; compare again.")
      #expect(states["single"]?.reason?.contains("was changed since") == true)
      #expect(states["empty"]?.reason != nil)
      #expect(states["old"] == .skipped("The folder stays: not everything in it was deleted."))
      #expect(states["deep"] == .done(.removed(1)) && states["b"] == .done(.removed(1)), "\(states)")
      #expect(try FileTree.names(in: tree.appending("old")).map(\.string).sorted() == ["a", "empty"])
      #expect(try FileTree.text(tree.appending("old/empty/new")) == "new")
      #expect(FileTree.exists(tree.appending("single/new")))
      // Somebody makes room: what failed, and the folder that stayed for it, can be tried again.
      FileTree.remove(tree.appending("old/empty/new"))
      FileTree.remove(tree.appending("old/a"))
      await world.queue.retryFailed()
      #expect(try await eventually { await !world.queue.isBusy })
      await world.queue.retry(await world.queue.items(in: .finished))
      #expect(try await eventually { !FileTree.exists(tree.appending("old")) })
      #expect(FileTree.exists(tree.appending("single/new")))
    }
  }

  @Test("what is a link to a folder by now loses nothing that is behind it", arguments: [true, false])
  func link(_ isRemote: Bool) async throws {
    try await QueueWorld.with { world in
      let (plan, tree) = try await plan(world, isRemote: isRemote)
      FileTree.remove(tree.appending("old/empty"))
      try FileTree.makeFolders(tree.appending("kept folder"))
      #expect(symlink("../kept folder", tree.appending("old/empty").string) == 0)
      let states = try await run(world, plan)
      #expect(states["empty"]?.reason != nil, "\(states)")
      #expect(FileTree.exists(tree.appending("kept folder")))
    }
  }

  @Test("the next process goes on with it", arguments: [true, false])
  func restarted(_ isRemote: Bool) async throws {
    let home = try TemporaryFolder("home")
    let database = FerryDatabase(try Home(environment: ["FERRY_HOME": home.path.string]))
    try await QueueWorld.with(journal: StoredJournal(database.queue)) { world in
      let (plan, tree) = try await plan(world, isRemote: isRemote)
      await world.queue.pauseAll()
      let batch = try await world.queue.enqueue(try #require(plan.removalRequests.first))
      #expect(await world.queue.items(of: batch).count == 7)
      await world.queue.stop()
      #expect(FileTree.exists(tree.appending("old/deep/b")))
      let answers = try database.queue.batch(batch.rawValue)?.answers
      #expect(answers?.hasPrefix("operation=delete-listed ") == true, "\(answers ?? "")")
      try FileTree.write(Array("longer text".utf8), to: tree.appending("old/a"))

      let next = TransferQueue(
        sessions: world.provider, disk: world.local.disk, journal: StoredJournal(database.queue), jobs: 2,
        retries: .quick)
      try await next.restore()
      await next.resumeAll()
      #expect(try await eventually { await !next.isBusy })
      #expect(await next.items(in: .failed).count == 1)
      #expect(try FileTree.names(in: tree).map(\.string).sorted() == ["kept", "old"])
      #expect(try FileTree.names(in: tree.appending("old")).map(\.string) == ["a"])
      await next.stop()
    }
  }
}
