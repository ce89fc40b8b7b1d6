import FTP
import FTPSClient
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Trees that are moved through the queue, to another folder here or on the same server.
@Suite("Trees that are moved within one machine", .timeLimit(.minutes(2)))
struct TreeMoveTests {
  enum Side: CaseIterable {
    case local, ferry, vsftpd, proFTPD, pyftpdlib

    var software: ServerSoftware? {
      switch self {
      case .local, .ferry: nil
      case .vsftpd: .vsftpd
      case .proFTPD: .proFTPD
      case .pyftpdlib: .pyftpdlib
      }
    }
  }

  private static let old = timeval(tv_sec: 1_500_000_000, tv_usec: 0)

  private func makeTree(_ folder: TemporaryFolder) throws {
    for number in 0..<5 { try folder.write("\(number)", to: "from/tree/many/\(number)") }
    try folder.write("new", to: "from/tree/a/b/deep")
    try folder.write("new", to: "from/tree/file")
    try folder.makeFolder("from/tree/empty")
    try folder.makeFolder("to")
    #expect(symlink("file", folder.appending("from/tree/link").string) == 0)
    var times = [Self.old, Self.old]
    #expect(utimes(folder.appending("from/tree/file").string, &times) == 0)
    #expect(chmod(folder.appending("from/tree/file").string, 0o640) == 0)
  }

  /// Runs `body` with the trees in a folder here or on a server, and with the places of "from" and "to" in the queue.
  private func with(
    _ side: Side, _ body: (QueueWorld, FilePath, _ from: Location, _ to: Location) async throws -> Void
  ) async throws {
    try await QueueWorld.with { world in
      let folder = side == .ferry ? world.remote : world.local.folder
      try makeTree(folder)
      guard let software = side.software else {
        let isHere = side == .local
        return try await body(
          world, folder.path, isHere ? world.here("from") : world.there("/from"),
          isHere ? world.here("to") : world.there("/to"))
      }
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      try await Program("cp", ["-a", folder.path.string + "/.", server.root.string]).runSuccessfully()
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      try await body(
        world, server.root, .remote(address, try RemotePath(server.remotePath("from"))),
        .remote(address, try RemotePath(server.remotePath("to"))))
      await server.stop()
    }
  }

