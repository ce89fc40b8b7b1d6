import FTP
import FTPSClient
import FTPSServer
import NIOCore
import SystemPackage
import TestSupport
import Testing
import Transfers

/// The queue and a server that adds no waits of its own, at the two ends of a link that counts how often it is crossed.
@Suite("Small files over a long link", .serialized, .timeLimit(.minutes(1)))
struct RoundTripTests {
  private static let some = 16, many = 48

  @Test("one more small file takes three round trips down and three up, over one session")
  func three() async throws {
    let ports = try PortBlock()
    var down: [Double] = []
    var up: [Double] = []
    for count in [Self.some, Self.many] {
      try await QueueWorld.with(jobs: 1) {
        $0.port = ports.control
        $0.passivePorts = ports.passive
      } _: { world in
        let folder = world.local.folder.appending("many")
        try FileTree.makeFolders(folder)
        for number in 0..<count {
          try FileTree.write(TreeFixture.bytes(4096, seed: number), to: folder.appending("file \(number)"))
        }
        up.append(try await crossing(world, ports, from: world.here(), to: nil))
        try FileTree.makeFolders(world.local.folder.appending("back"))
        down.append(try await crossing(world, ports, from: nil, to: world.here("back")))
        let there = try await TreeDigest(of: world.remote.appending("many"))
        let back = try await TreeDigest(of: world.local.folder.appending("back/many"))
        let here = try await TreeDigest(of: folder)
        #expect(there.differences(from: here) == [])
        #expect(back.differences(from: here) == [])
      }
    }
    let difference = Double(Self.many - Self.some)
    let costs = (down: (down[1] - down[0]) / difference, up: (up[1] - up[0]) / difference)
    print("\(costs.down) round trips for each file down, \(costs.up) up")
    #expect(costs.down <= 3.3)
    #expect(costs.up <= 3.3)
  }

  /// Copies the folder over a new link, and returns the round trips of all of it. Without a place it is the server's.
  private func crossing(
    _ world: QueueWorld, _ ports: PortBlock, from source: Location?, to target: Location?
  ) async throws -> Double {
    let link = try LongLink(to: [ports.control] + ports.passive)
    let far = Location.remote(
      ServerAddress(host: link.host, port: ports.control, user: "ada"), try RemotePath("/"))
    let states = try await world.run(
      [TransferRequest.Entry("many", kind: .folder)], from: source ?? far, to: target ?? far)
    let undone = states.filter { if case .done = $0.value { false } else { true } }
    #expect(undone == [:])
    link.stop()
    return link.roundTrips
  }
}
