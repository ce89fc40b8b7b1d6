import NIOCore
import NIOPosix
import TLS
import TLSChannel

/// Opens the one data connection that comes next, to where the client listens (active mode). The client is the client of
/// TLS all the same (RFC 4217 section 7), so that it must resume its session here too.
final class DataConnector: DataOpening {
  private let address: SocketAddress
  /// The address where the client has found the server: it expects to be called from there.
  private let source: SocketAddress?
  private let eventLoop: any EventLoop
  private let stall: TimeAmount
  private let makeSession: () -> TLSSession
  private var handler: DataHandler?
  private var isCancelled = false

  init(
    to address: SocketAddress, from source: SocketAddress?, eventLoop: any EventLoop, stall: TimeAmount,
    makeSession: @escaping () -> TLSSession
  ) {
    self.address = address
    self.source = source
    self.eventLoop = eventLoop
    self.stall = stall
    self.makeSession = makeSession
  }

  func connection(within time: TimeAmount) async throws(DataError) -> DataHandler {
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    var bootstrap = ClientBootstrap(group: eventLoop)
      .connectTimeout(time)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.recvAllocator, value: DataListener.allocator)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try bound.value.receive(channel) }
      }
    if let source { bootstrap = bootstrap.bind(to: source) }
    do {
      _ = try await bootstrap.connect(to: address).get()
    } catch {
      throw isCancelled ? .interrupted : .noConnection
    }
    guard !isCancelled, let handler else { throw .interrupted }
    return handler
  }

  private func receive(_ channel: any Channel) throws {
    guard !isCancelled else { throw DataError.interrupted }
    let handler = DataHandler(eventLoop: channel.eventLoop, stall: stall)
    try channel.pipeline.syncOperations.addHandlers([TLSHandler(session: makeSession()), handler])
    self.handler = handler
  }

  func cancel() {
    isCancelled = true
    handler?.abort(DataError.interrupted)
  }
}
