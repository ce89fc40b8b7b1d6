import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing
import Transfers

/// A server on which two paths lead to one folder.
@Suite("A move between two names of one folder", .timeLimit(.minutes(1)))
struct TwoNamesTests {
  @Test(
    "never takes the only copy away, whatever is answered",
    arguments: [ServerSoftware.vsftpd, .proFTPD], [ConflictPolicy.overwrite, .rename, .size, .resume, .skip])
  func onlyCopy(_ software: ServerSoftware, _ answer: ConflictPolicy) async throws {
    try await QueueWorld.with { world in
      let server = try await RealServer.start(software)
      world.provider.setPassword(server.password)
      let folder = server.root.appending("same")
      try FileTree.makeFolders(folder)
      try FileTree.write(Array("precious".utf8), to: folder.appending("only.txt"))
      #expect(symlink("same", server.root.appending("www").string) == 0)
      try await server.adopt()
      let address = ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user)
      let home = try RemotePath(server.home)
      let events = try await world.queue.run(
        TransferRequest(
          from: .remote(address, home.appending("www")), [.init("only.txt", kind: .file, size: 8)],
          to: .remote(address, home.appending("same")), operation: .move, isAttended: true))
      for await event in events {
        if case .needsYou(let row) = event { await world.queue.answer(row.id, answer) }
      }
      let contents = try FileTree.names(in: folder).map { try FileTree.text(folder.appending($0)) }
      let names = try FileTree.names(in: folder)
      #expect(contents == ["precious"], "\(names)")
      await server.stop()
    }
  }
}
