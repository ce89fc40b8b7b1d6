import FTP
import FTPSClient
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// vsftpd locks what is uploaded, and waits without a word for a lock that another session has. One that has stalled has
/// it until the server's time-out, which is five minutes: much longer than five attempts.
@Suite("An upload whose earlier attempt the server still holds", .serialized, .timeLimit(.minutes(2)))
struct HeldPartTests {
  @Test("is sent anew, long before the server gives the old one up", arguments: [20_000, 1_500_000])
  func stalled(_ bytesBefore: Int) async throws {
    let server = try await RealServer.start(.vsftpd)
    let proxy = CuttingProxy(seed: 1)
    try await proxy.start(before: server)
    proxy.change(.init(dataPercent: 100, stallsAfter: bytesBefore))
    let local = try LocalPlace()
    let bytes = content(3_000_000)
    try local.folder.write(bytes, to: "a")
    let provider = TestProvider(limit: 2, timeouts: .impatient)
    provider.setPassword(server.password)
    let queue = TransferQueue(sessions: provider, disk: local.disk, jobs: 1, retries: .quick)
    let address = ServerAddress(host: CuttingProxy.host, port: server.port, user: RealServer.user)
    let request = TransferRequest(
      from: .local(local.folder.path), [.init("a")], to: .remote(address, try RemotePath(server.home)),
      isAttended: false)
    var problems: [String] = []
    var states: [ItemState] = []
    for await event in try await queue.run(request) {
      switch event {
      case .postponed(let row):
        proxy.change(.init())
        problems.append(row.problem ?? "")
      case .finished(let row): states.append(row.state)
      case .started, .needsYou, .batchFinished: break
      }
    }
    #expect(states == [.done(.length(Int64(bytes.count)))], "\(problems)")
    // What is too short to go on with is not waited for.
    #expect(problems.contains { $0.contains("still holds") } == (bytesBefore > 1_000_000), "\(problems)")
    #expect(try FileTree.read(server.root.appending("a")) == bytes)
    #expect(try FileTree.names(in: server.root).map(\.string) == ["a"])
    await queue.stop()
    await provider.close()
    try await proxy.stop()
    await server.stop()
  }

  @Test("a server that removes nothing that is in use is asked again")
  func inUse() async throws {
    let remote = MemoryServer()
    let local = try LocalPlace()
    let bytes = content(200_000)
    try local.folder.write(bytes, to: "a")
    remote.change { habits in
      habits.cutsUploadAfter = 100_000
      habits.isInUse = 3
    }
    let queue = TransferQueue(
      runner: JobRunner(disk: local.disk, sessions: remote), journal: MemoryJournal(), jobs: 1, retries: .quick)
    let request = TransferRequest(
      from: .local(local.folder.path), [.init("a", kind: .file)], to: .remote(server, .root), isAttended: false)
    var states: [ItemState] = []
    for await event in try await queue.run(request) {
      if case .finished(let row) = event { states.append(row.state) }
    }
    #expect(states == [.done(.length(Int64(bytes.count)))])
    #expect(remote["/a"]?.bytes == bytes)
    #expect(remote.names == ["/a"])
    await queue.stop()
  }
}
