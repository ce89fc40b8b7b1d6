import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing
import Transfers

@Suite("Links on servers that lead back to where they are", .timeLimit(.minutes(1)))
struct LinkLoopTests {
  @Test(
    "are left out of a tree, said so, however the server lists them",
    arguments: [ServerSoftware.vsftpd, .proFTPD, .pureFTPd, .pyftpdlib])
  func loops(_ software: ServerSoftware) async throws {
    try await QueueWorld.with { world in
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      let tree = server.root.appending("tree")
      try FileTree.makeFolders(tree.appending("sub"))
      for name in ["tree/file", "tree/sub/file"] {
        try FileTree.write(Array("x".utf8), to: server.root.appending(name))
      }
      #expect(symlink("..", tree.appending("sub/up").string) == 0)
      #expect(symlink(".", tree.appending("self").string) == 0)
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let states = try await world.run(
        [.init("tree", kind: .folder)], from: .remote(address, try RemotePath(server.home)), to: world.here())
      #expect(states.values.count { $0.isDone } == 4, "\(states)")
      let left = states.filter { !$0.value.isDone }
      #expect(
        left.count == 2 && left.values.allSatisfy { $0 == .skipped("A symbolic link, which is not followed.") },
        "\(states)")
      #expect(try FileTree.names(in: world.local.folder.appending("tree")).map(\.string).sorted() == ["file", "sub"])
      #expect(try FileTree.names(in: world.local.folder.appending("tree/sub")).map(\.string) == ["file"])
      await server.stop()
    }
  }
}
