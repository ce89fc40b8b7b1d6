import FTP
import FTPSClient
import NIOCore
import NIOPosix
import Synchronization
import TLS
import TLSChannel
import TestSupport
import Testing

/// A session with each of the real servers, in each way in which TLS can start there.
@Suite("With a real server", .serialized, .timeLimit(.minutes(3)))
struct RealServerTests {
  struct Cell: Sendable, CustomTestStringConvertible {
    var software: ServerSoftware
    var mode: ServerOptions.Mode
    var versions: ServerOptions.Versions
    var testDescription: String { "\(software), \(mode.rawValue), \(versions.rawValue)" }
  }

  static let cells = ServerSoftware.allCases.flatMap { software in
    (software.hasImplicit ? [ServerOptions.Mode.explicit, .implicit] : [.explicit]).flatMap { mode in
      [ServerOptions.Versions.only12, .only13].map { Cell(software: software, mode: mode, versions: $0) }
    }
  }

  @Test("files go up and come down whole, over resumed data connections, however many", arguments: cells)
  func transfers(cell: Cell) async throws {
    let server = try await RealServer.start(cell.software, ServerOptions(mode: cell.mode, versions: cell.versions))
    do {
      try await exercise(server, cell)
    } catch {
      Issue.record("\(error)\n\(server.log.suffix(400000))")
    }
    await server.stop()
  }

  @Test("the offset of a download that was refused is not that of the next upload")
  func refusedRestart() async throws {
    var options = ServerOptions()
    options.extra = ["download_enable=NO"]
    let server = try await RealServer.start(.vsftpd, options)
    let session = try await FTPSession.open(
      SessionConfiguration(
        server: ServerAddress(host: "127.0.0.1", port: server.port, user: RealServer.user),
        password: Secret(server.password), trust: Answer(.accept), roots: .none),
      on: MultiThreadedEventLoopGroup.singleton)
    let first = session.facts.home.appending(try FileName("first"))
    let second = session.facts.home.appending(try FileName("second"))
    _ = try await session.store(first, source: Buffered(Self.content(100_000)))
    await #expect(throws: FTPSError.self) { try await session.retrieve(first, from: 50_000, into: Collected()) }
    _ = try await session.store(second, source: Buffered(Self.content(20_000)))
    #expect(try await session.size(of: second) == 20_000)
    await session.quit()
    await server.stop()
  }

