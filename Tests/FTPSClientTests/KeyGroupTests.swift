import FTP
import FTPSClient
import NIOPosix
import Synchronization
import TLS
import TestSupport
import Testing

/// Keys are offered in the group that the last session with a server was made with, and in no other, until that fails.
@Suite("The group of the last session's keys", .serialized, .timeLimit(.minutes(1)))
struct KeyGroupTests {
  /// A real server that takes keys in one group only.
  private func start(_ group: String) async throws -> RealServer {
    var options = ServerOptions(versions: .only13)
    options.extra = ["TLSECDHCurve \(group)"]
    return try await RealServer.start(.proFTPD, options)
  }

  private func address(_ port: Int) -> ServerAddress {
    ServerAddress(host: "127.0.0.1", port: port, mode: .explicit, user: RealServer.user)
  }

  @Test("a server that takes another group than before is met with all of them at once")
  func changed() async throws {
    let servers = [try await start("secp384r1"), try await start("prime256v1")]
    let lines = Lines()
    // One server to the client: what it has learnt of the first goes for the second.
    var configuration = SessionConfiguration(
      server: address(servers[0].port), password: Secret(servers[0].password), trust: Answer(.accept), roots: .none,
      transcript: lines)
    for (index, expected) in [(0, 1), (0, 1), (1, 2), (1, 1), (0, 2)] {
      configuration.server = address(servers[index].port)
      lines.clear()
      let session = try await FTPSession.open(configuration, on: MultiThreadedEventLoopGroup.singleton)
      await session.quit()
      #expect(lines.connections == expected)
    }
    for server in servers { await server.stop() }
  }

  @Test("a server that refuses every handshake is not asked for a third")
  func refused() async throws {
    let server = try await start("secp384r1")
    let lines = Lines()
    var configuration = SessionConfiguration(
      server: address(server.port), password: Secret(server.password), trust: Answer(.accept), roots: .none,
      transcript: lines)
    let session = try await FTPSession.open(configuration, on: MultiThreadedEventLoopGroup.singleton)
    await session.quit()
    await server.stop()
    let hostile = try ScriptedServer { peer in
      try peer.send("220 hello\r\n")
      try peer.expect("AUTH TLS")
      try peer.send("234 go on\r\n")
      // A fatal handshake_failure.
      try peer.write([0x15, 3, 3, 0, 2, 2, 40])
      peer.waitForEnd()
    }
    configuration.server = address(hostile.port)
    for expected in [2, 1] {
      lines.clear()
      await #expect(throws: FTPSError.tls(.peerAlert(.handshakeFailure))) {
        try await FTPSession.open(configuration, on: MultiThreadedEventLoopGroup.singleton)
      }
      #expect(lines.connections == expected)
    }
  }
}

/// What a session says to people.
private final class Lines: Transcript {
  private let all = Mutex<[TranscriptLine]>([])
  func record(_ line: TranscriptLine) { all.withLock { $0.append(line) } }
  func clear() { all.withLock { $0 = [] } }
  /// How many connections were made.
  var connections: Int { all.withLock { Set($0.map(\.session)).count } }
}
