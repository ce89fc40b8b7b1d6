import FTP
import NIOCore
import NIOPosix
import Synchronization
import TLS
import TLSChannel

/// The way from nothing to a logged-in session, step by step, on the event loop of the connection.
actor Opening {
  let number: Int
  let configuration: SessionConfiguration
  let eventLoop: any EventLoop
  let control: ControlHandler
  let tickets = TicketStore()
  let peer: SocketAddress
  /// The TLS settings that the data connections share.
  private(set) var context: TLSContext?
  private var handshakeDeadline: Scheduled<Void>?
  private var wasAsked = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }
  private var timeouts: Timeouts { configuration.timeouts }

  private static let counter = Atomic<Int>(0)

  private init(
    number: Int, configuration: SessionConfiguration, eventLoop: any EventLoop, control: ControlHandler,
    peer: SocketAddress
  ) {
    self.number = number
    self.configuration = configuration
    self.eventLoop = eventLoop
    self.control = control
    self.peer = peer
  }

  static func open(_ configuration: SessionConfiguration, on group: any EventLoopGroup) async throws -> FTPSession {
    do {
      return try await attempt(configuration, on: group)
    } catch let error as ClosedWhileAsking {
      // The server grew tired while a person read its certificate. The answer is known now, so the second attempt
      // does not ask again.
      guard error.wasAccepted else { throw error.underlying }
      return try await attempt(configuration, on: group)
    }
  }

  /// The connection ended before the handshake did, and a person had been asked meanwhile.
  private struct ClosedWhileAsking: Error {
    var underlying: FTPSError
    var wasAccepted: Bool
  }

  private static func attempt(
    _ configuration: SessionConfiguration, on group: any EventLoopGroup
  ) async throws -> FTPSession {
    let number = counter.add(1, ordering: .relaxed).newValue
    let eventLoop = group.next()
    let transcript = configuration.transcript
    let record: @Sendable (TranscriptLine.Kind, String) -> Void = { kind, text in
      transcript?.record(TranscriptLine(session: number, kind: kind, text: text))
    }
    let server = configuration.server
    record(.status, "Connecting to \(SafeText.escape(server.host)) port \(server.port)")
    let control = ControlHandler(eventLoop: eventLoop, record: record)
    let channel: any Channel
    do {
      channel = try await Dialer.connect(
        host: server.host, port: server.port, within: configuration.timeouts.connect, on: eventLoop
      ) { channel in
        channel.pipeline.addHandler(control)
      }
    } catch {
      let error = FTPSError(connecting: error, to: server.host, port: server.port)
      record(.error, "\(error)")
      throw error
    }
    guard let peer = channel.remoteAddress else {
      throw try await eventLoop.submit { control.failure }.get() ?? .closed("the connection closed at once")
    }
    let opening = Opening(
      number: number, configuration: configuration, eventLoop: eventLoop, control: control, peer: peer)
    return try await withTaskCancellationHandler {
      do {
        return try await opening.run()
      } catch {
        throw await opening.abandon(FTPSError(channelError: error), record)
      }
    } onCancel: {
      eventLoop.execute { control.fail(.cancelled) }
    }
  }

  private func run() async throws -> FTPSession {
    if Task.isCancelled { throw FTPSError.cancelled }
    if configuration.server.mode == .implicit { try await secure(firstBytesAreOurs: true) }
    let greeting = try await greet()
    if configuration.server.mode == .explicit {
      try await requestTLS()
      try await secure(firstBytesAreOurs: false)
    }
    try await logIn()
    if configuration.server.mode != .plaintext { try await protectData() }
    return try await learn(greeting: greeting)
  }

  private func abandon(_ error: FTPSError, _ record: (TranscriptLine.Kind, String) -> Void) -> any Error {
    handshakeDeadline?.cancel()
    control.fail(error)
    record(.error, "\(error)")
    if case .closed = error, wasAsked, control.facts == nil {
      return ClosedWhileAsking(underlying: error, wasAccepted: wasAccepted)
    }
    return error
  }

  // MARK: Greeting and TLS

  private func greet() async throws -> Reply {
    let port = configuration.server.port
    while true {
      let reply = try await control.greeting.next(within: timeouts.greeting, on: eventLoop) { [control] in
        control.fail(.silentPort(port))
      }
      // 120: ready in n minutes; the final 220 follows on the same connection.
      if reply.isPreliminary { continue }
      if reply.code == 220 { return reply }
      if reply.code == 421 || reply.saysTooManyConnections { throw FTPSError.tooManyConnections(reply) }
      throw FTPSError.notFTP(greeting: SafeText.escape(reply.text))
    }
  }

  private func requestTLS() async throws {
    // AUTH SSL only where TLS itself is unknown (RFC 4217 section 2, RFC 2228).
    for mechanism in [Command.SecurityMechanism.tls, .ssl] {
      let reply = try await exchange(.auth(mechanism))
      if reply.code == 234 || reply.code == 334 { return }
      if mechanism == .ssl || !reply.isPermanentFailure { throw FTPSError.tlsRefused(reply) }
    }
  }

  private func secure(firstBytesAreOurs: Bool) async throws {
    let server = configuration.server
    let context = try TLSContexts.client(for: configuration)
    let session = TLSSession(client: context, serverName: server.host, tickets: tickets)
    self.context = context
    let handler = TLSHandler(session: session) { [self] chain, facts in
      await judge(chain, facts)
    }
    if firstBytesAreOurs { try control.startImplicitTLS(handler) } else { try control.startTLS(handler) }
    startHandshakeDeadline()
    let facts: TLSFacts
    do {
      facts = try await control.handshakeCompleted()
    } catch {
      if firstBytesAreOurs, case FTPSError.tls(.notTLS) = error {
        throw FTPSError.notImplicitTLS(firstBytes: "plain text")
      }
      throw rejection ?? error
    }
    handshakeDeadline?.cancel()
    configuration.transcript?.record(
      TranscriptLine(session: number, kind: .status, text: "\(facts.version) with \(facts.cipher)"))
  }

  private var rejection: FTPSError?
  private var wasAccepted: Bool { wasAsked && rejection == nil && answered }
  private var answered = false

  /// Asks for trust while the handshake is paused; the time that takes is not the server's.
  private func judge(_ chain: [Certificate], _ facts: TLSFacts) async -> Bool {
    handshakeDeadline?.cancel()
    guard !chain.isEmpty else {
      rejection = .certificateRejected("the server showed no certificate")
      return false
    }
    let server = configuration.server
    let problems = ChainCheck.problems(of: chain, host: server.host, at: now(), roots: configuration.roots)
    wasAsked = true
    let decision = await configuration.trust.judge(
      TrustQuestion(
        server: server, chain: chain, problems: problems, tlsVersion: facts.version, cipher: facts.cipher))
    answered = true
    switch decision {
    case .accept:
      startHandshakeDeadline()
      return true
    case .reject(let reason):
      rejection = .certificateRejected(reason)
      return false
    }
  }

  private func startHandshakeDeadline() {
    handshakeDeadline?.cancel()
    handshakeDeadline = eventLoop.scheduleTask(in: TimeAmount(timeouts.handshake)) { [control] in
      control.fail(.timeout("the TLS handshake"))
    }
  }

  // MARK: Login and capabilities

  private func logIn() async throws {
    let user = configuration.server.user ?? "anonymous"
    var reply = try await exchange(.user(user))
    if reply.code == 331 {
      reply = try await exchange(.pass(configuration.password ?? Secret("")))
    }
    // 232: the client certificate was enough (RFC 4217 section 12); 202: no password needed.
    if reply.isCompletion { return }
    if reply.code == 421 || reply.saysTooManyConnections { throw FTPSError.tooManyConnections(reply) }
    throw FTPSError.loginRefused(reply)
  }

  private func protectData() async throws {
    // RFC 4217 section 9: PBSZ has to come before PROT, and its only sensible value is 0.
    for command in [Command.pbsz, .prot(.private)] {
      let reply = try await exchange(command)
      guard reply.isCompletion else { throw FTPSError.protectionRefused(reply) }
    }
  }

  private func learn(greeting: Reply) async throws -> FTPSession {
    let clock = ContinuousClock()
    let start = clock.now
    let features = Features(try await exchange(.feat))
    let roundTrip = clock.now - start
    if features.utf8 { _ = try await exchange(.opts(.utf8)) }
    let type = try await exchange(.type(.image))
    guard type.isCompletion else { throw FTPSError.refused(command: "TYPE I", type) }
    let home = try await exchange(.pwd)
    guard home.isCompletion else { throw FTPSError.refused(command: "PWD", home) }
    let path: RemotePath
    do { path = try PathReply.path(in: home) } catch { throw FTPSError.malformed(error) }
    return FTPSession(
      opening: self, context: context,
      facts: SessionFacts(
        greeting: SafeText.escape(greeting.text), features: features, tls: control.facts, home: path,
        roundTrip: roundTrip))
  }

  private func exchange(_ command: Command) async throws -> Reply {
    let pending = try control.send(command)
    while true {
      let reply = try await pending.next(within: timeouts.reply, on: eventLoop) {
        [control, command = pending.command] in
        control.fail(.timeout("the reply to \(command)"))
      }
      if !reply.isPreliminary { return reply }
    }
  }
}
