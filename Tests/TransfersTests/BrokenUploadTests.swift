import FTP
import FTPSClient
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Resumed uploads that a server ends with a reply, and not with the connection.
@Suite("A resumed upload that the server breaks off", .timeLimit(.minutes(1)))
struct BrokenUploadTests {
  private static let size = 600_000, partSize = 400_000
  private let bytes = content(size)

  /// What an earlier attempt knows of the source.
  private func started(_ world: JobWorld) throws -> (inout TransferItem) -> Void {
    let status = try #require(try world.local.files.status(of: "a", in: world.local.open(), following: false))
    return { item in
      item.hasStarted = true
      item.bytes = Int64(Self.partSize)
      item.size = status.facts.size
      item.modified = status.facts.modified
      item.identity = status.facts.identity
    }
  }

  /// A reply, and after how many bytes it comes.
  static let breaks: [(code: Int, after: Int)] = [
    (425, 0), (426, 60_000), (451, 0), (451, 60_000), (452, 0), (452, 60_000), (552, 60_000), (550, 60_000), (450, 0),
  ]

  @Test("keeps all that is there, goes on from it, and learns nothing of the server", arguments: breaks)
  func keepsProgress(_ how: (code: Int, after: Int)) async throws {
    let world = try JobWorld()
    try world.folder.write(bytes, to: "a")
    let started = try started(world)
    var item = TransferItem(
      id: 1, batch: TransferBatch.ID(1), kind: .file, source: ItemPath(bytes: Array("/a".utf8)),
      target: ItemPath(bytes: Array("/a".utf8)), token: 7)
    started(&item)
    let part = "/\(item.partName.text)"
    world.remote[part] = MemoryServer.File(Array(bytes.prefix(Self.partSize)))
    world.remote.change { $0.breaksUpload = how }
    let outcome = await world.upload(policy: .overwrite, started)
    guard case .failed(.session(.refused(_, let reply))) = outcome, reply.code == how.code else {
      Issue.record("\(outcome)")
      return
    }
    #expect(world.remote[part]?.size ?? 0 >= Int64(Self.partSize + how.after))
    #expect(!world.runner.memory.refusesRestart(server) && !world.runner.memory.refusesAppending(server))
    #expect(!world.remote.log.contains { $0.hasSuffix(" 0") && $0.hasPrefix("STOR") || $0.hasPrefix("APPE") })
    #expect(await world.upload(policy: .overwrite, started) == .done(.length(Int64(Self.size))))
    #expect(world.remote["/a"]?.bytes == bytes)
    #expect(world.remote.names == ["/a"])
    #expect(!world.remote.log.contains { $0.hasSuffix(" 0") && $0.hasPrefix("STOR") })
  }

  @Test(
    "that is twice in a row a fault before the first byte is added at the end instead", arguments: ["a", "restart"])
  func twice(_ name: String) async throws {
    var habits = MemoryServer.Habits()
    habits.storing = .fails
    let world = try JobWorld(habits)
    try world.folder.write(bytes, to: name)
    world.remote["/\(name)"] = MemoryServer.File(Array(bytes.prefix(Self.partSize)))
    let path = world.folder.appending(name).string
    func upload() async -> JobOutcome {
      await world.run(from: .local, path, to: .remote(server), "/\(name)", policy: .resume).outcome
    }
    guard case .failed(.session(.refused(_, let reply))) = await upload(), reply.code == 451 else {
      Issue.record("it was not refused")
      return
    }
    #expect(!world.runner.memory.refusesRestart(server))
    #expect(await upload() == .done(.length(Int64(Self.size))))
    #expect(world.runner.memory.refusesRestart(server))
    #expect(world.remote["/\(name)"]?.bytes == bytes)
    let stores = world.remote.log.filter { $0.hasPrefix("STOR") || $0.hasPrefix("APPE") }
    #expect(stores == ["STOR /\(name) \(Self.partSize)", "STOR /\(name) \(Self.partSize)", "APPE /\(name)"])
  }

  @Test("with the policy to resume, it goes on at the target after a lost connection")
  func policy() async throws {
    let world = try JobWorld()
    try world.folder.write(bytes, to: "a")
    world.remote["/a"] = MemoryServer.File(Array(bytes.prefix(Self.partSize)))
    world.remote.change { $0.cutsUploadAfter = 60_000 }
    let path = world.folder.appending("a").string
    var answer: ConflictPolicy?
    let (outcome, notes) = await world.run(from: .local, path, to: .remote(server), "/a", policy: .resume)
    #expect(outcome == .failed(.session(.closed("cut"))))
    if notes.contains(.replacesTarget) { answer = .overwrite }
    let again = await world.run(from: .local, path, to: .remote(server), "/a", policy: .resume) {
      $0.hasStarted = true
      $0.answer = answer
    }
    #expect(again.outcome == .done(.length(Int64(Self.size))))
    #expect(world.remote["/a"]?.bytes == bytes)
    #expect(world.remote.names == ["/a"])
    let stores = world.remote.log.filter { $0.hasPrefix("STOR") }
    #expect(stores == ["STOR /a \(Self.partSize)", "STOR /a \(Self.partSize + 60_000)"])
  }

  @Test("with the policy to resume, what had all been sent is proved, and gets its time")
  func policyAtTheEnd() async throws {
    let world = try JobWorld()
    try world.folder.write(bytes, to: "a")
    world.remote["/a"] = MemoryServer.File(bytes)
    let outcome = await world.upload(policy: .resume) { $0.hasStarted = true }
    #expect(outcome == .done(.length(Int64(Self.size))))
    #expect(world.remote.log.contains("MFMT /a"))
  }
}
