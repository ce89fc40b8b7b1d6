import FTP
import Glibc
import NIOCore
import NIOPosix

/// Makes TCP connections within a deadline.
enum Dialer {
  /// Room for one read from a socket: large enough that a fast data connection costs few wake-ups.
  private static let receiveSize = 256 << 10

  private static let keepIdle = NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPIDLE))
  private static let keepInterval = NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPINTVL))

  /// Connects to a host by name; all its addresses are tried as RFC 8305 has it.
  ///
  /// The look-up runs on a thread of its own. Cancelling the task gives up the wait; a connection that still comes
  /// about is closed.
  static func connect(
    host: String, port: Int, within limit: Duration, on eventLoop: any EventLoop,
    initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) async throws -> any Channel {
    let bootstrap = ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(limit))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      // NAT boxes forget connections that are silent while a long transfer runs beside them.
      .channelOption(ChannelOptions.Types.SocketOption(level: .tcp, name: keepIdle), value: 30)
      .channelOption(ChannelOptions.Types.SocketOption(level: .tcp, name: keepInterval), value: 10)
      .channelInitializer(initializer)
    return try await give(bootstrap.connect(host: host, port: port), on: eventLoop, within: limit)
  }

  /// Begins a data connection to an address; the caller waits for the future.
  static func connectData(
    to address: SocketAddress, within limit: Duration, on eventLoop: any EventLoop,
    initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(limit))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.autoRead, value: false)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: receiveSize))
      .channelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
      .channelInitializer(initializer)
      .connect(to: address)
  }

  /// Waits for a connection, but not longer than its task lives.
  private static func give(
    _ connecting: EventLoopFuture<any Channel>, on eventLoop: any EventLoop, within limit: Duration
  ) async throws -> any Channel {
    let promise = eventLoop.makePromise(of: (any Channel).self)
    let deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) {
      promise.fail(ChannelError.connectTimeout(TimeAmount(limit)))
    }
    connecting.cascade(to: promise)
    return try await withTaskCancellationHandler {
      do {
        let channel = try await promise.futureResult.get()
        deadline.cancel()
        return channel
      } catch {
        deadline.cancel()
        connecting.whenSuccess { $0.close(promise: nil) }
        throw error
      }
    } onCancel: {
      promise.fail(FTPSError.cancelled)
    }
  }
}
