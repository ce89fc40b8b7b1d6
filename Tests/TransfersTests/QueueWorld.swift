import FTP
import FTPSClient
import FTPSServer
import NIOCore
import NIOPosix
import Storage
import Synchronization
import SystemPackage
import TLS
import TestSupport
import Testing
import Transfers

/// A server with files, a folder here, and a queue between them, for the time of one test.
final class QueueWorld: Sendable {
  let remote: TemporaryFolder
  let local: LocalPlace
  let queue: TransferQueue
  let address: ServerAddress
  let provider: TestProvider
  /// The server's log of commands, as the client sent them.
  let commands: Log

  final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    private let hook = Mutex<(@Sendable (String, Int) -> Void)?>(nil)

    /// Calls `body` before the server does what a command says, with how many commands of that verb there were before.
    func before(_ body: @escaping @Sendable (_ line: String, _ earlier: Int) -> Void) { hook.withLock { $0 = body } }

    func add(_ line: String) {
      let earlier = count(String(line.prefix { $0 != " " }))
      hook.withLock { $0 }?(line, earlier)
      lines.withLock { $0.append(line) }
    }
    func count(_ verb: String) -> Int { lines.withLock { $0.count { $0.hasPrefix(verb) } } }
    var all: [String] { lines.withLock { $0 } }
  }

  private init(
    remote: TemporaryFolder, local: LocalPlace, queue: TransferQueue, address: ServerAddress, provider: TestProvider,
    commands: Log
  ) {
    self.remote = remote
    self.local = local
    self.queue = queue
    self.address = address
    self.provider = provider
    self.commands = commands
  }

  /// Runs `body` in a new world, and ends the queue, the sessions and the server after it.
  static func with(
    files: any LocalFiles = PosixFiles(), journal: any TransferJournal = MemoryJournal(), jobs: Int = 3,
    retries: RetryPolicy = .quick, newFolderTime: Duration = .seconds(30), timeouts: Timeouts = .usual,
    pacer: (any Pacer)? = nil,
    _ change: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (QueueWorld) async throws -> Void
  ) async throws {
    let remote = try TemporaryFolder("remote")
    var configuration = ServerConfiguration(
      root: remote.path, identity: try identity.get(), login: SingleLogin(user: "ada", password: Secret("lovelace")))
    configuration.limits.loginDelay = .milliseconds(1)
    configuration.limits.closing = .seconds(2)
    change(&configuration)
    let commands = Log()
    let server = FTPSServer(configuration) { event in
      if case .command(let text) = event.kind { commands.add(text) }
    }
    let port = try await server.start()
    let address = ServerAddress(host: "127.0.0.1", port: port, user: "ada")
    let provider = TestProvider(limit: jobs + 1, timeouts: timeouts, pacer: pacer)
    let local = try LocalPlace(files)
    let queue = TransferQueue(
      sessions: provider, disk: local.disk, journal: journal, jobs: jobs, retries: retries,
      newFolderTime: newFolderTime)
    let world = QueueWorld(
      remote: remote, local: local, queue: queue, address: address, provider: provider, commands: commands)
    var failure: (any Error)?
    do { try await body(world) } catch { failure = error }
    await queue.stop()
    await provider.close()
    await server.stop()
    if let failure { throw failure }
  }

  static let identity = Result {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(
      key: key, commonName: "test", names: ServerIdentity.localNames, days: 1, purpose: .server)
    return try Identity(chain: [certificate], key: key)
  }

  /// The folder of the server, as a place of the queue.
  func there(_ path: String = "/") throws -> Location { .remote(address, try RemotePath(path)) }
  /// The folder here.
  func here(_ relative: String = "") -> Location {
    .local(relative.isEmpty ? local.folder.path : local.folder.appending(relative))
  }

  /// Runs a batch and waits for its end; gives what became of each item, by its path below the source.
  @discardableResult
  func run(
    _ entries: [TransferRequest.Entry], from source: Location, to target: Location,
    _ operation: TransferRequest.Operation = .copy, onConflict policy: ConflictPolicy = .ask, attended: Bool = false,
    verify: Bool = false
  ) async throws -> [String: ItemState] {
    let request = TransferRequest(
      from: source, entries, to: target, operation: operation, onConflict: policy, isAttended: attended,
      verifies: verify)
    return await results(try await queue.run(request))
  }

  func results(_ events: AsyncStream<TransferEvent>) async -> [String: ItemState] {
    var states: [String: ItemState] = [:]
    for await event in events {
      if case .finished(let row) = event { states[String(decoding: row.source.path, as: UTF8.self)] = row.state }
    }
    return states
  }
}

extension RetryPolicy {
  /// For tests: as often, but without long waits.
  static let quick = {
    var policy = RetryPolicy()
    policy.first = .milliseconds(10)
    policy.longest = .milliseconds(50)
    return policy
  }()
}

/// Pools with one password for all servers.
final class TestProvider: SessionProvider {
  private struct AcceptAll: TrustAuthority {
    func stands(_ question: TrustQuestion) async -> Bool { true }
    func judge(_ question: TrustQuestion) async -> TrustDecision { .accept }
  }

  private let limit: Int
  private let pools = Mutex<[ServerAddress: SessionPool]>([:])
  private let password = Mutex<Secret?>(Secret("lovelace"))

  private let timeouts: Timeouts

  private let pacer: (any Pacer)?

  init(limit: Int, timeouts: Timeouts = .usual, pacer: (any Pacer)? = nil) {
    self.pacer = pacer
    self.limit = limit
    self.timeouts = timeouts
  }

  /// Another password from now on; nil: it is not known.
  func setPassword(_ text: String?) {
    password.withLock { $0 = text.map { Secret($0) } }
    pools.withLock { $0 = [:] }
  }

  func pool(for server: ServerAddress) async throws -> SessionPool {
    guard let password = password.withLock({ $0 }) else { throw TransferError.credentialsNeeded(server) }
    return pools.withLock { pools in
      if let pool = pools[server] { return pool }
      let configuration = SessionConfiguration(
        server: server, password: password, trust: AcceptAll(), timeouts: timeouts, pacer: pacer)
      let pool = SessionPool(
        configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, limit: limit)
      pools[server] = pool
      return pool
    }
  }

  func close() async {
    for pool in pools.withLock({ Array($0.values) }) { await pool.close() }
  }
}

extension Timeouts {
  static let usual = {
    var timeouts = Timeouts()
    timeouts.connect = .seconds(5)
    return timeouts
  }()

  /// For servers that are not expected to say anything.
  static let patient = {
    var timeouts = Timeouts()
    timeouts.silence = .seconds(60)
    timeouts.greeting = .seconds(60)
    return timeouts
  }()

  /// For servers that fall silent again and again.
  static let impatient = {
    var timeouts = Timeouts()
    timeouts.connect = .seconds(2)
    timeouts.greeting = .seconds(2)
    timeouts.silence = .seconds(2)
    timeouts.handshake = .seconds(2)
    timeouts.reply = .seconds(2)
    timeouts.dataConnect = .seconds(2)
    timeouts.goAhead = .seconds(1)
    timeouts.stall = .seconds(1)
    timeouts.farewell = .milliseconds(500)
    return timeouts
  }()
}
