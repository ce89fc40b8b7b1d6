package import FTP
import NIOCore

/// A session's part in a data connection between its server and another one.
extension FTPSession {
  /// What the other server's session has to know of this one.
  package nonisolated var fxpParty: FXPParty {
    FXPParty(mode: configuration.server.mode, features: facts.features, host: peer.hostBytes)
  }

  /// How long nothing may move in a transfer.
  package nonisolated var stallLimit: Duration { configuration.timeouts.stall }

  /// Has the server wait for another one, and says where: at the address that the control connection has, whatever a
  /// 227 states (RFC 2577 section 3).
  ///
  /// - Parameter negotiation: how the server is made the TLS client; nil where it is to be the TLS server.
  func awaitServer(_ negotiation: FXPRoute.Negotiation?) async throws -> SocketAddress {
    try await operation {
      // A port that was asked for ahead is one for this machine.
      portAhead = nil
      try await setServerTLSClient(negotiation == .sscn)
      guard negotiation == .cpsv else { return try await passiveAddress() }
      let reply = try await require(.cpsv)
      var address = peer
      address.port = try parse { () throws(FTPError) in try PassiveAddress.port(reply).port }
      return address
    }
  }

  /// Tells the server to connect to another one with its next transfer.
  ///
  /// - Parameters:
  ///   - address: where the other one waits.
  ///   - isTLSClient: whether it is to be the TLS client; by SSCN.
  func sendServer(to address: SocketAddress, isTLSClient: Bool) async throws {
    try await operation {
      portAhead = nil
      try await setServerTLSClient(isTLSClient)
      guard let host = address.hostBytes, let text = address.ipAddress, let port = address.port else {
        throw FTPSError.dataConnection("the other server has no address")
      }
      let reply = try await exchange(.eprt(address: text, port: port))
      if reply.isCompletion { return }
      // 500...502: it may only know the older command (RFC 959 section 4.2.1); it may also mean that address.
      guard host.count == 4, 500...502 ~= reply.code else { throw refusal(of: "EPRT", reply) }
      try await require(.port(host: host, port: port))
    }
  }

  /// Begins the transfer that the last two have prepared. Of none of it any byte comes here.
  ///
  /// `REST` is the last command before it (RFC 3659 section 5.3).
  ///
  /// - Parameter report: told of each reply, on the session's event loop; of nil once none comes any more.
  func beginFXP(
    _ command: Command, restart offset: Int64, report: @escaping @Sendable (Reply?) -> Void
  ) async throws {
    try await operation {
      if offset > 0 {
        let rest = Command.rest(offset)
        let reply = try await exchange(rest)
        guard reply.code == 350 else { throw refusal(of: rest.logged, reply) }
      }
      let pending = try control.send(command, .transfer)
      control.flush()
      pending.observe { event in
        switch event {
        case .reply(let reply): report(reply)
        case .lost: report(nil)
        }
      }
    }
  }

  /// Tells the server to stop what ``beginFXP(_:restart:report:)`` has begun.
  func abortFXP() { _ = try? control.send(.abor) }

  /// Lets nobody use the session any more. Its end is an orderly one where the server has answered everything.
  func spend(because reason: FTPSError?) {
    isSpent = true
    if let reason { control.fail(reason) }
  }

  /// A line of the log that is neither command nor reply.
  package func remark(_ text: String) { control.recorder.line(.status, text) }

  /// Makes the server the TLS client of its data connections, or the TLS server, which it is for everybody else.
  func setServerTLSClient(_ isClient: Bool) async throws {
    guard isServerTLSClient != isClient else { return }
    // Until the reply is there, nobody knows.
    isServerTLSClient = true
    let command = Command.sscn(isClient: isClient)
    let reply = try await exchange(command)
    guard reply.isCompletion else {
      // One that stays a TLS client is of no use to anybody.
      if !isClient { isSpent = true } else { isServerTLSClient = false }
      throw isClient ? refusal(of: command.logged, reply) : .unexpectedReply(command: command.logged, reply)
    }
    isServerTLSClient = isClient
  }
}
