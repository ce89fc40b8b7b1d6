import FTP
import Glibc
import NIOPosix
import SystemPackage
import TLS
import TestSupport
import Testing

@testable import FTPSClient

/// Files that go from one real server to another one without coming here.
@Suite("Between real servers", .serialized, .timeLimit(.minutes(2)))
struct BetweenServersTests {
  struct Way: Sendable, CustomTestStringConvertible {
    var source: ServerSoftware
    var target: ServerSoftware
    var versions = ServerOptions.Versions.any
    var passive: FXPRoute.Side
    var tlsClient: FXPRoute.Side
    var testDescription: String {
      "\(source) to \(target), \(versions.rawValue), \(passive) waits, \(tlsClient) is the TLS client"
    }
  }

  /// A TLS client that only sends loses its last bytes with TLS 1.3, as the routes' order has it.
  private static let ways = [
    Way(source: .proFTPD, target: .proFTPD, passive: .source, tlsClient: .target),
    Way(source: .proFTPD, target: .proFTPD, passive: .target, tlsClient: .target),
    Way(source: .vsftpd, target: .proFTPD, passive: .source, tlsClient: .target),
    Way(source: .vsftpd, target: .proFTPD, passive: .target, tlsClient: .target),
    Way(source: .proFTPD, target: .vsftpd, versions: .only12, passive: .target, tlsClient: .source),
    Way(source: .proFTPD, target: .vsftpd, versions: .only12, passive: .source, tlsClient: .source),
  ]

  private static func open(_ server: RealServer) async throws -> FTPSession {
    let address = ServerAddress(host: server.options.host, port: server.port, user: RealServer.user)
    return try await FTPSession.open(
      SessionConfiguration(server: address, password: Secret(server.password), trust: Answer(.accept), roots: .none),
      on: MultiThreadedEventLoopGroup.singleton)
  }

  private static func never() async { try? await Task.sleep(for: .seconds(3_600)) }

  @Test("every byte goes over, and the sessions are as before", arguments: ways)
  func whole(_ way: Way) async throws {
    let one = try await RealServer.start(way.source, .betweenServers(way.source, at: 2, versions: way.versions))
    let other = try await RealServer.start(way.target, .betweenServers(way.target, at: 3, versions: way.versions))
    let (source, target) = (try await Self.open(one), try await Self.open(other))
    let route = FXPRoute(passive: way.passive, tlsClient: way.tlsClient, by: .sscn)
    #expect(try FXPRoute.routes(from: source.fxpParty, to: target.fxpParty).contains(route))
    let transfer = FXPTransfer(from: source, to: target, by: route)
    for (index, size) in [3_000_000, 0].enumerated() {
      let content = TreeFixture.bytes(size, seed: index)
      try FileTree.write(content, to: one.root.appending("a \(index)"))
      try await one.adopt()
      try await transfer.run(
        try RemotePath(one.remotePath("a \(index)")), from: 0, to: try RemotePath(other.remotePath("b \(index)")),
        watch: Self.never)
      #expect(try FileTree.read(other.root.appending("b \(index)")) == content)
    }
    // The rest of a file.
    try FileTree.write(TreeFixture.bytes(3_000_000, seed: 0).prefix(1_000_000), to: other.root.appending("b 0"))
    try await other.adopt()
    try await transfer.run(
      try RemotePath(one.remotePath("a 0")), from: 1_000_000, to: try RemotePath(other.remotePath("b 0")),
      watch: Self.never)
    let whole = TreeFixture.bytes(3_000_000, seed: 0)
    #expect(try FileTree.read(other.root.appending("b 0")) == whole)
    for session in [source, target] {
      let connections = await session.dataConnections
      #expect(connections == 0)
    }

    // For anything else it is this side that is the TLS client, as ever.
    for (session, server, name) in [(source, one, "a 0"), (target, other, "b 0")] {
      let sink = Collected()
      _ = try await session.retrieve(try RemotePath(server.remotePath(name)), into: sink)
      #expect(await sink.bytes == whole)
      #expect(await session.isUsable)
      await session.quit()
    }
    await one.stop()
    await other.stop()
  }