  private func run(
    _ world: QueueWorld, from: Location, to: Location, _ entries: [TransferRequest.Entry],
    policy: ConflictPolicy = .ask
  ) async throws -> [String: ItemState] {
    let states = try await world.run(entries, from: from, to: to, .move, onConflict: policy)
    let prefix = String(decoding: from.path, as: UTF8.self) + "/"
    return Dictionary(uniqueKeysWithValues: states.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  @Test("a tree goes in one step, as one item, with its times and permissions", arguments: Side.allCases)
  func whole(_ side: Side) async throws {
    try await with(side) { world, folder, from, to in
      let inode = FileTree.facts(folder.appending("from/tree/file"))?.st_ino
      let states = try await run(world, from: from, to: to, [.init("tree", kind: .folder)])
      #expect(states == ["tree": .done(.renamed)])
      #expect(try FileTree.names(in: folder.appending("from")).isEmpty)
      let facts = FileTree.facts(folder.appending("to/tree/file"))
      #expect(facts?.st_ino == inode)
      #expect(facts?.st_mtim.tv_sec == Self.old.tv_sec)
      #expect(facts.map { $0.st_mode & 0o777 } == 0o640)
      #expect(FileTree.exists(folder.appending("to/tree/a/b/deep")))
      #expect(try FileTree.target(of: folder.appending("to/tree/link")) == "file")
    }
  }

  @Test("into a tree that is there goes what is in it, and nothing there is lost", arguments: Side.allCases)
  func merged(_ side: Side) async throws {
    try await with(side) { world, folder, from, to in
      for (name, text) in [("file", "old"), ("many/1", "old"), ("kept", "kept"), ("a/kept", "kept")] {
        let path = folder.appending("to/tree").appending(FilePath(name).components)
        try FileTree.makeFolders(path.removingLastComponent())
        try FileTree.write(Array(text.utf8), to: path)
      }
      // On a real server all of it is its user's.
      if side.software != nil {
        try await Program("chown", ["-R", "--reference=\(folder.appending("from"))", folder.string]).runSuccessfully()
      }
      let states = try await run(
        world, from: from, to: to, [.init("tree", kind: .folder)], policy: .skip)
      func text(_ path: String) -> String? { try? FileTree.text(folder.appending(path)) }
      #expect(text("to/tree/file") == "old" && text("from/tree/file") == "new")
      #expect(text("to/tree/many/1") == "old" && text("from/tree/many/1") == "1")
      #expect(text("to/tree/kept") == "kept" && text("to/tree/a/kept") == "kept")
      #expect(states["tree/a/b"] == .done(.renamed), "\(states)")
      #expect(states["tree/many/0"] == .done(.renamed))
      #expect(states["tree/file"] == .skipped("The target exists already."))
      #expect(states["tree/a"] == .done(.folder))
      // What holds something still stays.
      #expect(
        states["tree"] == .skipped(QueueState.folderStays(.move))
          && states["tree/many"] == .skipped(QueueState.folderStays(.move)))
      #expect(text("to/tree/a/b/deep") == "new" && text("to/tree/many/4") == "4")
      #expect(!FileTree.exists(folder.appending("from/tree/a")))

      // With another rule the rest follows, and the source is gone.
      let rest = try await run(
        world, from: from, to: to, [.init("tree", kind: .folder)], policy: .overwrite)
      #expect(rest["tree"] == .done(.folder), "\(rest)")
      #expect(text("to/tree/file") == "new" && text("to/tree/many/1") == "1" && text("to/tree/kept") == "kept")
      #expect(try FileTree.names(in: folder.appending("from")).isEmpty)
      // MLSD of ProFTPD tells what a link leads to, which is then renamed as any other name.
      #expect(try FileTree.target(of: folder.appending("to/tree/link")) == "file")
    }
  }

  @Test("a tree that goes to another disk is copied, folder by folder, and its source removed")
  func otherDisk() async throws {
    let files = FaultyFiles()
    files.separateFolders()
    try await QueueWorld.with(files: files) { world in
      try makeTree(world.local.folder)
      FileTree.remove(world.local.folder.appending("from/tree/link"))
      let states = try await run(
        world, from: world.here("from"), to: world.here("to"), [.init("tree", kind: .folder)])
      #expect(states["tree"] == .done(.folder))
      #expect(states["tree/a/b/deep"] == .done(.length(3)), "\(states)")
      #expect(try FileTree.names(in: world.local.folder.appending("from")).isEmpty)
      // One attempt for the tree; the other renames are those of the part files, which stay in their folders.
      let moved = states.values.count { $0.isDone && $0 != .done(.folder) }
      #expect(files.calls.count { $0 == .rename } == moved + 1)
    }
  }

  @Test("two real disks, where this machine has them")
  func realDisks() async throws {
    try await QueueWorld.with { world in
      let other = try TemporaryFolder("other", in: .memory(bytes: 1 << 20))
      try makeTree(world.local.folder)
      FileTree.remove(world.local.folder.appending("from/tree/link"))
      let isOne =
        FileTree.facts(other.path)?.st_dev == FileTree.facts(world.local.folder.path)?.st_dev
      let states = try await run(
        world, from: world.here("from"), to: .local(other.path), [.init("tree", kind: .folder)])
      #expect(states["tree"] == .done(isOne ? .renamed : .folder))
      #expect(try FileTree.text(other.appending("tree/a/b/deep")) == "new")
      #expect(FileTree.facts(other.appending("tree/file"))?.st_mtim.tv_sec == Self.old.tv_sec)
      #expect(try FileTree.names(in: world.local.folder.appending("from")).isEmpty)
    }
  }

  // MARK: One file at two paths

  /// Sides on which the folder "alias" is a link to "from", with and without a server that knows identities.
  static let linked: [Side] = [.local, .ferry, .vsftpd, .proFTPD, .pyftpdlib]

  @Test("what goes by a link to where it is stays, whatever is to be done with existing files", arguments: linked)
  func alias(_ side: Side) async throws {
    try await with(side) { world, folder, from, to in
      #expect(symlink("from", folder.appending("alias").string) == 0)
      let path = String(decoding: from.path, as: UTF8.self).dropLast(4) + "alias"
      let alias =
        switch from {
        case .local: Location.local(FilePath(String(path)))
        case .remote(let server, _): Location.remote(server, try RemotePath(String(path)))
        }
      for policy in [ConflictPolicy.overwrite, .newer, .size, .skip, .ask] {
        let states = try await run(
          world, from: from.appending("tree"), to: alias.appending("tree"),
          [.init("file", kind: .file), .init("empty", kind: .folder)], policy: policy)
        #expect(states["file"]?.isDone == false, "\(policy): \(states)")
        #expect(states["empty"]?.isDone == false, "\(policy): \(states)")
        #expect(try FileTree.text(folder.appending("from/tree/file")) == "new")
        #expect(FileTree.exists(folder.appending("from/tree/empty")))
        #expect(
          try FileTree.names(in: folder.appending("from/tree")).map(\.string) == [
            "a", "empty", "file", "link", "many",
          ])
      }
      // Under another name it is another file, also there.
      let states = try await run(
        world, from: from.appending("tree"), to: alias.appending("tree"),
        [.init("file", kind: .file, newName: "other")], policy: .overwrite)
      #expect(states["file"] == .done(.renamed), "\(states)")
      #expect(try FileTree.text(folder.appending("from/tree/other")) == "new")
    }
  }

