import FTP
import FTPSServer
import NIOCore
import Synchronization
import SystemPackage
import TLS
import TestSupport

/// A server with a folder of its own, on a free port, for the time of one test.
struct TestServer: Sendable {
  let folder: TemporaryFolder
  let port: Int
  let events: Events
  private let server: FTPSServer

  /// What the server told.
  final class Events: Sendable {
    private let all = Mutex<[ServerEvent]>([])

    func add(_ event: ServerEvent) {
      all.withLock { $0.append(event) }
    }

    func count(where isWanted: (ServerEvent.Kind) -> Bool) -> Int {
      all.withLock { events in events.count { isWanted($0.kind) } }
    }
  }

  /// A server that is not as the others.
  struct Plan: Sendable {
    let change: @Sendable (inout ServerConfiguration) -> Void

    /// Runs `body` against the server, and stops it afterwards.
    func with(_ body: (TestServer) async throws -> Void) async throws {
      try await TestServer.run(change, body)
    }
  }

  static func changed(_ change: @escaping @Sendable (inout ServerConfiguration) -> Void) -> Plan {
    Plan(change: change)
  }

  /// Runs `body` against a server that lets "ada" in with "lovelace", and stops it afterwards.
  static func with(_ body: (TestServer) async throws -> Void) async throws {
    try await run({ _ in }, body)
  }

  private static func run(
    _ change: (inout ServerConfiguration) -> Void, _ body: (TestServer) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder("server")
    var configuration = ServerConfiguration(
      root: try folder.makeFolder("root"), identity: try identity.get(),
      login: SingleLogin(user: "ada", password: Secret("lovelace")))
    configuration.limits.loginDelay = .milliseconds(1)
    configuration.limits.closing = .seconds(2)
    change(&configuration)
    let events = Events()
    let server = FTPSServer(configuration, log: events.add)
    let port = try await server.start()
    let test = TestServer(folder: folder, port: port, events: events, server: server)
    do {
      try await body(test)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  var root: FilePath { folder.appending("root") }

  var clientCount: Int {
    get async { await server.clientCount }
  }

  func review() async { await server.review() }

  /// One for all tests: making keys takes time.
  static let identity = Result {
    let key = try PrivateKey.generate(.ecP256)
    let certificate = try SelfSignedCertificate.make(
      key: key, commonName: "test", names: ServerIdentity.localNames, days: 1, purpose: .server)
    return try Identity(chain: [certificate], key: key)
  }

  /// Reproducible bytes without a short period. Made in words, for tests are not optimised and share two threads.
  static func content(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count + 8) { buffer, initialized in
      let memory = UnsafeMutableRawBufferPointer(buffer)
      var offset = 0
      while offset < count {
        memory.storeBytes(of: UInt64(offset) &* 0x9E37_79B9_7F4A_7C15, toByteOffset: offset, as: UInt64.self)
        offset += 8
      }
      initialized = count
    }
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try folder.write(bytes, to: "root/" + name)
  }

  /// The bytes of a file in the root, nil where there is none.
  func read(_ name: String) throws -> [UInt8]? {
    do {
      let file = try FileDescriptor.open(root.appending(name), .readOnly)
      return try file.closeAfter {
        let size = Int(try file.seek(offset: 0, from: .end))
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
          count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
      }
    } catch Errno.noSuchFileOrDirectory {
      return nil
    }
  }
}
