import FTP
import NIOCore
import TLS
import TLSChannel

/// Data connections: where they come in, and what frames each use of one.
extension ControlConnection {
  func listenExtended(_ request: Request) async throws {
    switch request.words.first {
    case "ALL":
      onlyExtended = true
      return await send(ServerReply(200, "Only EPSV from now on"))
    case nil: break
    case "1" where isIPv4, "2" where !isIPv4: break
    default: return await send(ServerReply(522, "Only the network protocol of this connection: (\(isIPv4 ? 1 : 2))"))
    }
    guard let port = try await listen() else { return }
    await send(ServerReply(229, "Come in (|||\(port)|)"))
  }

  func listenPassive() async throws {
    guard !onlyExtended else { return await send(ServerReply(503, "EPSV ALL was said")) }
    guard isIPv4, let address = channel.localAddress?.ipAddress else {
      return await send(ServerReply(425, "This connection has no IPv4 address: use EPSV"))
    }
    guard let port = try await listen() else { return }
    let numbers = address.split(separator: ".").joined(separator: ",")
    await send(ServerReply(227, "Come in (\(numbers),\(port >> 8),\(port & 255))"))
  }

  /// PORT: the client listens, and is called.
  func connectActive(_ request: Request) async throws {
    guard !onlyExtended else { return await send(ServerReply(503, "EPSV ALL was said")) }
    guard let address = ActiveAddress(port: request.argument) else {
      return await send(ServerReply(501, "PORT needs six numbers"))
    }
    try await connect(to: address)
  }

  /// EPRT.
  func connectExtended(_ request: Request) async throws {
    guard !onlyExtended else { return await send(ServerReply(503, "EPSV ALL was said")) }
    switch ActiveAddress.extended(request.argument) {
    case .address(let address): try await connect(to: address)
    case .unknownProtocol: await send(ServerReply(522, "Only the network protocols (1,2)"))
    case .malformed: await send(ServerReply(501, "EPRT needs |protocol|address|port|"))
    }
  }

  /// Only the client itself is called, and no port of the system's services: nobody is attacked through this server
  /// (RFC 2577 section 3).
  private func connect(to address: ActiveAddress) async throws {
    dataOpening?.cancel()
    dataOpening = nil
    guard await isReadyForData(withOpening: false) else { return }
    guard let target = try? SocketAddress(ipAddress: address.host, port: address.port), target.ipAddress == peer,
      address.port >= 1024
    else {
      log(.problem("A data connection was to go to \(SafeText.escape(address.host)), port \(address.port)"))
      return await send(ServerReply(501, "Data connections go only to your own address, port 1024 or higher"))
    }
    let source = try? channel.localAddress?.ipAddress.map { try SocketAddress(ipAddress: $0, port: 0) }
    let (shared, scope) = (shared, scope)
    dataOpening = DataConnector(
      to: target, from: source, eventLoop: eventLoop, stall: shared.configuration.limits.stall,
      makeSession: { shared.makeSession(scope) })
    await send(ServerReply(200, "Noted"))
  }

  private var isIPv4: Bool { channel.localAddress?.protocol == .inet }

  /// Opens a port at the address where the client has found the server; an earlier one is closed.
  private func listen() async throws -> Int? {
    dataOpening?.cancel()
    dataOpening = nil
    guard await isReadyForData(withOpening: false) else { return nil }
    guard let address = channel.localAddress?.ipAddress else { return nil }
    let shared = self.shared
    let scope = self.scope
    let number = self.number
    do {
      let opened = try await DataListener.open(
        on: address, ports: shared.configuration.passivePorts, for: peer, eventLoop: eventLoop,
        stall: shared.configuration.limits.stall,
        makeSession: { shared.makeSession(scope) },
        onForeigner: { shared.log(ServerEvent(connection: number, kind: .foreignDataConnection($0))) })
      dataOpening = opened
      return opened.port
    } catch {
      log(.problem("No port for a data connection: \(error)"))
      await send(ServerReply(425, "No port is free"))
      return nil
    }
  }

  /// Whether a data connection may be made, and a port for it is open; else the client has been told.
  func isReadyForData(withOpening: Bool = true) async -> Bool {
    if !isDataProtected {
      await send(ServerReply(521, "Data connections must be encrypted: PROT P first"))
      return false
    }
    if withOpening, dataOpening == nil {
      await send(ServerReply(425, "\(DataError.noListener)"))
      return false
    }
    return true
  }

  /// Sends `opening`, runs `body` on the client's data connection, and sends how it ended; `body` gives the text of the
  /// good end. Returns whether that was sent.
  @discardableResult
  func transfer(_ opening: ServerReply, _ body: (DataHandler) async throws -> String) async -> Bool {
    guard let dataOpening else { preconditionFailure("no way to a data connection") }
    self.dataOpening = nil
    control.onInterruption = { dataOpening.cancel() }
    defer { control.onInterruption = nil }
    await send(opening)
    let data: DataHandler
    do {
      data = try await open(dataOpening)
    } catch {
      dataOpening.cancel()
      await send(refusal(error))
      return false
    }
    do {
      let text = try await body(data)
      await send(ServerReply(226, text))
      return true
    } catch {
      data.abort(error)
      await send(failure(error))
      return false
    }
  }

  /// The client's data connection, which has proved to be the client's.
  private func open(_ dataOpening: any DataOpening) async throws -> DataHandler {
    let limits = shared.configuration.limits
    let data = try await dataOpening.connection(within: limits.handshake)
    let facts = try await data.handshake(within: limits.handshake)
    log(.dataEncrypted(facts))
    // Who proved to be somebody on the control connection must be the same here (RFC 4217 section 10.2). That is proof
    // enough, which helps clients with GnuTLS: they resume no session of TLS 1.3.
    if facts.peerChain.first != clientChain.first { throw DataError.foreignCertificate }
    if shared.configuration.requiresResumption, !facts.isResumed, clientChain.isEmpty { throw DataError.notResumed }
    return data
  }

  private func refusal(_ error: any Error) -> ServerReply {
    log(.problem("No data connection: \(error)"))
    return switch error as? DataError {
    case .noListener?, .noConnection?: ServerReply(425, "No data connection came")
    case .interrupted?: ServerReply(426, "Interrupted")
    case .notResumed?: ServerReply(522, "\(DataError.notResumed)")
    case .foreignCertificate?: ServerReply(522, "\(DataError.foreignCertificate)")
    case .handshakeTimeout?, .stalled?, nil: ServerReply(522, "The TLS handshake of the data connection failed")
    }
  }

  private func failure(_ error: any Error) -> ServerReply {
    log(.problem("The transfer failed: \(error)"))
    if let error = error as? FileError { return ServerReply(error.code == 452 ? 452 : 451, error.reason) }
    return switch error {
    case TLSError.truncated: ServerReply(426, "The data ended without the TLS closing message: not complete")
    case let error as DataError: ServerReply(426, "\(error)")
    default: ServerReply(426, "The data connection broke")
    }
  }

  func abort() async {
    dataOpening?.cancel()
    dataOpening = nil
    await send(ServerReply(226, "Nothing is being transferred"))
  }
}
