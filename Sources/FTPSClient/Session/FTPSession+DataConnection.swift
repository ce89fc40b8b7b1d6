import FTP
import NIOCore
import NIOPosix
import TLS
import TLSChannel

extension FTPSession {
  /// How long a port that was asked for ahead is used.
  private static let portLifetime = TimeAmount.seconds(10)

  /// Runs one transfer: opens its data connection, has `move` move the data, and waits for the server's word.
  ///
  /// `REST` is the last command before the one that transfers (RFC 3659 section 5.3).
  ///
  /// - Parameters:
  ///   - questions: commands that are worth asking once the transfer is over. Where the server answers in turn they go
  ///     out behind the transfer's own command, so that their replies come together with its end.
  ///   - isFollowed: whether another transfer is expected soon: then its port is asked for in the same way.
  /// - Returns: what `move` returned, the server's final reply, and where the replies to the questions arrive.
  /// - Throws: ``FTPSError``, or ``LocalFailure`` if `move` throws one.
  func transfer<Value>(
    _ direction: TransferExchange.Direction, _ command: Command, restart offset: Int64 = 0,
    asking questions: [Command] = [], isFollowed: Bool = false, _ move: (DataHandler) async throws -> Value
  ) async throws -> (value: Value, reply: Reply, answers: [PendingReply]) {
    let habits = configuration.habits
    try await setServerTLSClient(false)
    let route = try await dataRoute()
    defer { if case .active(let listener) = route { listener.close() } }
    if offset > 0 {
      let rest = Command.rest(offset)
      let reply = try await exchange(rest)
      guard reply.code == 350 else { throw refusal(of: rest.logged, reply) }
      isRestartLeft = true
    } else if isRestartLeft {
      // vsftpd forgets the offset of a transfer that it has refused with the next one only, which would begin there.
      _ = try await exchange(.rest(0))
      isRestartLeft = false
    }
    let following = questions + (isFollowed && usesExtendedPassive && !configuration.isActive ? [.epsv] : [])
    let answering = habits.answering
    let behind: [Command] =
      switch answering {
      case .inTurn: following
      // Harmless everywhere, and its reply tells whether others may follow.
      case .unknown: isFollowed ? [.noop] : []
      case .atOnce: []
      }
    let endsEarly = direction != .upload && habits.takesEarlyEnd
    let transfer = try begin(direction, command, behind: behind, endsEarly: endsEarly, by: route)
    self.transfer = transfer
    defer { self.transfer = nil }
    let value: Value
    let reply: Reply
    do {
      (value, reply) = try await run(transfer, move) {
        // All of a download is here: nobody looks at the control connection for its sake any more.
        if answering != .inTurn, direction != .upload { try transfer.send(following) }
      }
    } catch {
      if transfer.behind.contains(where: \.cameEarly) { habits.learn(.atOnce) }
      if endsEarly, let error = error as? FTPSError, error.isOfDataConnection { habits.learnRefusedEarlyEnd() }
      throw error
    }
    isRestartLeft = false
    dataWasResumed = transfer.data.facts?.isResumed
    if answering != .inTurn, direction == .upload { try transfer.send(following) }
    var answers = transfer.behind
    if answering == .unknown, !behind.isEmpty { learn(from: answers.removeFirst(), moved: transfer.data.hasMoved) }
    if answers.count > questions.count, let port = answers.popLast() { portAhead = (port, .now()) }
    if transfer.behind.contains(where: \.cameEarly) { habits.learn(.atOnce) }
    return (value, reply, answers)
  }

  private func run<Value>(
    _ transfer: Transfer, _ move: (DataHandler) async throws -> Value, _ moved: () throws -> Void
  ) async throws -> (Value, Reply) {
    try await transfer.started()
    let value: Value
    do {
      value = try await move(transfer.data)
    } catch let error as LocalFailure {
      transfer.cancel()
      _ = try? await transfer.completed()
      throw Task.isCancelled ? FTPSError.cancelled : error
    } catch {
      let error = FTPSError(dataChannelError: error)
      transfer.failed(error)
      _ = try await transfer.completed()
      throw error
    }
    if transfer.direction == .upload { transfer.sent() }
    try moved()
    return (value, try await transfer.completed())
  }

  /// A command that asks for nothing was sent behind a transfer. Where nothing moved, nothing showed.
  private func learn(from probe: PendingReply, moved: Bool) {
    let habits = configuration.habits
    probe.whenAnswered { isEarly in
      if isEarly { habits.learn(.atOnce) } else if moved { habits.learn(.inTurn) }
    }
  }

