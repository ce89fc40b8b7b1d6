import FTP
import NIOCore
import TLS
import TLSChannel

/// One client: reads its commands one after another and answers each. Runs on its channel's event loop.
actor ControlConnection {
  nonisolated let eventLoop: any EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

  let shared: Shared
  let channel: any Channel
  private let handler: NIOLoopBound<ControlHandler>
  let number: Int
  /// The client's IP address.
  let peer: String
  /// Whose TLS sessions the data connections must resume.
  let scope: ResumptionScope

  var login: LoginState
  /// What the client was let in with.
  var proof = LoginProof()
  /// What the client showed in the handshake, its own certificate first; it has proved that it holds the key.
  private(set) var clientChain: [Certificate] = []
  var directory = RemotePath.root
  var hasBufferSize = false
  /// PROT P was said.
  var isDataProtected: Bool
  /// The facts that MLSD and MLST tell.
  var facts = ListedFacts.all
  /// What HASH computes.
  var hash = HashAlgorithm.sha256
  /// Where the next transfer starts (REST).
  var restart: Int64 = 0
  var renameSource: RemotePath?
  /// How the next transfer gets its data connection.
  var dataOpening: (any DataOpening)?
  var onlyExtended = false
  private var isLeaving = false
  /// When somebody must have logged in.
  private let loginDeadline: NIODeadline

  /// Commands between which a REST still counts: some clients ask for the port after it.
  private static let keepsRestart: Set<String> = ["REST", "EPSV", "PASV", "TYPE", "RETR", "STOR"]

  init(
    _ channel: any Channel, handler: NIOLoopBound<ControlHandler>, scope: ResumptionScope, number: Int, shared: Shared
  ) {
    self.channel = channel
    self.handler = handler
    self.scope = scope
    self.number = number
    self.shared = shared
    eventLoop = channel.eventLoop
    loginDeadline = .now() + shared.configuration.limits.login
    peer = channel.remoteAddress?.ipAddress ?? ""
    let isImplicit = shared.configuration.mode == .implicit
    login = LoginState(isEncrypted: isImplicit)
    // Implicit TLS had encrypted data before there was a PROT command.
    isDataProtected = isImplicit
  }

  var control: ControlHandler { handler.value }

  /// Serves the client until one side leaves. A server that has no room sends `refusal` and nothing else.
  func run(refusal: ServerReply? = nil) async {
    log(.connected(channel.remoteAddress?.text ?? "unknown"))
    if case .implicit = shared.configuration.mode, await !awaitHandshake() { isLeaving = true }
    if let refusal {
      await send(refusal)
      isLeaving = true
    }
    if !isLeaving { await send(ServerReply(220, shared.configuration.greeting)) }
    while !isLeaving { await serveNext() }
    dataOpening?.cancel()
    try? await channel.close().get()
    log(.disconnected)
  }

  /// Says `reply` as the last one.
  func leave(_ reply: ServerReply) async {
    await send(reply)
    isLeaving = true
  }

  private func serveNext() async {
    let idle = shared.configuration.limits.idle
    let time = login.isLoggedIn ? idle : min(idle, max(loginDeadline - .now(), .zero))
    switch await control.next(within: time) {
    case .line(let line):
      guard let request = Request(line) else { return await send(ServerReply(500, "This is no command")) }
      log(.command(request.logged))
      if !Self.keepsRestart.contains(request.verb) { restart = 0 }
      if request.verb != "RNTO" { renameSource = nil }
      await answer(request)
    case .lineTooLong: await leave(ServerReply(500, "No command is that long"))
    case .timeout: await leave(ServerReply(421, "No command came for too long"))
    case .encrypted: break
    case .closed(let error):
      if let error { log(.problem("The control connection failed: \(error)")) }
      isLeaving = true
    }
  }

  /// Waits for the handshake of the control connection. False when it failed.
  func awaitHandshake() async -> Bool {
    switch await control.next(within: shared.configuration.limits.handshake) {
    case .encrypted(let facts):
      log(.encrypted(facts))
      clientChain = facts.peerChain
      return true
    case .closed(let error):
      log(.problem("The TLS handshake failed" + (error.map { ": \($0)" } ?? "")))
    case .line, .lineTooLong, .timeout: log(.problem("The TLS handshake took too long"))
    }
    isLeaving = true
    return false
  }

  /// Sends a reply; a client that does not read its replies is cut off.
  func send(_ reply: ServerReply) async {
    log(.reply(reply.logged))
    let channel = self.channel
    let alarm = eventLoop.scheduleTask(in: shared.configuration.limits.reply) { channel.close(promise: nil) }
    try? await channel.writeAndFlush(ByteBuffer(bytes: reply.encoded)).get()
    alarm.cancel()
  }

  /// The path that an argument means; without an argument the current folder.
  func path(_ argument: [UInt8]) throws -> RemotePath {
    try directory.resolving(argument)
  }

  func log(_ kind: ServerEvent.Kind) {
    shared.log(ServerEvent(connection: number, kind: kind))
  }
}
