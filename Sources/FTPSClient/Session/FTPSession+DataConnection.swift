import FTP
import NIOCore
import NIOPosix
import TLS
import TLSChannel

extension FTPSession {
  /// A data connection with the command that it serves under way.
  struct RunningTransfer {
    let data: DataHandler
    let pending: PendingReply
  }

  /// Opens a data connection and sends the command that uses it.
  ///
  /// The command goes out while the connection is being made, and TLS starts only after it: some servers take a
  /// handshake before the command for an attack (proftpd 1.3.7). `REST` is the last command before it (RFC 3659
  /// section 5.3).
  func startTransfer(_ command: Command, restart offset: Int64 = 0) async throws -> RunningTransfer {
    let address = try await passiveAddress()
    if offset > 0 {
      let reply = try await exchange(.rest(offset))
      guard reply.code == 350 else { throw refusal(of: "REST \(offset)", reply) }
    }
    let data = DataHandler(
      eventLoop: eventLoop, stall: configuration.timeouts.stall, isEncrypted: configuration.server.mode != .plaintext)
    self.data = data
    let tls = try configuration.server.mode == .plaintext ? nil : dataTLS()
    let connecting = Dialer.connectData(
      to: address, within: configuration.timeouts.dataConnect, on: eventLoop
    ) { [eventLoop] channel in
      eventLoop.makeCompletedFuture {
        if let tls { try channel.pipeline.syncOperations.addHandler(tls.value) }
        try channel.pipeline.syncOperations.addHandler(data)
      }
    }
    let pending = try control.send(command)
    pending.onFinalReply = { [farewell = configuration.timeouts.farewell] reply in
      let refused = !reply.isCompletion
      data.expectEnd(
        within: farewell,
        else: refused ? .dataConnection("the server ended it") : .dataConnection("it did not end with the transfer"))
    }
    do {
      _ = try await connecting.get()
    } catch {
      let reason = FTPSError(connecting: error, to: SafeText.escape(configuration.server.host), port: address.port ?? 0)
      throw await dataFailure(.dataConnection(reason.reason), pending)
    }
    let first = try await reply(to: pending, within: configuration.timeouts.reply)
    guard first.isPreliminary || first.isCompletion else {
      drop(data)
      throw refusal(of: command.logged, first)
    }
    if !first.isPreliminary { pending.received(first) }
    do {
      try await recognise(data)
    } catch {
      throw await dataFailure(FTPSError(dataChannelError: error), pending)
    }
    return RunningTransfer(data: data, pending: pending)
  }

  /// Ends a transfer whose data are complete on our side: waits for the reply that says the same of the server's.
  func completeTransfer(_ transfer: RunningTransfer, _ command: Command) async throws -> Reply {
    let reply = try await finalReply(to: transfer.pending)
    drop(transfer.data)
    guard reply.isCompletion else { throw refusal(of: command.logged, reply) }
    return reply
  }

  /// The error of a transfer whose data connection failed, after the server has had a short while to give its reason.
  ///
  /// A cancelled transfer is aborted (RFC 959 `ABOR`), so that the session can go on where the server plays along.
  func dataFailure(_ error: FTPSError, _ pending: PendingReply) async -> FTPSError {
    if let data { drop(data, because: error) }
    let limit = configuration.timeouts.farewell
    do {
      if error == .cancelled {
        let abort = try control.send(.abor)
        _ = try await drain(pending, within: limit)
        _ = try await drain(abort, within: limit)
        return .cancelled
      }
      let reply = try await drain(pending, within: limit)
      guard !reply.isCompletion else { return error }
      // 522: the server wanted the session resumed (vsftpd); a fresh session has fresh tickets.
      return reply.code == 522 ? .dataConnection(SafeText.escape(reply.text)) : refusal(of: pending.command, reply)
    } catch {
      return error == .cancelled ? .cancelled : self.control.failure ?? error
    }
  }

  private func drain(_ pending: PendingReply, within limit: Duration) async throws(FTPSError) -> Reply {
    do {
      while true {
        let reply = try await reply(to: pending, within: limit)
        if !reply.isPreliminary { return reply }
      }
    } catch {
      throw FTPSError(channelError: error)
    }
  }

  private func drop(_ data: DataHandler, because reason: FTPSError = .dataConnection("it has ended")) {
    data.fail(reason)
    if self.data === data { self.data = nil }
  }

  // MARK: Address

  /// Where to connect: always the host of the control connection; what a 227 says of another one is not followed
  /// (RFC 2577 section 3; the FTP bounce and its kin).
  private func passiveAddress() async throws -> SocketAddress {
    var peer = peer
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

  private func parse<Value>(_ body: () throws(FTPError) -> Value) throws(FTPSError) -> Value {
    do { return try body() } catch { throw .malformed(error) }
  }

  // MARK: TLS of the data connection

  private func dataTLS() throws -> NIOLoopBound<TLSHandler> {
    let leaf = facts.tls?.peerChain.first
    guard let context else { throw FTPSError.dataConnection("the session has no TLS") }
    let session = TLSSession(
      client: context, serverName: configuration.server.host, ticket: tickets.take(), tickets: tickets)
    let handler = TLSHandler(session: session) { chain, _ in
      // Not resumed: then it has to be the same certificate, to the byte (RFC 4217 section 10.2).
      chain.first == leaf && leaf != nil
    }
    return NIOLoopBound(handler, eventLoop: eventLoop)
  }

  /// Waits for the handshake and makes sure that the far end is the one of the control connection.
  private func recognise(_ data: DataHandler) async throws {
    let deadline = eventLoop.scheduleTask(in: TimeAmount(configuration.timeouts.handshake)) {
      data.fail(.timeout("the TLS handshake of the data connection"))
    }
    defer { deadline.cancel() }
    try await data.handshakeCompleted()
    guard let facts = data.facts else { return }
    if facts.isResumed {
      hasResumed = true
    } else if facts.peerChain.first != self.facts.tls?.peerChain.first {
      throw FTPSError.foreignDataConnection
    }
  }
}