  private func begin(
    _ direction: TransferExchange.Direction, _ command: Command, behind: [Command], endsEarly: Bool,
    by route: DataRoute
  ) throws -> Transfer {
    let timeouts = configuration.timeouts
    let isEncrypted = configuration.server.mode != .plaintext
    let tls = isEncrypted ? try dataTLS(endsEarly: endsEarly, awaitsData: direction == .upload) : nil
    dataConnections += 1
    let transfer = try Transfer(
      direction, command, behind: behind, over: control, timeouts, isEncrypted: isEncrypted, number: dataConnections)
    let setUp: @Sendable (any Channel) -> EventLoopFuture<Void> = { [eventLoop, data = transfer.data] channel in
      eventLoop.makeCompletedFuture {
        // Whoever connects, this side is the client of TLS (RFC 4217 section 7).
        if let tls { try channel.pipeline.syncOperations.addHandler(tls.value) }
        try channel.pipeline.syncOperations.addHandler(data)
      }
    }
    let host = configuration.server.host
    switch route {
    case .passive(let address):
      let connecting = Dialer.connectData(
        to: address, within: timeouts.dataConnect, stall: timeouts.stall, on: eventLoop, initializer: setUp)
      transfer.connect(connecting, host: host, port: address.port ?? 0)
    case .active(let listener):
      transfer.connect(
        listener.accept(within: timeouts.dataConnect, initializer: setUp), host: host, port: listener.address.port ?? 0)
    }
    return transfer
  }

  // MARK: Address

  /// How the two ends of a data connection find each other.
  private enum DataRoute {
    /// This machine connects to the server.
    case passive(SocketAddress)
    /// The server connects to this machine.
    case active(ActiveListener)
  }

  private func dataRoute() async throws -> DataRoute {
    configuration.isActive ? .active(try await activeListener()) : .passive(try await passiveAddress())
  }

  /// Waits for the server, and tells it where: at the address that it knows this machine by already.
  private func activeListener() async throws -> ActiveListener {
    guard let local = control.localAddress else { throw FTPSError.closed("the connection is closed") }
    let listener = try await ActiveListener.open(
      on: local, for: peer, stall: configuration.timeouts.stall, eventLoop: eventLoop)
    do {
      try await announce(listener.address)
      return listener
    } catch {
      listener.close()
      throw error
    }
  }

  private func announce(_ address: SocketAddress) async throws {
    guard let host = address.hostBytes, let text = address.ipAddress, let port = address.port else {
      throw FTPSError.dataConnection("this machine has no address")
    }
    if usesExtendedPort {
      let reply = try await exchange(.eprt(address: text, port: port))
      if reply.isCompletion { return }
      guard reply.isPermanentFailure, host.count == 4 else { throw refusal(of: "EPRT", reply) }
      usesExtendedPort = false
    }
    guard host.count == 4 else { throw FTPSError.dataConnection("the server takes no EPRT, which IPv6 needs") }
    try await require(.port(host: host, port: port))
  }

  /// Where to connect: always the host of the control connection; what a 227 says of another one is not followed
  /// (RFC 2577 section 3; the FTP bounce and its kin).
  func passiveAddress() async throws -> SocketAddress {
    var peer = peer
    if let reply = try await replyAhead(), let port = try? PassiveAddress.extendedPort(reply) {
      peer.port = port
      return peer
    }
    if usesExtendedPassive {
      let reply = try await exchange(.epsv)
      if reply.isCompletion {
        peer.port = try parse { () throws(FTPError) in try PassiveAddress.extendedPort(reply) }
        return peer
      }
      guard reply.isPermanentFailure, peer.protocol == .inet else { throw refusal(of: "EPSV", reply) }
      usesExtendedPassive = false
    }
    let reply = try await require(.pasv)
    peer.port = try parse { () throws(FTPError) in try PassiveAddress.port(reply).port }
    return peer
  }

  /// The answer to an `EPSV` that was sent ahead, if it is worth anything: a server need not keep a port open for long
  /// that nobody comes to.
  private func replyAhead() async throws(FTPSError) -> Reply? {
    guard let ahead = portAhead else { return nil }
    portAhead = nil
    guard .now() - ahead.asked < Self.portLifetime else { return nil }
    let reply = try await control.finalReply(to: ahead.reply, within: configuration.timeouts.reply)
    return reply.isCompletion ? reply : nil
  }

  func parse<Value>(_ body: () throws(FTPError) -> Value) throws(FTPSError) -> Value {
    do { return try body() } catch { throw .malformed(error) }
  }

  // MARK: TLS of the data connection

  private func dataTLS(endsEarly: Bool, awaitsData: Bool) throws -> NIOLoopBound<TLSHandler> {
    let leaf = facts.tls?.peerChain.first
    guard let context else { throw FTPSError.dataConnection("the session has no TLS") }
    let session = TLSSession(
      client: context, serverName: configuration.server.host, ticket: tickets.take(), tickets: tickets)
    let handler = TLSHandler(session: session, endsOutputAtOnce: endsEarly, awaitsData: awaitsData) { chain, _ in
      // Not resumed: then it has to be the same certificate, to the byte (RFC 4217 section 10.2).
      chain.first == leaf && leaf != nil
    }
    return NIOLoopBound(handler, eventLoop: eventLoop)
  }
}

extension FTPSError {
  /// The data connection broke, which an end of our half may have been the reason for.
  fileprivate var isOfDataConnection: Bool {
    switch self {
    case .truncated, .dataConnection: true
    case .refused(_, let reply): 425...426 ~= reply.code
    default: false
    }
  }
}
