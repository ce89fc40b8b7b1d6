import FTP
import FTPSClient
import TestSupport
import Testing

@testable import Transfers

/// Uploads whose last step, from the temporary name to the target's, is refused.
@Suite("An upload whose rename is refused", .timeLimit(.minutes(1)))
struct RefusedRenameTests {
  private let bytes = content(100_000)
  private let theirs = MemoryServer.File(Array("theirs".utf8), unique: "2")

  private func world(_ change: (inout MemoryServer.Habits) -> Void) throws -> JobWorld {
    var habits = MemoryServer.Habits()
    change(&habits)
    let world = try JobWorld(habits)
    try world.folder.write(bytes, to: "a")
    return world
  }

  @Test(
    "nothing is written over what somebody has put there meanwhile, and the answer goes on with what was sent",
    arguments: [true, false])
  func taken(_ refusesRNFR: Bool) async throws {
    let world = try world {
      $0.renamesToFreeNamesOnly = true
      $0.refusesRenaming = refusesRNFR
    }
    let remote = world.remote
    remote.before { line in if line.hasPrefix("RNFR") { remote["/a"] = self.theirs } }
    guard case .conflict(let conflict) = await world.upload(policy: .ask) else {
      Issue.record("no question")
      return
    }
    #expect(conflict.target.size == 6)
    #expect(remote["/a"]?.bytes == theirs.bytes)
    remote.before { _ in }
    remote.change { $0.refusesRenaming = false }
    // As the queue does it after an answer: the attempt before left its work.
    let outcome = await world.upload(policy: .overwrite) { item in
      item.hasStarted = true
      item.bytes = 100_000
      item.size = 100_000
      item.modified = (try? world.local.files.status(of: "a", in: world.local.open(), following: false))??.modified
      item.identity =
        (try? world.local.files.status(of: "a", in: world.local.open(), following: false))??.facts.identity
    }
    #expect(outcome == .done(.length(100_000)))
    #expect(remote["/a"]?.bytes == bytes)
    #expect(remote.names == ["/a"])
    #expect(remote.log.count { $0.hasPrefix("STOR") } == 1)
  }

  @Test("a long upload looks once more before its rename, as most servers replace what is there")
  func takenOnTheWay() async throws {
    let world = try world { _ in }
    try world.folder.write(content(1_500_000), to: "a")
    let remote = world.remote
    remote.before { line in if line.hasPrefix("MFMT") { remote["/a"] = self.theirs } }
    guard case .conflict = await world.upload(policy: .ask) else {
      Issue.record("no question")
      return
    }
    #expect(remote["/a"]?.bytes == theirs.bytes)
  }

  @Test("what is left out after the question leaves nothing of it there")
  func leftOut() async throws {
    let world = try world { $0.renamesToFreeNamesOnly = true }
    let remote = world.remote
    remote.before { line in if line.hasPrefix("RNFR") { remote["/a"] = self.theirs } }
    guard case .conflict = await world.upload(policy: .ask) else {
      Issue.record("no question")
      return
    }
    guard case .skipped = await world.upload(policy: .skip, { ($0.hasStarted, $0.bytes) = (true, 100_000) }) else {
      Issue.record("not left out")
      return
    }
    #expect(remote.names == ["/a"])
    #expect(remote["/a"]?.bytes == theirs.bytes)
  }

  @Test("the next free number is taken where somebody has taken one meanwhile")
  func numbered() async throws {
    let world = try world { $0.renamesToFreeNamesOnly = true }
    let remote = world.remote
    remote["/a"] = theirs
    remote.before { line in if line.hasPrefix("RNFR") { remote["/a (2)"] = self.theirs } }
    #expect(await world.upload(policy: .rename) == .done(.length(100_000)))
    #expect(remote.names == ["/a", "/a (2)", "/a (3)"])
    #expect(remote["/a (3)"]?.bytes == bytes)
    #expect(remote["/a (2)"]?.bytes == theirs.bytes)
    #expect(remote.log.count { $0.hasPrefix("STOR") } == 1)
  }

  @Test("a server that renames to free names only has the old file removed, and no more")
  func freeNamesOnly() async throws {
    let world = try world { $0.renamesToFreeNamesOnly = true }
    world.remote["/a"] = theirs
    #expect(await world.upload(policy: .overwrite) == .done(.length(100_000)))
    #expect(world.remote["/a"]?.bytes == bytes)
    #expect(world.remote.names == ["/a"])
  }

  @Test("where RNFR is refused, what was sent is kept until the target is written in place")
  func lostInPlace() async throws {
    let world = try world { $0.refusesRenaming = true }
    let remote = world.remote
    remote["/a"] = theirs
    remote.before { line in if line == "STOR /a 0" { remote.change { $0.cutsUploadAfter = 1 } } }
    #expect(await world.upload(policy: .overwrite) == .failed(.session(.closed("cut"))))
    #expect(!remote.log.contains("DELE /a"))
    #expect(remote.names.count == 2, "the target, and what was sent: \(remote.names)")
    remote.before { _ in }
    #expect(await world.upload(policy: .overwrite) { $0.hasStarted = true } == .done(.length(100_000)))
    #expect(remote["/a"]?.bytes == bytes)
    #expect(remote.names == ["/a"])
  }
}