  @Test("servers that do not want it say so at once, and both sessions are spent")
  func refused() async throws {
    var strict = ServerOptions()
    strict.host = "127.0.0.2"
    for software in [ServerSoftware.proFTPD, .vsftpd] {
      let one = try await RealServer.start(software, strict)
      let other = try await RealServer.start(.proFTPD, .betweenServers(.proFTPD, at: 3))
      try FileTree.write(TreeFixture.bytes(200_000, seed: 1), to: one.root.appending("a"))
      try await one.adopt()
      for passive in FXPRoute.Side.allCases {
        let (source, target) = (try await Self.open(one), try await Self.open(other))
        let route = FXPRoute(passive: passive, tlsClient: .target, by: .sscn)
        let start = ContinuousClock.now
        let failure = await #expect(throws: FXPFailure.self) {
          try await FXPTransfer(from: source, to: target, by: route).run(
            try RemotePath(one.remotePath("a")), from: 0, to: try RemotePath(other.remotePath("b")), watch: Self.never)
        }
        #expect(failure?.mayBeAboutTheFile == false, "\(failure as Any)")
        #expect(ContinuousClock.now - start < .seconds(8))
        for session in [source, target] {
          let isUsable = await session.isUsable
          #expect(!isUsable)
        }
      }
      let arrived = FileTree.facts(other.root.appending("b"))?.st_size ?? 0
      #expect(arrived == 0)
      await one.stop()
      await other.stop()
    }
  }

  @Test("stopped in the middle, neither server goes on")
  func stopped() async throws {
    let one = try await RealServer.start(.proFTPD, .betweenServers(.proFTPD, at: 2))
    let other = try await RealServer.start(.proFTPD, .betweenServers(.proFTPD, at: 3))
    let size = 2_000_000_000
    try FileTree.write([], to: one.root.appending("a"))
    #expect(truncate(one.root.appending("a").string, size) == 0)
    try await one.adopt()
    for isStalled in [false, true] {
      let (source, target) = (try await Self.open(one), try await Self.open(other))
      let transfer = FXPTransfer(
        from: source, to: target, by: FXPRoute(passive: .source, tlsClient: .target, by: .sscn))
      let there = other.root.appending("b \(isStalled)")
      let path = try RemotePath(other.remotePath("b \(isStalled)"))
      let running = Task {
        try await transfer.run(try RemotePath(one.remotePath("a")), from: 0, to: path) {
          if !isStalled { return await Self.never() }
          _ = try? await eventually { FileTree.facts(there).map { $0.st_size > 1 << 20 } ?? false }
        }
      }
      #expect(try await eventually { FileTree.facts(there).map { $0.st_size > 1 << 20 } ?? false })
      if !isStalled { running.cancel() }
      let failure = await #expect(throws: FXPFailure.self) { try await running.value }
      #expect(isStalled ? failure?.cause != .cancelled : failure?.cause == .cancelled, "\(failure as Any)")
      #expect(failure?.isTargetSettled == true)
      let arrived = try #require(FileTree.facts(there)).st_size
      #expect(arrived < size)
      await source.quit()
      await target.quit()
      #expect(try #require(FileTree.facts(there)).st_size == arrived)
    }
    await one.stop()
    await other.stop()
  }

  @Test("a file that is not there is about the file, and not about the way")
  func missing() async throws {
    let one = try await RealServer.start(.proFTPD, .betweenServers(.proFTPD, at: 2))
    let other = try await RealServer.start(.proFTPD, .betweenServers(.proFTPD, at: 3))
    let (source, target) = (try await Self.open(one), try await Self.open(other))
    let failure = await #expect(throws: FXPFailure.self) {
      try await FXPTransfer(
        from: source, to: target, by: FXPRoute(passive: .source, tlsClient: .target, by: .sscn)
      ).run(try RemotePath("/nothing"), from: 0, to: try RemotePath("/b"), watch: Self.never)
    }
    #expect(failure?.mayBeAboutTheFile == true && failure?.side == .source, "\(failure as Any)")
    await one.stop()
    await other.stop()
  }
}
