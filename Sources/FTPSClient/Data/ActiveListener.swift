import Glibc
import NIOCore
import NIOPosix

/// Waits for the one data connection that the server makes to this machine (active mode, RFC 959 section 3.3).
///
/// It listens on the address that the control connection has here, so that it can be reached from nowhere else than the
/// server can be; whoever else comes is turned away before a byte is read.
struct ActiveListener: Sendable {
  /// Sets up a connection; nil: nobody may come yet, or any more.
  private typealias Initializer = @Sendable (any Channel) -> EventLoopFuture<Void>

  /// Where the server is to connect to.
  let address: SocketAddress
  private let listening: any Channel
  private let promise: EventLoopPromise<any Channel>
  private let initializer: NIOLoopBoundBox<Initializer?>

  /// Begins to listen; on the event loop. Connections wait until ``accept(within:initializer:)``.
  ///
  /// - Parameters:
  ///   - local: the address of the control connection here; its port is not used.
  ///   - server: the far end of the control connection.
  static func open(
    on local: SocketAddress, for server: SocketAddress, stall: Duration, eventLoop: any EventLoop
  ) async throws(FTPSError) -> ActiveListener {
    var local = local
    local.port = 0
    let promise = eventLoop.makePromise(of: (any Channel).self)
    let waiting = NIOLoopBoundBox<Initializer?>(nil, eventLoop: eventLoop)
    let bootstrap = ServerBootstrap(group: eventLoop)
      .serverChannelOption(.backlog, value: 4)
      .serverChannelOption(.autoRead, value: false)
      .childChannelInitializer { channel in
        guard let initializer = waiting.value, let peer = channel.remoteAddress, peer.isSameHost(as: server) else {
          channel.close(promise: nil)
          return channel.eventLoop.makeSucceededVoidFuture()
        }
        waiting.value = nil
        do { try Dialer.prepare(channel, stall: stall) } catch { return channel.eventLoop.makeFailedFuture(error) }
        return initializer(channel).map { promise.succeed(channel) }
      }
    do {
      let listening = try await bootstrap.bind(to: local).get()
      guard let address = listening.localAddress else { throw FTPSError.dataConnection("this machine has no address") }
      return ActiveListener(address: address, listening: listening, promise: promise, initializer: waiting)
    } catch {
      promise.fail(error)
      throw .dataConnection("this machine cannot wait for it: \(FTPSError(dataChannelError: error).reason)")
    }
  }

  /// Lets the server in; on the event loop.
  ///
  /// - Parameter limit: how long the server may take.
  /// - Returns: the server's connection, which `initializer` has set up.
  func accept(
    within limit: Duration, initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> EventLoopFuture<any Channel> {
    self.initializer.value = initializer
    let deadline = listening.eventLoop.scheduleTask(in: TimeAmount(limit)) { [promise] in
      promise.fail(ChannelError.connectTimeout(TimeAmount(limit)))
    }
    promise.futureResult.whenComplete { _ in deadline.cancel() }
    listening.setOption(.autoRead, value: true).whenFailure { [promise] in promise.fail($0) }
    return promise.futureResult
  }

  /// Nobody is waited for any more. The server's connection, if it is there, stays; it could not be taken over from a
  /// socket that has closed, so this comes last.
  func close() {
    promise.fail(FTPSError.dataConnection("it was given up"))
    listening.close(promise: nil)
  }
}

extension SocketAddress {
  /// Whether both are addresses of one host, whatever their ports; a mapped IPv4 address is that address.
  func isSameHost(as other: SocketAddress) -> Bool {
    guard let mine = hostBytes, let others = other.hostBytes else { return false }
    return mine == others
  }

  /// The address alone: 4 bytes, or 16.
  var hostBytes: [UInt8]? {
    guard let text = ipAddress?.prefix(while: { $0 != "%" }) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, String(text), &bytes) == 1 { return Array(bytes[..<4]) }
    guard inet_pton(AF_INET6, String(text), &bytes) == 1 else { return nil }
    let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    return isMapped ? Array(bytes[12...]) : bytes
  }
}
