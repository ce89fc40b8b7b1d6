import FTP
import FTPSClient
import FTPSServer
import Glibc
import Storage
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

@Suite("Deleting, and changing permissions, through the queue", .timeLimit(.minutes(2)))
struct TreeWorkTests {
  private func makeTree(_ folder: TemporaryFolder) throws {
    try folder.write("precious", to: "kept/file")
    for number in 0..<40 { try folder.write("x", to: "tree/many/\(number)") }
    try folder.write("x", to: "tree/a/b/c/deep")
    try folder.makeFolder("tree/empty")
    #expect(symlink("../kept", folder.appending("tree/link").string) == 0)
    #expect(symlink("nowhere", folder.appending("tree/dangling").string) == 0)
    #expect(symlink("kept", folder.appending("root link").string) == 0)
  }

  private enum Side: CaseIterable {
    case local, ferry, vsftpd, proFTPD, pureFTPd, pyftpdlib

    var software: ServerSoftware? {
      switch self {
      case .local, .ferry: nil
      case .vsftpd: .vsftpd
      case .proFTPD: .proFTPD
      case .pureFTPd: .pureFTPd
      case .pyftpdlib: .pyftpdlib
      }
    }
  }

  private func appending(_ name: String, to place: Location) throws -> Location {
    switch place {
    case .local(let path): .local(path.appending(name))
    case .remote(let server, let path): .remote(server, path.appending(try FileName(Array(name.utf8))))
    }
  }

  /// Runs `body` with a tree in a folder here or on a server, and with that folder's place in the queue.
  private func with(_ side: Side, _ body: (QueueWorld, FilePath, Location) async throws -> Void) async throws {
    try await QueueWorld.with { world in
      let folder = side == .ferry ? world.remote : world.local.folder
      try makeTree(folder)
      guard let software = side.software else {
        return try await body(world, folder.path, side == .ferry ? world.there() : world.here())
      }
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      try await Program("cp", ["-a", folder.path.string + "/.", server.root.string]).runSuccessfully()
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      try await body(world, server.root, .remote(address, try RemotePath(server.home)))
      await server.stop()
    }
  }

  private func run(_ world: QueueWorld, _ request: TransferRequest) async throws -> [String: ItemState] {
    var states: [String: ItemState] = [:]
    for await event in try await world.queue.run(request) {
      guard case .finished(let row) = event else { continue }
      let path = String(decoding: row.source.path, as: UTF8.self)
      states[String(path.split(separator: "/").last ?? "")] = row.state
    }
    return states
  }

  @Test("a tree goes with everything in it; of links the links alone", arguments: Side.allCases)
  private func delete(_ side: Side) async throws {
    try await with(side) { world, folder, place in
      // ProFTPD's mod_vroot, which takes the place of chroot where nobody is root, deletes no link to nothing.
      let hasDangling = side != .proFTPD || geteuid() == 0
      if !hasDangling { FileTree.remove(folder.appending("tree/dangling")) }
      // The link is told to be a folder, as a server's list may do.
      let entries: [TransferRequest.Entry] = [.init("tree", kind: .folder), .init("root link", kind: .folder)]
      let states = try await run(world, TransferRequest(deleting: entries, in: place, isAttended: false))
      // 40 files and their folder, 3 folders with a file, an empty folder, 2 links, and the tree itself.
      #expect(states["tree"] == .done(.removed(hasDangling ? 49 : 48)), "\(states)")
      #expect(states["root link"] == .done(.removed(1)), "\(states)")
      #expect(try FileTree.names(in: folder).map(\.string) == ["kept"])
      #expect(try FileTree.text(folder.appending("kept/file")) == "precious")
    }
  }

