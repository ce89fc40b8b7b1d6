import FTP
package import NIOCore
package import NIOPosix
import TLS
import TLSChannel

/// A small FTPS server: one folder, over TLS only, to clients that prove that their data connections are theirs.
package actor FTPSServer {
  private let configuration: ServerConfiguration
  private let group: any EventLoopGroup
  private let files: NIOThreadPool
  private let log: @Sendable (ServerEvent) -> Void

  private var listener: (any Channel)?
  private var connections: [Int: Visit] = [:]
  private var count = 0

  private struct Visit {
    let channel: any Channel
    let address: String
    /// It is only told that there is no room.
    let isRefused: Bool
    let connection: ControlConnection
    let task: Task<Void, Never>
  }

  /// A server that does nothing yet. `log` is called from any thread.
  package init(
    _ configuration: ServerConfiguration, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    files: NIOThreadPool = .singleton, log: @escaping @Sendable (ServerEvent) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.group = group
    self.files = files
    self.log = log
  }

  /// The port that clients connect to; 0 when the server does not run.
  package var port: Int { listener?.localAddress?.port ?? 0 }

  /// How many clients are connected.
  package var clientCount: Int { connections.count }

  /// Listens until `stop`, and gives the port.
  ///
  /// Throws `ServerError`, e.g. for a port that is taken.
  @discardableResult
  package func start() async throws(ServerError) -> Int {
    precondition(listener == nil, "the server runs already")
    if configuration.mode == .plaintext { throw .plaintext }
    let shared = try Shared(configuration, files: files, log: log)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 128)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { [weak self] channel in
        channel.eventLoop.makeCompletedFuture {
          try Self.receive(channel, shared, self)
        }
      }
    do {
      let channel = try await bootstrap.bind(host: configuration.address, port: configuration.port).get()
      listener = channel
      return channel.localAddress?.port ?? 0
    } catch {
      throw .listen(address: configuration.address, port: configuration.port, error)
    }
  }

  /// Ends all connections, with a word to each client, and waits for their ends.
  package func stop() async {
    try? await listener?.close().get()
    listener = nil
    let visits = connections.values
    for visit in visits {
      visit.channel.writeAndFlush(ByteBuffer(bytes: ServerReply(421, "The server ends").encoded), promise: nil)
      visit.channel.close(promise: nil)
    }
    for visit in visits { await visit.task.value }
  }

  /// Looks again at everybody who is logged in, and ends the connections of those who may not be any more; to be called
  /// when users or decisions about certificates have changed.
  package func review() async {
    await withDiscardingTaskGroup { group in
      for visit in connections.values { group.addTask { await visit.connection.review() } }
    }
  }

  /// Builds the pipeline; runs on the channel's event loop.
  private static func receive(_ channel: any Channel, _ shared: Shared, _ server: FTPSServer?) throws {
    guard let server else { throw ChannelError.ioOnClosedChannel }
    let isImplicit = shared.configuration.mode == .implicit
    let scope = ResumptionScope()
    if isImplicit {
      let session = shared.makeSession(scope)
      try channel.pipeline.syncOperations.addHandler(TLSHandler(session: session))
    }
    let handler = ControlHandler(eventLoop: channel.eventLoop, isEncrypted: isImplicit)
    try channel.pipeline.syncOperations.addHandler(handler)
    let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    Task { await server.admit(channel, bound, scope, shared) }
  }

  private func admit(
    _ channel: any Channel, _ handler: NIOLoopBound<ControlHandler>, _ scope: ResumptionScope, _ shared: Shared
  ) {
    let limits = configuration.limits
    guard listener != nil else { return channel.close(promise: nil) }
    let address = channel.remoteAddress?.ipAddress ?? ""
    let (guests, refused) = (connections.values.filter { !$0.isRefused }, connections.values.filter(\.isRefused))
    var refusal: ServerReply?
    if guests.count >= limits.connections {
      refusal = ServerReply(421, "Too many connections")
    } else if guests.count(where: { $0.address == address }) >= limits.connectionsPerAddress {
      refusal = ServerReply(421, "Too many connections from your address")
    }
    // To say that there is no room takes room too, but none that others could have.
    let hasRoomToSay =
      refused.count < limits.connections
      && refused.count(where: { $0.address == address }) < limits.connectionsPerAddress
    if refusal != nil, !hasRoomToSay { return channel.close(promise: nil) }
    count += 1
    let number = count
    let connection = ControlConnection(channel, handler: handler, scope: scope, number: number, shared: shared)
    let task = Task {
      await connection.run(refusal: refusal)
      left(number)
    }
    connections[number] = Visit(
      channel: channel, address: address, isRefused: refusal != nil, connection: connection, task: task)
  }

  private func left(_ number: Int) {
    connections[number] = nil
  }
}
