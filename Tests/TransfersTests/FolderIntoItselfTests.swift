import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

@Suite("A folder that is copied into itself", .timeLimit(.minutes(1)))
struct FolderIntoItselfTests {
  @Test("is refused with a sentence, and nothing is made", arguments: ["tree", "tree/sub", "link", "tree/sub/../sub"])
  func refused(_ target: String) async throws {
    try await QueueWorld.with { world in
      try world.local.folder.write("x", to: "tree/sub/file")
      #expect(symlink("tree/sub", world.local.folder.appending("link").string) == 0)
      let states = try await world.run(
        [.init("tree", kind: .folder)], from: world.here(),
        to: .local(world.local.folder.path.appending(FilePath(target).components)), attended: false)
      #expect(
        Array(states.values) == [.failed(TransferFailure(.item, "\(TransferError.folderIntoItself("tree"))"))],
        "\(states)")
      #expect(try FileTree.names(in: world.local.folder.appending("tree")).map(\.string) == ["sub"])
      #expect(try FileTree.names(in: world.local.folder.appending("tree/sub")).map(\.string) == ["file"])
    }
  }

  @Test("a place beside it with a name that begins like its own is another one")
  func beside() async throws {
    try await QueueWorld.with { world in
      try world.local.folder.write("x", to: "tree/file")
      try world.local.folder.makeFolder("tree2")
      let states = try await world.run(
        [.init("tree", kind: .folder)], from: world.here(), to: world.here("tree2"), attended: false)
      #expect(states.values.allSatisfy { $0.isDone }, "\(states)")
      #expect(try FileTree.text(world.local.folder.appending("tree2/tree/file")) == "x")
    }
  }
}
