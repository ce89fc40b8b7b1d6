import FTP
import FTPSClient
import NIOCore
import NIOPosix
import Synchronization
import TLS
import TLSChannel
import TestSupport
import Testing

@testable import FTPSServer

/// The project's own client and server together, in each way in which TLS can start.
@Suite("Our client with our server", .timeLimit(.minutes(2)))
struct ClientTests {
  struct Cell: Sendable {
    var mode: TLSMode
    var version: TLSVersion
  }

  static let cells = [TLSMode.explicit, .implicit].flatMap { mode in
    [TLSVersion.tls12, .tls13].map { Cell(mode: mode, version: $0) }
  }

  private struct Anybody: TrustAuthority {
    func stands(_ question: TrustQuestion) async -> Bool { true }
    func judge(_ question: TrustQuestion) async -> TrustDecision { .accept }
  }

  private actor Collected: ByteSink {
    var bytes: [UInt8] = []
    func write(_ bytes: ByteBuffer) { self.bytes += Array(buffer: bytes) }
  }

  private actor Source: ByteSource {
    private var rest: ByteBuffer
    init(_ bytes: [UInt8]) { rest = ByteBuffer(bytes: bytes) }

    func read(upTo count: Int) -> ByteBuffer? {
      rest.readableBytes == 0 ? nil : rest.readSlice(length: min(count, rest.readableBytes))
    }
  }

  private func open(_ server: TestServer, _ cell: Cell) async throws -> FTPSession {
    let address = ServerAddress(host: "127.0.0.1", port: server.port, mode: cell.mode, user: "ada")
    return try await FTPSession.open(
      SessionConfiguration(server: address, password: Secret("lovelace"), trust: Anybody(), roots: .none),
      on: MultiThreadedEventLoopGroup.singleton)
  }

  @Test("files go up and come down whole over resumed data connections, however many", arguments: cells)
  func transfers(cell: Cell) async throws {
    try await TestServer.changed {
      $0.mode = cell.mode
      $0.maximumTLS = cell.version
    }.with { server in
      let session = try await open(server, cell)
      #expect(session.facts.tls?.version == cell.version.description)
      for (index, size) in [0, 1, 16_384, 3 << 20, 5, 70_000, 0, 9, 10, 11].enumerated() {
        let content = TestServer.content(size)
        let path = try RemotePath("/file \(index) ⛴️")
        let sent = try await session.store(path, source: Source(content))
        let sink = Collected()
        let got = try await session.retrieve(path, into: sink)
        #expect(await sink.bytes == content)
        #expect(sent.bytes == Int64(size) && got.bytes == Int64(size))
        #expect(sent.wasResumed && got.wasResumed)
        #expect(try await session.size(of: path) == Int64(size))
      }
      await session.quit()
      #expect(try await eventually { await server.clientCount == 0 })
      #expect(server.events.count { if case .problem = $0 { true } else { false } } == 0)
    }
  }

  @Test("names, folders and times", arguments: cells)
  func names(cell: Cell) async throws {
    try await TestServer.changed {
      $0.mode = cell.mode
      $0.maximumTLS = cell.version
    }.with { server in
      let session = try await open(server, cell)
      let folder = try RemotePath("/a \"folder\" ")
      let name = try FileName([0x66, 0xE9, 0x20])
      let file = folder.appending(name)
      try await session.makeDirectory(folder)
      _ = try await session.store(file, source: Source([1, 2, 3]))
      let time = Timestamp(seconds: 1_234_567_890)
      #expect(try await session.setModificationTime(time, of: file))
      #expect(try await session.modificationTime(of: file).seconds == time.seconds)
      let entries = Mutex<[ListingEntry]>([])
      _ = try await session.list(folder, now: time) { more in entries.withLock { $0 += more } }
      let entry = try #require(entries.withLock { $0.first })
      #expect(entry.name == name && entry.size == 3 && entry.modified?.seconds == time.seconds)
      let moved = RemotePath.root.appending(name)
      try await session.rename(file, to: moved)
      try await session.removeDirectory(folder)
      let missing = await #expect(throws: FTPSError.self) { _ = try await session.size(of: file) }
      #expect(missing?.isSessionUsable == true)
      try await session.delete(moved)
      #expect(try FileTree.names(in: server.root).isEmpty)
      await session.quit()
    }
  }
}
