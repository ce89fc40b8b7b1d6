import NIOCore
import NIOPosix
import Synchronization
import SystemPackage
import TLS

/// What all connections of a server have in common.
final class Shared: Sendable {
  let configuration: ServerConfiguration
  let tls: TLSContext
  let folder: SharedFolder
  let log: @Sendable (ServerEvent) -> Void
  private let files: NIOThreadPool
  private let throttle: Mutex<LoginThrottle>
  private let rate: Mutex<RateLimit?>
  /// How much of a file is moved at once.
  let portion: Int

  init(
    _ configuration: ServerConfiguration, files: NIOThreadPool, log: @escaping @Sendable (ServerEvent) -> Void
  ) throws(ServerError) {
    self.configuration = configuration
    self.files = files
    self.log = log
    do {
      folder = try SharedFolder(
        configuration.root, isReadOnly: configuration.isReadOnly, umask: configuration.umask)
    } catch {
      throw .folder(configuration.root.description, error)
    }
    do {
      tls = try .server(
        identity: configuration.identity, clientCertificates: configuration.clientCertificates.policy,
        minimum: configuration.minimumTLS, maximum: configuration.maximumTLS)
    } catch {
      throw .identity(error)
    }
    let rate = configuration.limits.bytesPerSecond.map(RateLimit.init)
    portion = rate?.portion ?? 256 << 10
    self.rate = Mutex(rate)
    throttle = Mutex(LoginThrottle(delay: configuration.limits.loginDelay))
  }

  /// Runs file operations on a thread that may block.
  func run<R: Sendable>(_ body: @escaping @Sendable (SharedFolder) throws(FileError) -> R) async throws -> R {
    let folder = self.folder
    return try await files.runIfActive { try body(folder) }
  }

  /// The same, started now and awaited later.
  func start<R: Sendable>(
    on eventLoop: any EventLoop, _ body: @escaping @Sendable () throws(FileError) -> R
  ) -> EventLoopFuture<R> {
    files.runIfActive(eventLoop: eventLoop) { try body() }
  }

  /// The server's side of one connection: of a control connection, or of a data connection of the same scope.
  func makeSession(_ scope: ResumptionScope) -> TLSSession {
    TLSSession(server: tls, scope: scope, issuers: configuration.clientCertificates.judge?.authorities ?? [])
  }

  /// How long `count` bytes of a transfer must wait.
  func delay(for count: Int) -> TimeAmount {
    rate.withLock { $0?.delay(for: count, now: .now()) } ?? .zero
  }

  /// How long the answer to a wrong password must take.
  func loginFailed(from address: String) -> TimeAmount {
    throttle.withLock { $0.failed(address, now: .now()) }
  }

  func loginSucceeded(from address: String) {
    throttle.withLock { $0.succeeded(address) }
  }
}
