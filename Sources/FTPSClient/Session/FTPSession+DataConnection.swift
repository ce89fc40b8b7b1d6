import FTP
import NIOCore
import NIOPosix
import TLS
import TLSChannel

extension FTPSession {
  /// Runs one transfer: opens its data connection, has `move` move the data, and waits for the server's word.
  ///
  /// `REST` is the last command before the one that transfers (RFC 3659 section 5.3).
  ///
  /// - Returns: what `move` returned, and the server's final reply.
  /// - Throws: ``FTPSError``, or ``LocalFailure`` if `move` throws one.
  func transfer<Value>(
    _ direction: TransferExchange.Direction, _ command: Command, restart offset: Int64 = 0,
    _ move: (DataHandler) async throws -> Value
  ) async throws -> (value: Value, reply: Reply) {
    let address = try await passiveAddress()
    if offset > 0 {
      let rest = Command.rest(offset)
      let reply = try await exchange(rest)
      guard reply.code == 350 else { throw refusal(of: rest.logged, reply) }
    }
    let transfer = try begin(direction, command, at: address)
    self.transfer = transfer
    defer { self.transfer = nil }
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
    if direction == .upload { transfer.sent() }
    dataWasResumed = transfer.data.facts?.isResumed
    return (value, try await transfer.completed())
  }

  private func begin(
    _ direction: TransferExchange.Direction, _ command: Command, at address: SocketAddress
  ) throws -> Transfer {
    let timeouts = configuration.timeouts
    let isEncrypted = configuration.server.mode != .plaintext
    let tls = isEncrypted ? try dataTLS() : nil
    let transfer = try Transfer(direction, command, over: control, timeouts, isEncrypted: isEncrypted)
    let connecting = Dialer.connectData(
      to: address, within: timeouts.dataConnect, stall: timeouts.stall, on: eventLoop
    ) { [eventLoop, data = transfer.data] channel in
      eventLoop.makeCompletedFuture {
        if let tls { try channel.pipeline.syncOperations.addHandler(tls.value) }
        try channel.pipeline.syncOperations.addHandler(data)
      }
    }
    transfer.connect(connecting, host: configuration.server.host, port: address.port ?? 0)
    return transfer
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
}
