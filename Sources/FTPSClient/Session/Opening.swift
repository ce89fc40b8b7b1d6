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
  /// Whether keys may be offered in that group alone which the server is known to take.
  private let offersKnownGroup: Bool
  /// The TLS settings that the data connections share.
  private(set) var context: TLSContext?
  var handshakeDeadline: Scheduled<Void>?
  /// What was sent before its turn.
  private var askedAhead: [(command: Command, reply: PendingReply)] = []
  /// The control connection's TLS, which knows what the server asked for.
  private(set) var handshake: TLSSession?
  /// The group that keys were offered in, if it was only one.
  private var offeredGroup: Int32?
  /// The server has said something after the handshake: it takes our side of that.
  private(set) var isHeardInTLS = false
  /// The question about the server's certificate.
  var trust: TrustDialogue

  nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }
  var timeouts: Timeouts { configuration.timeouts }

  private static let counter = Atomic<Int>(0)

  private init(
    number: Int, configuration: SessionConfiguration, accepted: Certificate?, offersKnownGroup: Bool,
    control: ControlHandler, peer: SocketAddress
  ) {
    self.number = number
    self.configuration = configuration
    self.eventLoop = control.eventLoop
    self.control = control
    self.peer = peer
    self.offersKnownGroup = offersKnownGroup
    self.trust = TrustDialogue(accepted: accepted)
  }

  static func open(_ configuration: SessionConfiguration, on group: any EventLoopGroup) async throws -> FTPSession {
    try checkIdentity(configuration.identity)
    do {
      let session = try await openConnection(configuration, on: group)
      await tell(configuration, .success(session))
      return session
    } catch {
      await tell(configuration, .failure(error))
      throw error
    }
  }

  private static func openConnection(
    _ configuration: SessionConfiguration, on group: any EventLoopGroup
  ) async throws -> FTPSession {
    do {
      return try await openKeepingAnswer(configuration, on: group)
    } catch is LostAhead {
      // It has not answered what was sent ahead of its turn, and is asked one by one now.
      return try await openKeepingAnswer(configuration, on: group)
    }
  }

  /// The connection ended before the server had answered all that this attempt sent ahead of its turn. Whatever ends an
  /// attempt otherwise is not tried once more: a password that is refused would be sent twice.
  private struct LostAhead: Error {}

  private static func openKeepingAnswer(
    _ configuration: SessionConfiguration, on group: any EventLoopGroup
  ) async throws -> FTPSession {
    do {
      return try await attempt(configuration, accepted: nil, on: group)
    } catch let loss as LostWhileAsking {
      // The server grew tired while a person read its certificate. The answer is known now, and is not asked for again.
      do {
        return try await attempt(configuration, accepted: loss.accepted, on: group)
      } catch let loss as LostWhileAsking {
        throw loss.underlying
      }
    }
  }

  /// The connection ended while a person was asked about this certificate, who has accepted it by now.
  private struct LostWhileAsking: Error {
    var underlying: FTPSError
    var accepted: Certificate
  }

  private static func attempt(
    _ configuration: SessionConfiguration, accepted: Certificate?, on group: any EventLoopGroup
  ) async throws -> FTPSession {
    do {
      return try await connect(configuration, accepted: accepted, offersKnownGroup: true, on: group)
    } catch is KeyGroupRefused {
      return try await connect(configuration, accepted: accepted, offersKnownGroup: false, on: group)
    }
  }

  /// The group that the last session's keys were agreed on in is not taken any more: the server's settings have changed.
  private struct KeyGroupRefused: Error {}

  private static func connect(
    _ configuration: SessionConfiguration, accepted: Certificate?, offersKnownGroup: Bool, on group: any EventLoopGroup
  ) async throws -> FTPSession {
    let number = counter.add(1, ordering: .relaxed).newValue
    let eventLoop = group.next()
    let recorder = SessionRecorder(number: number, configuration)
    let server = configuration.server
    recorder.line(.status, "Connecting to \(SafeText.escape(server.host)) port \(server.port)")
    recorder.event(.connecting)
    let control = ControlHandler(eventLoop: eventLoop, recorder: recorder)
    let peer: SocketAddress
    do {
      let channel = try await Dialer.connect(
        host: server.host, port: server.port, within: configuration.timeouts.connect, handler: control)
      guard let address = channel.remoteAddress else {
        throw FTPSError.unreachable(host: server.host, port: server.port, reason: "the connection closed at once")
      }
      peer = address
      recorder.event(.connected(address: address.ipAddress ?? "", port: address.port ?? server.port))
    } catch {
      let error = FTPSError(connecting: error, to: server.host, port: server.port)
      recorder.line(.error, "\(error)")
      recorder.event(.ended("\(error)", inOrder: false))
      throw error
    }
    let opening = Opening(
      number: number, configuration: configuration, accepted: accepted, offersKnownGroup: offersKnownGroup,
      control: control, peer: peer)
    return try await withTaskCancellationHandler {
      do {
        return try await opening.run()
      } catch {
        let isLostAhead = await opening.learnFromLoss(FTPSError(channelError: error))
        let error = await opening.abandon(opening.explained(FTPSError(channelError: error)))
        if await opening.isKeyGroupRefused(error) { throw KeyGroupRefused() }
        guard let accepted = try await opening.answerAfterLoss(error) else {
          if isLostAhead { throw LostAhead() }
          throw error
        }
        throw LostWhileAsking(underlying: error, accepted: accepted)
      }
    } onCancel: {
      eventLoop.execute { opening.assumeIsolated { $0.cancel() } }
    }
  }

  private func run() async throws -> FTPSession {
    if Task.isCancelled { throw FTPSError.cancelled }
    if configuration.server.mode == .implicit { try await secure(isImplicit: true) } else { control.startReading() }
    let greeting = try await greet()
    if configuration.server.mode == .implicit { isHeardInTLS = true }
    if configuration.server.mode == .explicit {
      try await requestTLS()
      try await secure(isImplicit: false)
    }
    try await logIn()
    try askAhead()
    if configuration.server.mode != .plaintext { try await protectData() }
    return try await learn(greeting: greeting)
  }

  /// A server that was asked several things at once and did not answer all of them is asked one by one from now on.
  ///
  /// - Returns: whether it was.
  private func learnFromLoss(_ error: FTPSError) -> Bool {
    guard !askedAhead.isEmpty, error != .cancelled, control.failure == error else { return false }
    configuration.habits.learnNoAnswersAhead()
    return true
  }

  private func cancel() {
    control.fail(.cancelled)
    trust.cancel()
  }

  private func abandon(_ error: FTPSError) -> FTPSError {
    handshakeDeadline?.cancel()
    control.fail(error)
    control.recorder.line(.error, "\(error)")
    return error
  }

  // MARK: TLS

  private func requestTLS() async throws {
    // AUTH SSL only where TLS itself is unknown (RFC 4217 section 2, RFC 2228).
    for mechanism in [Command.SecurityMechanism.tls, .ssl] {
      let reply = try await exchange(.auth(mechanism))
      if reply.code == 234 || reply.code == 334 { return }
      if mechanism == .ssl || !reply.isPermanentFailure { throw FTPSError.tlsRefused(reply) }
    }
  }

  private func secure(isImplicit: Bool) async throws {
    let context = try TLSContexts.client(for: configuration)
    self.context = context
    // Of the session before this one, if there was one.
    tickets.keyGroup = offersKnownGroup ? configuration.habits.keyGroup : nil
    offeredGroup = tickets.keyGroup
    let session = TLSSession(
      client: context, serverName: configuration.server.host, tickets: tickets, usesKnownGroup: true)
    handshake = session
    if control.recorder.keepsEvents { session.traceHandshake() }
    let handler = TLSHandler(session: session) { [self] chain, facts in await judge(chain, facts) }
    let hasIdentity = configuration.identity != nil
    // At once: the greeting of implicit TLS may come in the same piece as the end of the handshake.
    control.whenSecured = { [recorder = control.recorder] facts in
      recorder.line(.status, "\(facts.version) with \(facts.cipher)")
      recorder.event(.secured(SessionEvent.Protection(facts, hasIdentity: hasIdentity)))
    }
    if isImplicit { try control.startImplicitTLS(handler) } else { try control.startTLS(handler) }
    control.startReading()
    startHandshakeDeadline()
    do {
      _ = try await control.handshakeCompleted()
    } catch {
      // Whatever it was, the next attempt offers all that there is.
      configuration.habits.keyGroup = nil
      if isImplicit, error == .tls(.notTLS) { throw FTPSError.notImplicitTLS(firstBytes: "plain text") }
      if case .tls(.staple(let problem)) = error { throw FTPSError.certificateRejected(problem.description) }
      throw trust.rejection ?? error
    }
    handshakeDeadline?.cancel()
  }

  /// Whether the handshake failed at its beginning, in a way in which it may not with all groups.
  private func isKeyGroupRefused(_ error: FTPSError) -> Bool {
    guard offeredGroup != nil, control.facts == nil, trust.asked == nil, case .tls(.peerAlert(let alert)) = error else {
      return false
    }
    // RFC 8446 section 4.1.1 has the first two; some find fault with the offer itself.
    return [.handshakeFailure, .insufficientSecurity, .illegalParameter].contains(alert)
  }

  func startHandshakeDeadline() {
    handshakeDeadline?.cancel()
    handshakeDeadline = eventLoop.scheduleTask(in: TimeAmount(timeouts.handshake)) { [control] in
      control.fail(.timeout("the TLS handshake"))
    }
  }

  // MARK: Login and capabilities

  private func logIn() async throws {
    let user = configuration.server.user ?? "anonymous"
    var reply = try await exchange(.user(user))
    isHeardInTLS = true
    let asksForPassword = reply.code == 331
    if asksForPassword {
      // Not everybody who has a user needs a password, and nobody is asked for one before the server is trusted.
      if configuration.password == nil, configuration.server.user != nil { throw FTPSError.passwordNeeded }
      reply = try await exchange(.pass(configuration.password ?? Secret("")))
    }
    // 232: the client certificate was enough (RFC 4217 section 12); 202: no password needed.
    if reply.isCompletion { return }
    if reply.saysTooManyConnections { throw FTPSError.tooManyConnections(reply) }
    throw refusal(of: reply, afterPassword: asksForPassword) ?? FTPSError.loginRefused(reply)
  }

  /// Sends what follows anyway, so that all of it takes one round trip.
  private func askAhead() throws {
    guard configuration.habits.answersAhead else { return }
    let protecting: [Command] = configuration.server.mode == .plaintext ? [] : [.pbsz, .prot(.private)]
    for command in protecting + [.feat, .type(.image), .pwd] {
      askedAhead.append((command, try control.send(command)))
    }
  }

  private func protectData() async throws {
    // RFC 4217 section 9: PBSZ has to come before PROT, and its only sensible value is 0.
    for command in [Command.pbsz, .prot(.private)] {
      let reply = try await exchange(command)
      guard reply.isCompletion else { throw FTPSError.protectionRefused(reply) }
    }
  }

  private func learn(greeting: Reply) async throws -> FTPSession {
    let start = ContinuousClock.now
    let features = Features(try await exchange(.feat))
    let roundTrip = ContinuousClock.now - start
    if features.utf8 { _ = try await exchange(.opts(.utf8)) }
    try await askForModes(features)
    let type = try await exchange(.type(.image))
    guard type.isCompletion else { throw FTPSError.refused(command: "TYPE I", type) }
    let home = try await exchange(.pwd)
    guard home.isCompletion else { throw FTPSError.refused(command: "PWD", home) }
    let path: RemotePath
    do { path = try PathReply.path(in: home) } catch { throw FTPSError.malformed(error) }
    configuration.habits.keyGroup = tickets.keyGroup
    return FTPSession(
      opening: self, context: context, trusted: trust.question,
      facts: SessionFacts(
        greeting: SafeText.escape(greeting.text), features: features, tls: control.facts,
        asksForCertificate: handshake?.wasAskedForCertificate ?? false, home: path, roundTrip: roundTrip))
  }

  /// Servers that know permissions, and tell them in lists only to who asks for them (RFC 3659 section 7.9), are asked.
  private func askForModes(_ features: Features) async throws {
    guard let facts = features.mlst, facts.contains(where: { $0.name == "unix.mode" && !$0.isEnabled }) else { return }
    let wanted = facts.filter { $0.isEnabled || $0.name == "unix.mode" }.map(\.name)
    // Whoever refuses lists what it lists.
    _ = try await exchange(.opts(.mlst(wanted)))
  }

  /// Sends a command and waits for its final reply. 421 at any time before the session is there means that there is no
  /// room for it now.
  private func exchange(_ command: Command) async throws -> Reply {
    let reply: Reply
    if let ahead = askedAhead.first, ahead.command == command {
      askedAhead.removeFirst()
      // A server that has lost what came too early says nothing of it.
      reply = try await control.finalReply(to: ahead.reply, within: min(timeouts.reply, timeouts.goAhead))
    } else {
      reply = try await control.exchange(command, within: timeouts.reply)
    }
    if reply.code == 421 { throw FTPSError.tooManyConnections(reply) }
    return reply
  }
}