  @Test(
    "a link that cannot be deleted is not taken for the folder behind it",
    arguments: [Side.vsftpd, .proFTPD, .pureFTPd, .pyftpdlib])
  private func protectedLink(_ side: Side) async throws {
    try await with(side) { world, folder, place in
      let parent = folder.appending("parent")
      try FileTree.makeFolders(parent.appending("d"))
      #expect(symlink("../kept", parent.appending("link").string) == 0)
      let there = try appending("parent", to: place)
      chmod(parent.string, 0o555)
      defer { chmod(parent.string, 0o755) }
      let entries: [TransferRequest.Entry] = [.init("link", kind: .folder), .init("link"), .init("d", kind: .folder)]
      let states = try await run(world, TransferRequest(deleting: entries, in: there, isAttended: false))
      // A server that runs as root may delete it all the same.
      if FileTree.exists(parent.appending("link")) { #expect(states["link"]?.reason != nil, "\(states)") }
      if FileTree.exists(parent.appending("d")) { #expect(states["d"]?.reason != nil, "\(states)") }
      #expect(try FileTree.text(folder.appending("kept/file")) == "precious")
    }
  }

  @Test("what was a folder in an earlier order may be a link in the next one")
  private func linkSince() async throws {
    try await with(.ferry) { world, folder, place in
      for name in ["parent/a", "parent/d/x"] { try world.remote.write("x", to: name) }
      let there = try appending("parent", to: place)
      _ = try await run(world, TransferRequest(deleting: [.init("a", kind: .file)], in: there, isAttended: false))
      FileTree.remove(folder.appending("parent/d"))
      #expect(symlink("../kept", folder.appending("parent/d").string) == 0)
      _ = try await run(world, TransferRequest(deleting: [.init("d", kind: .folder)], in: there, isAttended: false))
      #expect(try FileTree.names(in: folder.appending("parent")).isEmpty)
      #expect(try FileTree.text(folder.appending("kept/file")) == "precious")
    }
  }

  @Test("what cannot be deleted is listed with its reason, the rest goes, and trying again does what is left")
  func failures() async throws {
    let files = FaultyFiles(.remove, code: EACCES, at: 3, forEver: false)
    try await QueueWorld.with(files: files) { world in
      for number in 0..<5 { try world.local.folder.write("x", to: "tree/\(number)") }
      let request = TransferRequest(deleting: [.init("tree", kind: .folder)], in: world.here(), isAttended: false)
      let states = try await run(world, request)
      #expect(
        states["tree"]?.reason == "1 of 6 files and folders could not be deleted: each is listed with the reason.")
      let left = try FileTree.names(in: world.local.folder.appending("tree")).map(\.string)
      #expect(left.count == 1)
      #expect(states[left.first ?? ""]?.reason?.contains("no permission") == true, "\(states)")
      #expect(await world.queue.items(in: .failed).count == 2)
      await world.queue.retryFailed()
      #expect(try await eventually { await !world.queue.isBusy })
      #expect(try FileTree.names(in: world.local.folder.path).isEmpty)
      #expect(await world.queue.items(in: .failed).isEmpty)
    }
  }

  @Test("a folder that cannot be listed keeps all that is in it, and so do those above it")
  func listingFails() async throws {
    // The tree itself is listed first.
    let files = FaultyFiles(.list, code: EIO, at: 2, forEver: false)
    try await QueueWorld.with(files: files) { world in
      for name in ["tree/one/file", "tree/two/file", "tree/file"] { try world.local.folder.write("x", to: name) }
      let request = TransferRequest(deleting: [.init("tree", kind: .folder)], in: world.here(), isAttended: false)
      let states = try await run(world, request)
      #expect(states["tree"]?.reason?.hasPrefix("1 of ") == true, "\(states)")
      let left = try FileTree.names(in: world.local.folder.appending("tree")).map(\.string)
      #expect(left.count == 1)
      #expect(FileTree.exists(world.local.folder.appending("tree/\(left.first ?? "")/file")))
      #expect(states[left.first ?? ""]?.reason?.contains("could not list") == true, "\(states)")
    }
  }

  @Test(
    "permissions go to what was meant: files, folders, or all, and not through links",
    arguments: [Side.local, .proFTPD, .pureFTPd])
  private func permissions(_ side: Side) async throws {
    try await with(side) { world, folder, place in
      func mode(_ path: String) -> UInt32 { FileTree.facts(folder.appending(path)).map { $0.st_mode & 0o7777 } ?? 0 }
      let kept = mode("kept/file")
      let tree = TransferRequest.Entry("tree", kind: .folder)
      let change = PermissionChange(mode: 0o640, isRecursive: true, opensFolders: true)
      let states = try await run(world, TransferRequest(setting: change, of: [tree], in: place, isAttended: false))
      guard case .done(.changed(47)) = states["tree"] else {
        Issue.record("\(states)")
        return
      }
      #expect(mode("tree") == 0o750 && mode("tree/a/b") == 0o750 && mode("tree/a/b/c/deep") == 0o640)
      #expect(mode("kept/file") == kept)

      let folders = PermissionChange(mode: 0o700, isRecursive: true, scope: .folders)
      _ = try await run(world, TransferRequest(setting: folders, of: [tree], in: place, isAttended: false))
      #expect(mode("tree/many") == 0o700 && mode("tree/many/1") == 0o640)
    }
  }

  @Test(
    "a server that sets no permissions says so, and nothing pretends that it did", arguments: [Side.ferry, .vsftpd])
  private func refusedPermissions(_ side: Side) async throws {
    try await with(side) { world, _, place in
      let request = TransferRequest(
        setting: PermissionChange(mode: 0o600), of: [.init("kept", kind: .folder)], in: place, isAttended: false)
      let states = try await run(world, request)
      #expect(states["kept"]?.reason?.hasPrefix("The server refused SITE CHMOD 600") == true, "\(states)")
    }
  }

  @Test(
    "a link has no permissions of its own, and what it leads to keeps its",
    arguments: [Side.local, .proFTPD, .pureFTPd, .pyftpdlib])
  private func linkPermissions(_ side: Side) async throws {
    try await with(side) { world, folder, place in
      func mode(_ path: String) -> UInt32 { FileTree.facts(folder.appending(path)).map { $0.st_mode & 0o7777 } ?? 0 }
      let kept = mode("kept")
      let change = PermissionChange(mode: 0o711, isRecursive: true)
      for entry in [TransferRequest.Entry("root link"), .init("root link", kind: .folder)] {
        let states = try await run(world, TransferRequest(setting: change, of: [entry], in: place, isAttended: false))
        #expect(states["root link"]?.reason?.contains("symbolic link") == true, "\(states)")
        #expect(mode("kept") == kept)
      }
      // Within a tree they are passed over, and do not count.
      let tree = TransferRequest.Entry("tree", kind: .folder)
      let states = try await run(world, TransferRequest(setting: change, of: [tree], in: place, isAttended: false))
      #expect(states["tree"] == .done(.changed(47)), "\(states)")
      #expect(mode("kept") == kept && mode("tree/a/b/c/deep") == 0o711)
    }
  }

  @Test("what is left of a batch says the same after a restart")
  func journal() throws {
    let change = PermissionChange(mode: 0o1755, isRecursive: true, scope: .files, opensFolders: true)
    #expect(PermissionChange(journaled: change.journaled) == change)
    #expect(PermissionChange(journaled: "9,all") == nil)
    for proof in [Proof.removed(9_000), .changed(1)] { #expect(Proof(journaled: proof.journaled, size: nil) == proof) }
  }

  @Test("a deletion of which a part has failed forgets that part when it is tried again")
  func state() {
    var queue = QueueState(jobs: 1, retries: RetryPolicy(), seed: 1)
    let deletion = batch(from: .remote(server), to: .remote(server), .delete)
    #expect(queue.added(deletion, [item(1, .folder)]) == [.start(1)])
    let failed = item(2, .file, "/1/a", parent: 1, size: nil, state: .failed(TransferFailure(.item, "no")))
    #expect(
      queue.finished(1, .partly("1 of 2", [failed])) == [.changed(1), .changed(2), .batchFinished(TransferBatch.ID(1))])
    #expect(queue.counts.failed == 2)
    #expect(queue.retried([1]) == [.changed(1), .start(1)])
    let actions = queue.finished(1, .done(.removed(2)))
    #expect(actions == [.changed(1), .removed([2]), .batchFinished(TransferBatch.ID(1))])
    #expect(queue.counts.failed == 0 && queue.counts.finished == 1)
  }
}
