import NIOCore
import NIOPosix
import Synchronization
import TestSupport

@testable import Transfers

/// Stands between a client and a real server on loopback, and spoils connections at random points.
///
/// It listens on the server's ports, control and passive, at another loopback address: the client, which connects data
/// to wherever its control connection goes, never leaves it.
final class CuttingProxy: Sendable {
  enum Fault: CaseIterable {
    /// Both sides are closed in order, below TLS.
    case cut
    /// Both sides are reset.
    case reset
    /// Nothing goes through any more, and nobody is told.
    case stall
  }

  /// What happens to connections from now on.
  struct Plan {
    /// Of a hundred data connections, so many are spoilt.
    var dataPercent = 0
    var controlPercent = 0
    /// Every fault is a stall of which the server never hears, after so many bytes.
    var stallsAfter: Int?
  }

  static let host = "127.0.0.2"

  private struct State {
    var plan = Plan()
    var random: SeededRandom
    var played: [Fault: Int] = [:]
    var onControl = 0
  }

  private let state: Mutex<State>
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let listeners = Mutex<[any Channel]>([])

  init(seed: UInt64) { state = Mutex(State(random: SeededRandom(seed: seed))) }

  /// Listens, and passes everything on to the server.
  func start(before server: RealServer) async throws {
    for port in [server.port] + Array(server.passivePorts) {
      let bootstrap = ServerBootstrap(group: group)
        .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(ChannelOptions.autoRead, value: false)
        .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
        .childChannelInitializer { [self] channel in connect(channel, to: port, isControl: port == server.port) }
      let listener = try await bootstrap.bind(host: Self.host, port: port).get()
      listeners.withLock { $0.append(listener) }
    }
  }

  func stop() async throws {
    for listener in listeners.withLock({ $0 }) { try await listener.close() }
    try await group.shutdownGracefully()
  }

  func change(_ plan: Plan) { state.withLock { $0.plan = plan } }

  /// Faults that were played, and how many of them on control connections.
  var played: (faults: [Fault: Int], onControl: Int) { state.withLock { ($0.played, $0.onControl) } }

  private func connect(_ client: any Channel, to port: Int, isControl: Bool) -> EventLoopFuture<Void> {
    let isHeard = state.withLock { $0.plan.stallsAfter == nil }
    let link = Link(draw(isControl: isControl), isHeard: isHeard) { [self] fault in
      state.withLock { state in
        state.played[fault, default: 0] += 1
        if isControl { state.onControl += 1 }
      }
    }
    // The one thread of the group: both ends are on one event loop.
    return ClientBootstrap(group: client.eventLoop)
      .channelOption(ChannelOptions.autoRead, value: false)
      .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port)
      .flatMapThrowing { server in
        link.ends = [client, server]
        try client.pipeline.syncOperations.addHandler(Relay(to: server, link))
        try server.pipeline.syncOperations.addHandler(Relay(to: client, link))
      }
      .flatMapErrorThrowing { _ in client.close(promise: nil) }
  }

  private func draw(isControl: Bool) -> (Fault, Int)? {
    state.withLock { state in
      let plan = state.plan
      let percent = isControl ? plan.controlPercent : plan.dataPercent
      guard Int.random(in: 0..<100, using: &state.random) < percent else { return nil }
      if let bytes = plan.stallsAfter { return (.stall, bytes) }
      // As often after a few bytes, in the handshake, as after a mebibyte.
      let scale = 1 << Int.random(in: 6...(isControl ? 14 : 20), using: &state.random)
      let bytes = Int.random(in: 0..<scale, using: &state.random)
      // Who waits for nothing takes as long as the client's patience: a few of those are enough.
      let number = Int.random(in: 0..<30, using: &state.random)
      return (number == 0 ? .stall : number < 16 ? .cut : .reset, bytes)
    }
  }

  /// Two ends of one connection; on their event loop only.
  private final class Link: @unchecked Sendable {
    var ends: [any Channel] = []
    private(set) var isOver = false
    private var left: (fault: Fault, bytes: Int)?
    /// Whether the server hears of a stall in the end.
    private let isHeard: Bool
    private let onFault: (Fault) -> Void

    init(_ fault: (Fault, Int)?, isHeard: Bool, _ onFault: @escaping (Fault) -> Void) {
      left = fault.map { (fault: $0.0, bytes: $0.1) }
      self.isHeard = isHeard
      self.onFault = onFault
    }

    /// What still goes through of bytes that have come; the fault is played after them.
    func passing(_ bytes: ByteBuffer) -> ByteBuffer? {
      if isOver { return nil }
      guard let left else { return bytes }
      guard bytes.readableBytes > left.bytes else {
        self.left?.bytes -= bytes.readableBytes
        return bytes
      }
      isOver = true
      return bytes.getSlice(at: bytes.readerIndex, length: left.bytes)
    }

    func play() {
      guard isOver, let fault = left?.fault else { return }
      left = nil
      onFault(fault)
      if fault == .stall {
        if !isHeard { return }
        // The server finds out in the end. Until then vsftpd keeps a lock on what is uploaded, against everybody.
        let server = ends[1]
        _ = server.eventLoop.scheduleTask(in: .seconds(2)) { server.close(promise: nil) }
        return
      }
      for end in ends {
        if fault == .reset {
          _ = (end as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            .map { end.close(promise: nil) }
        } else {
          end.close(promise: nil)
        }
      }
    }
  }

  private final class Relay: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let link: Link

    init(to other: any Channel, _ link: Link) {
      self.other = other
      self.link = link
    }

    // The server's end is connected by then, the client's is not active yet.
    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { context.read() } }
    func channelActive(context: ChannelHandlerContext) { context.read() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard let bytes = link.passing(unwrapInboundIn(data)) else { return }
      let channel = context.channel
      other.writeAndFlush(bytes).whenComplete { [link] _ in
        link.play()
        if !link.isOver { channel.read() }
      }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .inputClosed? = event as? ChannelEvent, !link.isOver { other.close(mode: .output, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
