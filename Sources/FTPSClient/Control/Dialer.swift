import FTP
import Glibc
import NIOCore
import NIOPosix

/// Makes TCP connections within a deadline.
enum Dialer {
  private static let keepIdle = NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPIDLE))
  private static let keepInterval = NIOBSDSocket.Option(rawValue: CInt(TCP_KEEPINTVL))
  private static let userTimeout = NIOBSDSocket.Option(rawValue: CInt(TCP_USER_TIMEOUT))

  /// Connects to a host by name; all its addresses are tried as RFC 8305 has it, and `handler` gets the connection
  /// that comes about. Nothing is read from it before the handler asks for it.
  ///
  /// The look-up runs on a thread of its own. Cancelling the task gives up the wait; a connection that still comes
  /// about is closed.
  static func connect(
    host: String, port: Int, within limit: Duration, handler: ControlHandler
  ) async throws -> any Channel {
    let eventLoop = handler.eventLoop
    let connecting = ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(limit))
      .channelOption(.autoRead, value: false)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      // NAT boxes forget connections that are silent while a long transfer runs beside them.
      .channelOption(ChannelOptions.Types.SocketOption(level: .tcp, name: keepIdle), value: 30)
      .channelOption(ChannelOptions.Types.SocketOption(level: .tcp, name: keepInterval), value: 10)
      .connect(host: host, port: port)
    return try await give(connecting, on: eventLoop, within: limit) { channel in
      try channel.pipeline.syncOperations.addHandler(handler)
    }
  }

  /// Begins a data connection to an address; its handlers hear of what becomes of it, and the future tells why it does
  /// not come about.
  ///
  /// - Parameter stall: how long the far end may leave bytes unconfirmed, or take none (RFC 5482): the system ends the
  ///   connection then, which knows better than anybody above it whether an upload moves.
  static func connectData(
    to address: SocketAddress, within limit: Duration, stall: Duration, on eventLoop: any EventLoop,
    initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(limit))
      .channelInitializer { channel in
        do { try prepare(channel, stall: stall) } catch { return channel.eventLoop.makeFailedFuture(error) }
        return initializer(channel)
      }
      .connect(to: address)
  }

  /// What data connections have in common, whoever makes them; on the event loop, before anything can come.
  ///
  /// One by one and at once, not by way of a bootstrap: there a future for each option costs more than the option.
  static func prepare(_ channel: any Channel, stall: Duration) throws {
    guard let options = channel.syncOptions else { preconditionFailure("a socket's options can be set at once") }
    try options.setOption(
      ChannelOptions.Types.SocketOption(level: .tcp, name: userTimeout), value: Int(stall / .milliseconds(1)))
    try options.setOption(.tcpOption(.tcp_nodelay), value: 1)
    try options.setOption(.autoRead, value: false)
    try options.setOption(.allowRemoteHalfClosure, value: true)
    try options.setOption(.recvAllocator, value: DataReceiveAllocator())
    try options.setOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
  }

  /// Waits for a connection, but not longer than its task lives, and sets it up before anything can happen on it.
  private static func give(
    _ connecting: EventLoopFuture<any Channel>, on eventLoop: any EventLoop, within limit: Duration,
    setUp: @escaping @Sendable (any Channel) throws -> Void
  ) async throws -> any Channel {
    let promise = eventLoop.makePromise(of: (any Channel).self)
    let deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) {
      promise.fail(ChannelError.connectTimeout(TimeAmount(limit)))
    }
    connecting.flatMapThrowing { channel in
      try setUp(channel)
      return channel
    }.cascade(to: promise)
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
