import FTP
import Glibc
import SystemPackage
import TestSupport
import Testing
import Transfers

/// A folder goes where one of its name is already, through a queue that has made that one itself.
@Suite("A folder that is copied to a server twice", .timeLimit(.minutes(1)))
struct SecondCopyTests {
  /// Files that go in packets, and one that goes alone.
  private static let names = (0..<8).map { "small \($0)" } + ["large"]

  private func makeTree(_ folder: TemporaryFolder) throws {
    for name in Self.names { try folder.write(content(name == "large" ? 100_000 : 100), to: "tree/\(name)") }
  }

  @Test("what others have put there since is treated as the policy says", arguments: [ConflictPolicy.ask, .skip])
  func again(_ policy: ConflictPolicy) async throws {
    try await QueueWorld.with { world in
      try makeTree(world.local.folder)
      let entries = [TransferRequest.Entry("tree", kind: .folder)]
      let first = try await world.run(entries, from: world.here(), to: world.there(), onConflict: policy)
      #expect(first.values.allSatisfy { $0.isDone }, "\(first)")
      try world.local.folder.write("new", to: "tree/new")
      for name in Self.names + ["new"] { try world.remote.write("theirs", to: "tree/\(name)") }
      let second = try await world.run(entries, from: world.here(), to: world.there(), onConflict: policy)
      #expect(second.values.count { $0.isDone } == 1, "only the folder itself: \(second)")
      for name in Self.names + ["new"] {
        #expect(try FileTree.text(world.remote.appending("tree/\(name)")) == "theirs", "\(name)")
      }
    }
  }

  @Test("what others put into a new folder while the rest is on its way stays theirs", arguments: [true, false])
  func meanwhile(_ isAged: Bool) async throws {
    try await QueueWorld.with(jobs: 1, newFolderTime: isAged ? .zero : .seconds(30)) { world in
      try makeTree(world.local.folder)
      world.commands.before { line, earlier in
        guard line.hasPrefix("STOR"), earlier == 0 else { return }
        _ = try? world.remote.write("theirs", to: "tree/small 7")
      }
      let entries = [TransferRequest.Entry("tree", kind: .folder)]
      let states = try await world.run(entries, from: world.here(), to: world.there(), onConflict: .skip)
      let there = try FileTree.text(world.remote.appending("tree/small 7"))
      // At first nobody is expected in a folder that is a moment old: that is what makes small files fast.
      #expect(there == (isAged ? "theirs" : String(decoding: content(100), as: UTF8.self)))
      #expect(states.values.count { $0.isDone } == (isAged ? 9 : 10), "\(states)")
      #expect(world.commands.count("STOR") == (isAged ? 8 : 9))
    }
  }

  @Test("what failed, and is tried again after the rest, looks for what others have put there since")
  func retried() async throws {
    try await QueueWorld.with(jobs: 1) { world in
      try world.local.folder.write("ours", to: "tree/a")
      let source = world.local.folder.appending("tree/a")
      world.commands.before { line, _ in if line.hasPrefix("MKD") { unlink(source.string) } }
      let entries = [TransferRequest.Entry("tree", kind: .folder)]
      let states = try await world.run(entries, from: world.here(), to: world.there(), onConflict: .skip)
      #expect(states.values.contains { $0.reason?.hasSuffix("does not exist.") == true }, "\(states)")
      try world.local.folder.write("ours", to: "tree/a")
      try world.remote.write("theirs", to: "tree/a")
      let failed = try #require(await world.queue.items(in: .failed).first)
      await world.queue.retryFailed()
      #expect(try await eventually { await world.queue.row(failed)?.state.isFinal ?? false })
      #expect(await world.queue.row(failed)?.state == .skipped("The target exists already."))
      #expect(try FileTree.text(world.remote.appending("tree/a")) == "theirs")
    }
  }
}
