import FTP
import FTPSClient
import NIOPosix
import Synchronization
import SystemPackage
import TLS
import TestSupport
import Testing
import Transfers

/// Two real servers, and a queue that may let them exchange files directly, for the time of one test.
final class RealPair: SessionProvider {
  let one: RealServer
  let other: RealServer
  /// What the sessions said and heard, and the data connections that they made.
  let transcript = Lines()
  let book = SessionBook()
  private let allows: Bool
  private let stall: Duration
  private let pools = Mutex<[ServerAddress: SessionPool]>([:])

  final class Lines: Transcript {
    private let all = Mutex<[TranscriptLine]>([])
    func record(_ line: TranscriptLine) { all.withLock { $0.append(line) } }
    var lines: [TranscriptLine] { all.withLock { $0 } }
    func count(_ verb: String) -> Int { lines.count { $0.kind == .command && $0.text.hasPrefix(verb) } }
  }

  private struct AcceptAll: TrustAuthority {
    func stands(_ question: TrustQuestion) async -> Bool { true }
    func judge(_ question: TrustQuestion) async -> TrustDecision { .accept }
  }

  private init(_ one: RealServer, _ other: RealServer, allows: Bool, stall: Duration) {
    self.one = one
    self.other = other
    self.allows = allows
    self.stall = stall
  }

  static func with(
    _ one: (ServerSoftware, ServerOptions), _ other: (ServerSoftware, ServerOptions), allows: Bool = true,
    stall: Duration = .seconds(60), _ body: (RealPair, TransferQueue) async throws -> Void
  ) async throws {
    let pair = RealPair(
      try await RealServer.start(one.0, one.1), try await RealServer.start(other.0, other.1), allows: allows,
      stall: stall)
    let local = try LocalPlace(PosixFiles())
    let queue = TransferQueue(sessions: pair, disk: local.disk, journal: MemoryJournal(), jobs: 2, retries: .quick)
    var failure: (any Error)?
    do { try await body(pair, queue) } catch { failure = error }
    await queue.stop()
    for pool in pair.pools.withLock({ Array($0.values) }) { await pool.close() }
    await pair.one.stop()
    await pair.other.stop()
    #expect(try local.names() == [])
    if let failure { throw failure }
  }

  func mayExchange(_ server: ServerAddress) async -> Bool { allows }

  func pool(for server: ServerAddress) async throws -> SessionPool {
    pools.withLock { pools in
      if let pool = pools[server] { return pool }
      let password = server == address(one) ? one.password : other.password
      var configuration = SessionConfiguration(
        server: server, password: Secret(password), trust: AcceptAll(), roots: .none, timeouts: .usual,
        transcript: transcript, book: book)
      configuration.timeouts.stall = stall
      let pool = SessionPool(configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, limit: 3)
      pools[server] = pool
      return pool
    }
  }

  func address(_ server: RealServer) -> ServerAddress {
    ServerAddress(host: server.options.host, port: server.port, user: RealServer.user)
  }

  func place(_ server: RealServer) throws -> Location {
    .remote(address(server), try RemotePath(server.remotePath("").isEmpty ? "/" : server.remotePath("")))
  }

  /// Data connections that this side has made.
  var dataConnections: Int {
    book.read().flatMap(\.events).count { if case .data(_, .connecting) = $0.kind { true } else { false } }
  }

  /// Runs a batch of files of `one`, and gives the last row of each, by its name.
  func run(
    _ entries: [TransferRequest.Entry], in queue: TransferQueue, _ operation: TransferRequest.Operation = .copy,
    onConflict policy: ConflictPolicy = .overwrite, verify: Bool = false
  ) async throws -> [String: QueueSnapshot.Row] {
    let request = TransferRequest(
      from: try place(one), entries, to: try place(other), operation: operation, onConflict: policy, isAttended: false,
      verifies: verify)
    var rows: [String: QueueSnapshot.Row] = [:]
    for await event in try await queue.run(request) {
      if case .finished(let row) = event { rows[String(decoding: row.name.bytes, as: UTF8.self)] = row }
    }
    return rows
  }
}
