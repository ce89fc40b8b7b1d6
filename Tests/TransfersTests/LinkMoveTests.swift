import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite("A move of a link to a folder that has to become a copy", .timeLimit(.minutes(1)))
struct LinkMoveTests {
  @Test("leaves on this machine the link where it is, and what is behind it")
  func here() async throws {
    let files = FaultyFiles()
    files.separateFolders()
    try await QueueWorld.with(files: files) { world in
      let local = world.local.folder
      try local.write("precious", to: "kept/file")
      try local.write("x", to: "from/tree/file")
      try local.makeFolder("to/tree")
      for (target, link) in [("../../kept", "from/tree/link"), ("../kept", "from/single"), ("../kept", "from/folder")] {
        #expect(symlink(target, local.appending(link).string) == 0)
      }
      let states = try await world.run(
        [.init("tree", kind: .folder), .init("single"), .init("folder", kind: .folder)], from: world.here("from"),
        to: world.here("to"), .move, onConflict: .overwrite)
      #expect(try FileTree.text(local.appending("kept/file")) == "precious", "\(states)")
      for link in ["from/tree/link", "from/single", "from/folder"] { #expect(FileTree.exists(local.appending(link))) }
      #expect(try FileTree.text(local.appending("to/tree/file")) == "x")
      #expect(!FileTree.exists(local.appending("from/tree/file")))
    }
  }

  @Test(
    "leaves it on a server, also where the server's lists show it as a folder",
    arguments: [ServerSoftware.vsftpd, .proFTPD, .pureFTPd, .pyftpdlib])
  func there(_ software: ServerSoftware) async throws {
    try await QueueWorld.with { world in
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      try FileTree.makeFolders(server.root.appending("kept"))
      try FileTree.makeFolders(server.root.appending("from/folder"))
      try FileTree.write(Array("precious".utf8), to: server.root.appending("kept/file"))
      try FileTree.write(Array("x".utf8), to: server.root.appending("from/folder/file"))
      #expect(symlink("../kept", server.root.appending("from/link").string) == 0)
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let from = Location.remote(address, try RemotePath(server.remotePath("from")))
      let states = try await world.run(
        [.init("link", kind: .folder), .init("folder", kind: .folder)], from: from, to: world.here(), .move,
        onConflict: .overwrite)
      #expect(try FileTree.text(server.root.appending("kept/file")) == "precious", "\(states)")
      #expect(FileTree.exists(server.root.appending("from/link")))
      #expect(try FileTree.names(in: server.root.appending("from")).map(\.string) == ["link"])
      #expect(try FileTree.text(world.local.folder.appending("folder/file")) == "x")
      await server.stop()
    }
  }

  @Test("leaves every folder where MLSD shows links as folders and LIST is not known, and a copy takes them along")
  func untold() async throws {
    try await QueueWorld.with { world in
      var options = ServerOptions()
      options.extra = ["LIST"]
      let server = try await RealServer.start(.pyftpdlib, options)
      world.provider.setPassword(server.password)
      for (text, file) in [("precious", "kept/file"), ("x", "tree/file"), ("y", "tree/folder/file")] {
        let path = server.root.appending(file)
        try FileTree.makeFolders(path.removingLastComponent())
        try FileTree.write(Array(text.utf8), to: path)
      }
      #expect(symlink("../kept", server.root.appending("tree/link").string) == 0)
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let home = try RemotePath(server.home)
      let tree = TransferRequest.Entry("tree", kind: .folder)
      let local = world.local.folder
      let copied = try await world.run([tree], from: .remote(address, home), to: world.here())
      #expect(copied.count == 6 && copied.values.allSatisfy { $0.isDone }, "\(copied)")
      for (text, file) in [("precious", "tree/link/file"), ("x", "tree/file"), ("y", "tree/folder/file")] {
        #expect(try FileTree.text(local.appending(file)) == text)
      }
      let moved = try await world.run(
        [.init("link", kind: .folder), .init("folder", kind: .folder)],
        from: .remote(address, home.appending("tree")), to: world.here(), .move, onConflict: .overwrite)
      let within = try await world.run(
        [tree], from: .remote(address, home), to: world.here(), .move, onConflict: .overwrite)
      #expect(moved.count == 2 && !moved.values.contains { $0.isDone }, "\(moved)")
      #expect(!within.values.contains { $0.isDone }, "\(within)")
      #expect(try FileTree.text(server.root.appending("kept/file")) == "precious")
      #expect(try FileTree.text(server.root.appending("tree/folder/file")) == "y")
      await server.stop()
    }
  }

  @Test(
    "takes no folder for one because of a name beside it that no list can tell",
    arguments: [ServerSoftware.vsftpd, .proFTPD, .pureFTPd, .pyftpdlib])
  func unclearName(_ software: ServerSoftware) async throws {
    try await QueueWorld.with { world in
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      let odd = server.root.appending("odd")
      try FileTree.makeFolders(odd.appending("folder"))
      for name in ["folder/file", "a\nb"] { try FileTree.write(Array("x".utf8), to: odd.appending(name)) }
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let from = Location.remote(address, try RemotePath(server.remotePath("odd")))
      let states = try await world.run([.init("folder", kind: .folder)], from: from, to: world.here(), .move)
      #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
      #expect(!FileTree.exists(odd.appending("folder")))
      #expect(try FileTree.text(world.local.folder.appending("folder/file")) == "x")
      await server.stop()
    }
  }
}