  private func exercise(_ server: RealServer, _ cell: Cell) async throws {
    let address = ServerAddress(
      host: "127.0.0.1", port: server.port, mode: cell.mode == .implicit ? .implicit : .explicit, user: RealServer.user)
    let session = try await FTPSession.open(
      SessionConfiguration(
        server: address, password: Secret(server.password), trust: Answer(.accept), roots: .none),
      on: MultiThreadedEventLoopGroup.singleton)
    let home = session.facts.home
    #expect(session.facts.tls?.version == (cell.versions == .only12 ? "TLS 1.2" : "TLS 1.3"))
    for (index, size) in [0, 1, 4096, 1 << 20, 70_000, 3, 100, 20_000].enumerated() {
      let content = Self.content(size)
      let path = home.appending(try FileName("file \(index) ü.bin"))
      let sent = try await session.store(path, source: Buffered(content))
      #expect(sent.bytes == Int64(size))
      #expect(try await session.size(of: path) == Int64(size))
      let sink = Collected()
      let report = try await session.retrieve(path, into: sink)
      #expect(await sink.bytes == content)
      if server.software.requiresResumption { #expect(sent.wasResumed && report.wasResumed) }
    }
    let large = home.appending(try FileName("file 3 ü.bin"))
    let rest = Collected()
    _ = try await session.retrieve(large, from: 1_000_000, into: rest)
    #expect(await rest.bytes == Array(Self.content(1 << 20)[1_000_000...]))

    let folder = home.appending(try FileName("a folder"))
    try await session.makeDirectory(folder)
    let listed = Listed()
    _ = try await session.list(home, now: Timestamp(seconds: 1_800_000_000)) { listed.add($0) }
    #expect(listed.names == ["a folder"] + (0..<8).map { "file \($0) ü.bin" })
    #expect(listed.size(of: "file 3 ü.bin") == 1 << 20)
    try await session.rename(large, to: folder.appending(try FileName("moved")))
    #expect(try await session.status(of: folder.appending(try FileName("moved")))?.size == 1 << 20)
    #expect(try await session.status(of: large) == nil)
    try await session.delete(folder.appending(try FileName("moved")))
    try await session.removeDirectory(folder)
    let missing = await #expect(throws: FTPSError.self) { try await session.retrieve(large, into: Collected()) }
    #expect(missing?.isSessionUsable == true)
    try await session.noop()
    await session.quit()
  }

  private static func content(_ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }
}

/// Small files in one go, and what is found out about each server on the way.
@Suite("Many small files, with a real server", .serialized, .timeLimit(.minutes(2)))
struct SmallFileTests {
  @Test(
    "they go up and come down whole, whatever the server does with commands behind a transfer",
    arguments: ServerSoftware.allCases)
  func smallFiles(_ software: ServerSoftware) async throws {
    let server = try await RealServer.start(software, ServerOptions(versions: .only13))
    let configuration = SessionConfiguration(
      server: ServerAddress(host: "127.0.0.1", port: server.port, mode: .explicit, user: RealServer.user),
      password: Secret(server.password), trust: Answer(.accept), roots: .none)
    let session = try await FTPSession.open(configuration, on: MultiThreadedEventLoopGroup.singleton)
    let home = session.facts.home
    let sizes = [1, 0, 4096, 100, 0, 30_000, 4096, 7]
    let time = Timestamp(seconds: 1_700_000_000)
    let names = try sizes.indices.map { try FileName("small \($0)") }
    let parts = try names.map { try FileName(".\($0.text).part") }
    let sent = Results<Void>()
    try await session.store(
      count: sizes.count,
      next: { index in
        SmallUpload(
          ByteBuffer(bytes: Self.content(sizes[index], index)), temporary: home.appending(parts[index]),
          target: home.appending(names[index]), modified: time)
      }, onResult: { sent.add($0, $1) })
    #expect(sent.failures == [])
    #expect(sent.successes.count == sizes.count)

    // One that is not there and one that is too long are no reason to stop.
    var wanted = names.map { SmallDownload(home.appending($0), limit: 30_000, wantsTime: true) }
    wanted.insert(SmallDownload(home.appending(try FileName("missing")), limit: 10), at: 3)
    wanted.insert(SmallDownload(home.appending(names[5]), limit: 29_999), at: 4)
    let fetched = Results<SmallContent>()
    try await session.retrieve(wanted, onResult: { fetched.add($0, $1) })
    #expect(fetched.failures == [3, 4])
    for (index, size) in sizes.enumerated() {
      let content = fetched.successes[index < 3 ? index : index + 2]
      #expect(content.map { Array($0.bytes.readableBytesView) } == Self.content(size, index))
      #expect(content?.modified?.seconds == 1_700_000_000)
    }
    #expect(configuration.habits.answering == (software == .vsftpd ? .inTurn : .atOnce))
    #expect(try await session.status(of: home.appending(parts[0])) == nil)
    await session.quit()
    await server.stop()
  }

  private static func content(_ size: Int, _ seed: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) }
  }

  private final class Results<Value: Sendable>: Sendable {
    private let all = Mutex<[Int: Result<Value, SmallFailure>]>([:])
    func add(_ index: Int, _ result: Result<Value, SmallFailure>) { all.withLock { $0[index] = result } }
    var successes: [Int: Value] { all.withLock { $0.compactMapValues { try? $0.get() } } }
    var failures: [Int] { all.withLock { all in all.keys.filter { (try? all[$0]?.get()) == nil }.sorted() } }
  }
}

/// Gathers a listing.
final class Listed: Sendable {
  private let entries = Mutex<[ListingEntry]>([])
  func add(_ more: [ListingEntry]) { entries.withLock { $0 += more } }
  var names: [String] { entries.withLock { $0.map(\.name.text).sorted() } }
  func size(of name: String) -> Int64? { entries.withLock { $0.first { $0.name.text == name }?.size } }
}

/// Gives bytes that are in memory.
actor Buffered: ByteSource {
  private var rest: ByteBuffer
  init(_ bytes: [UInt8]) { rest = ByteBuffer(bytes: bytes) }

  func read(upTo count: Int) -> ByteBuffer? {
    rest.readableBytes == 0 ? nil : rest.readSlice(length: min(count, rest.readableBytes))
  }
}
