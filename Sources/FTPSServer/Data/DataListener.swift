import NIOCore
import NIOPosix
import TLS
import TLSChannel

/// Waits on a port for the one data connection that comes next, and only from the client itself.
final class DataListener: DataOpening {
  private let channel: any Channel
  private let reception: Reception

  let port: Int

  /// What the listening socket and the one who waits share, on one event loop.
  private final class Reception {
    let peer: String?
    var makeSession: () -> TLSSession
    var handler: DataHandler?
    let signal: Signal
    let onForeigner: (String) -> Void

    init(
      peer: String?, eventLoop: any EventLoop, makeSession: @escaping () -> TLSSession,
      onForeigner: @escaping (String) -> Void
    ) {
      signal = Signal(eventLoop: eventLoop)
      self.peer = peer
      self.makeSession = makeSession
      self.onForeigner = onForeigner
    }
  }

  private struct Refused: Error {}

  /// How much is read from a socket at once.
  static var allocator: AdaptiveRecvByteBufferAllocator {
    AdaptiveRecvByteBufferAllocator(minimum: 4 << 10, initial: 64 << 10, maximum: 256 << 10)
  }

  /// Listens on `address`, on a port of `ports` that is free. Only `peer`, an IP address, is let in.
  static func open(
    on address: String, ports: ClosedRange<Int>?, for peer: String?, eventLoop: any EventLoop, stall: TimeAmount,
    makeSession: @escaping () -> TLSSession, onForeigner: @escaping (String) -> Void
  ) async throws -> DataListener {
    let reception = Reception(
      peer: peer, eventLoop: eventLoop, makeSession: makeSession, onForeigner: onForeigner)
    let bound = NIOLoopBound(reception, eventLoop: eventLoop)
    let bootstrap = ServerBootstrap(group: eventLoop)
      .serverChannelOption(.backlog, value: 4)
      // A port of a small range must be usable again at once.
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.recvAllocator, value: allocator)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          try Self.receive(child, bound.value, stall)
        }
      }
    let channel = try await bind(bootstrap, address, ports)
    return DataListener(channel: channel, reception: reception)
  }

  private static func bind(
    _ bootstrap: ServerBootstrap, _ address: String, _ ports: ClosedRange<Int>?
  ) async throws -> any Channel {
    guard let ports else { return try await bootstrap.bind(host: address, port: 0).get() }
    // A random start, so that the next port cannot be guessed.
    let start = Int.random(in: ports)
    var problem: any Error = ChannelError.operationUnsupported
    for port in Array(start...ports.upperBound) + Array(ports.lowerBound..<start) {
      do {
        return try await bootstrap.bind(host: address, port: port).get()
      } catch {
        problem = error
      }
    }
    throw problem
  }

  private init(channel: any Channel, reception: Reception) {
    self.channel = channel
    self.reception = reception
    port = channel.localAddress?.port ?? 0
  }

  private static func receive(_ child: any Channel, _ reception: Reception, _ stall: TimeAmount) throws {
    guard let address = child.remoteAddress?.ipAddress, address == reception.peer else {
      reception.onForeigner(child.remoteAddress?.text ?? "unknown")
      throw Refused()
    }
    guard reception.handler == nil else { throw Refused() }
    let handler = DataHandler(eventLoop: child.eventLoop, stall: stall)
    try child.pipeline.syncOperations.addHandlers([TLSHandler(session: reception.makeSession()), handler])
    reception.handler = handler
    reception.signal.raise()
  }

  /// The connection of the client; after it nobody is let in any more.
  func connection(within time: TimeAmount) async throws(DataError) -> DataHandler {
    defer { close() }
    if reception.handler == nil { _ = await reception.signal.wait(before: .now() + time) }
    guard let handler = reception.handler else { throw .noConnection }
    return handler
  }

  /// Listens no more. A connection that has come stays.
  func close() {
    channel.close(promise: nil)
    reception.signal.raise()
  }

  /// Listens no more, and drops a connection that has come and was not used.
  func cancel() {
    close()
    reception.handler?.abort(DataError.interrupted)
  }
}

extension SocketAddress {
  /// "127.0.0.1:21"
  var text: String { "\(ipAddress ?? "?"):\(port ?? 0)" }
}