  @Test("two addresses of one server are found to be one", arguments: [ServerSoftware.vsftpd, .proFTPD])
  func twoAddresses(_ software: ServerSoftware) async throws {
    try await QueueWorld.with { world in
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      try FileTree.makeFolders(server.root.appending("from"))
      try FileTree.makeFolders(server.root.appending("to"))
      try FileTree.write(Array("precious".utf8), to: server.root.appending("from/a"))
      try FileTree.write(Array("precious".utf8), to: server.root.appending("from/b"))
      try FileTree.write(Array("old".utf8), to: server.root.appending("to/b"))
      try await server.adopt()
      func place(_ host: String, _ name: String) throws -> Location {
        let address = ServerAddress(host: host, port: server.port, user: RealServer.user)
        return .remote(address, try RemotePath(server.remotePath(name)))
      }
      let same = try await world.run(
        [.init("a", kind: .file)], from: place("127.0.0.1", "from"), to: place("localhost", "from"), .move,
        onConflict: .overwrite)
      // ProFTPD knows identities, of which the source has another one by then.
      #expect(same.values.allSatisfy { !$0.isDone }, "\(same)")
      #expect(try FileTree.text(server.root.appending("from/a")) == "precious")
      // Two files, of which one takes the place of the other.
      let other = try await world.run(
        [.init("b", kind: .file)], from: place("127.0.0.1", "from"), to: place("localhost", "to"), .move,
        onConflict: .overwrite)
      #expect(Array(other.values) == [.done(.length(8))], "\(other)")
      #expect(try FileTree.text(server.root.appending("to/b")) == "precious")
      #expect(try FileTree.names(in: server.root.appending("from")).map(\.string) == ["a"])
      #expect(try FileTree.names(in: server.root.appending("to")).map(\.string) == ["b"])
      await server.stop()
    }
  }

  @Test("a served folder that is moved to itself, here, stays", arguments: [true, false])
  func servedFolder(_ isDownload: Bool) async throws {
    try await QueueWorld.with { world in
      try world.remote.write("precious", to: "a")
      let (there, here) = (try world.there(), Location.local(world.remote.path))
      let states = try await world.run(
        [.init("a", kind: .file)], from: isDownload ? there : here, to: isDownload ? here : there, .move,
        onConflict: .overwrite)
      #expect(states.values.allSatisfy { !$0.isDone }, "\(states)")
      #expect(try FileTree.text(world.remote.appending("a")) == "precious")
      #expect(try FileTree.names(in: world.remote.path).map(\.string) == ["a"])
    }
  }
}

extension Location {
  fileprivate func appending(_ name: FileName) -> Location {
    switch self {
    case .local(let path): .local(path.appending(name))
    case .remote(let server, let path): .remote(server, path.appending(name))
    }
  }
}
