import NIOCore
import NIOPosix
import TLS

/// Finds out whether a port answers to TLS: says a ClientHello on a connection of its own, and looks at nothing but the
/// first bytes that come back.
///
/// The handshake goes no further, so no certificate is accepted and nothing is told.
///
/// `@unchecked Sendable`: only touched on its channel's event loop.
final class TLSProbe: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let session: TLSSession
  private let onTLS: @Sendable () -> Void
  private var heard = ByteBuffer()

  private init(_ session: TLSSession, onTLS: @escaping @Sendable () -> Void) {
    self.session = session
    self.onTLS = onTLS
  }

  /// Calls `onTLS` on the event loop if the far end answers with a TLS record within `limit`; otherwise never.
  static func start(
    at address: SocketAddress, serverName: String, _ context: TLSContext, within limit: Duration,
    on eventLoop: any EventLoop, onTLS: @escaping @Sendable () -> Void
  ) {
    let probe = TLSProbe(TLSSession(client: context, serverName: serverName), onTLS: onTLS)
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(limit))
      .channelInitializer { $0.pipeline.addHandler(probe) }
      .connect(to: address)
      .whenSuccess { channel in
        let deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in deadline.cancel() }
      }
  }

  func channelActive(context: ChannelHandlerContext) {
    _ = try? session.handshake()
    var hello = ByteBuffer()
    session.withPendingCiphertext { _ = hello.writeBytes($0) }
    context.writeAndFlush(wrapOutboundOut(hello), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    heard.writeBuffer(&bytes)
    guard let type: UInt8 = heard.getInteger(at: 0), let version: UInt8 = heard.getInteger(at: 1) else { return }
    // A handshake or an alert of any version (RFC 8446 section 5.1).
    if type == 0x16 || type == 0x15, version == 3 { onTLS() }
    context.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
