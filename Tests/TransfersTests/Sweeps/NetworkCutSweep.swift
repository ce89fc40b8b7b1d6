import FTP
import FTPSClient
import SystemPackage
import TestSupport
import Testing

@testable import Transfers

/// Files go both ways through a proxy that cuts, resets and stalls control and data connections at random points.
/// Every one of them has to arrive whole, whatever it takes.
@Suite("Network cuts", .serialized, .timeLimit(.minutes(30)))
struct NetworkCutSweep {
  private static let batchSize = 25

  @Test("every file arrives whole through a network that breaks", arguments: [ServerSoftware.vsftpd, .proFTPD])
  func sweep(_ software: ServerSoftware) async throws {
    let wanted = Sweep.rounds("CUTS", sample: 100) / 2
    let start = ContinuousClock.now
    let server = try await RealServer.start(software)
    let proxy = CuttingProxy(seed: Sweep.seed)
    try await proxy.start(before: server)
    var random = SeededRandom(seed: Sweep.seed &+ 1)
    var tally = Tally()
    while tally.interrupted < wanted {
      let isDownload = tally.batches % 2 == 0
      try await play(isDownload, server, proxy, &random, &tally)
      if tally.wrong > 0 || tally.batches > wanted { break }
    }
    let (faults, onControl) = proxy.played
    Sweep.report(
      "cuts, \(software), seed \(Sweep.seed): \(tally.files) files, \(tally.interrupted) of them interrupted and resumed, "
        + "\(tally.wrong) wrong; \(faults.values.reduce(0, +)) faults (\(faults.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")); "
        + "\(onControl) on control connections); \((ContinuousClock.now - start).components.seconds) s")
    #expect(tally.wrong == 0)
    try await proxy.stop()
    await server.stop()
  }

  private struct Tally {
    var batches = 0
    var files = 0
    var interrupted = 0
    var wrong = 0
  }

  private func play(
    _ isDownload: Bool, _ server: RealServer, _ proxy: CuttingProxy, _ random: inout SeededRandom, _ tally: inout Tally
  ) async throws {
    let local = try LocalPlace()
    let (from, to) = isDownload ? (server.root, local.folder.path) : (local.folder.path, server.root)
    var files: [String: [UInt8]] = [:]
    for number in 0..<Self.batchSize {
      // From one byte to four mebibytes, as many small ones as large ones.
      let size = Int(1 << UInt64.random(in: 0...21, using: &random)) + Int.random(in: 0..<70_000, using: &random)
      files["\(number)"] = content(size, seed: Int.random(in: 0..<256, using: &random))
    }
    for (name, bytes) in files { try FileTree.write(bytes, to: from.appending(name)) }
    try await server.adopt()

    let address = ServerAddress(host: CuttingProxy.host, port: server.port, user: RealServer.user)
    let provider = TestProvider(limit: 4, timeouts: .impatient)
    provider.setPassword(server.password)
    var retries = RetryPolicy.quick
    retries.itemAttempts = 10_000
    retries.serverAttempts = 10_000
    let queue = TransferQueue(sessions: provider, disk: local.disk, jobs: 3, retries: retries)
    let there = Location.remote(address, try RemotePath(server.home))
    let here = Location.local(local.folder.path)
    let entries = files.keys.map { TransferRequest.Entry(FileName(stringLiteral: $0), kind: .file) }
    proxy.change(.init(dataPercent: 60, controlPercent: 25))
    var interrupted: Set<TransferItem.ID> = []
    var states: [ItemState] = []
    let request = TransferRequest(
      from: isDownload ? there : here, entries, to: isDownload ? here : there, isAttended: false)
    for await event in try await queue.run(request) {
      switch event {
      case .postponed(let row): interrupted.insert(row.id)
      case .finished(let row): states.append(row.state)
      case .started, .needsYou, .batchFinished: break
      }
    }
    proxy.change(.init())
    await queue.stop()
    await provider.close()

    tally.batches += 1
    tally.files += files.count
    tally.interrupted += interrupted.count
    #expect(states.allSatisfy { $0.isDone }, "\(states.filter { !$0.isDone }), seed \(Sweep.seed)")
    for (name, bytes) in files where (try? FileTree.read(to.appending(name))) != bytes {
      tally.wrong += 1
      Issue.record("\(name), \(bytes.count) bytes, is wrong after batch \(tally.batches), seed \(Sweep.seed)")
    }
    let names = try FileTree.names(in: to).map(\.string)
    #expect(names.filter { $0.hasSuffix(".ferry.part") } == [], "seed \(Sweep.seed)")
    for name in files.keys { FileTree.remove(server.root.appending(name)) }
  }
}
