import FTP
package import NIOCore
import NIOPosix
import Synchronization
import TLS
import TLSChannel

/// One FTPS session: a control connection, logged in, and the data connections that it opens.
///
/// The actor runs on its connection's event loop, so that a command, its reply and the bytes of a transfer meet without
/// a change of thread. One operation runs at a time; a second one while the first is under way is a programmer's error.
///
/// Every method throws ``FTPSError``. After an error whose `isSessionUsable` is false the session is closed, and every
/// later use says why.
package actor FTPSession {
  /// What is known of the server once the session is open.
  package nonisolated let facts: SessionFacts
  /// A number for people, from 1 within this process.
  package nonisolated let number: Int

  nonisolated let configuration: SessionConfiguration
  nonisolated let eventLoop: any EventLoop
  private let taskExecutor: EventLoopTaskExecutor
  let control: ControlHandler
  let tickets: TicketStore
  let peer: SocketAddress
  nonisolated let context: TLSContext?
  /// The question about the server's certificate that was answered with yes; `nil` in plaintext.
  private let trusted: TrustQuestion?

  /// The server's current directory, where it is known.
  var currentDirectory: RemotePath?
  /// EPSV was refused once: PASV from then on (RFC 2428 section 3).
  var usesExtendedPassive = true
  /// EPRT was refused once: PORT from then on.
  var usesExtendedPort = true
  /// `SSCN ON` was said: the server is the TLS client of its data connections, until that is taken back.
  var isServerTLSClient = false
  /// `REST` was said for a transfer that may not have begun: the server may keep it for the next one.
  var isRestartLeft = false
  /// Nobody is to use it for anything else, though it may be in step.
  var isSpent = false
  /// MLSD was announced, and not refused since.
  var usesMachineListing = true
  /// How times of files are set; nil once no way is left.
  var timeSetting: TimeSetting?
  /// A time was set in this way before.
  var hasSetTimes = false
  /// The algorithm that HASH was switched to; nil: the server's own choice.
  var selectedHash: HashAlgorithm?
  /// Whether the last data connection resumed a TLS session of this session; `nil` before the first one, and in
  /// plaintext.
  package internal(set) var dataWasResumed: Bool?
  /// How long the last command took that had no data connection.
  package private(set) var roundTrip: Duration
  /// An `EPSV` that was sent before anybody needs its port, and when.
  var portAhead: (reply: PendingReply, asked: NIODeadline)?
  /// The transfer that is under way.
  var transfer: Transfer?
  private var isBusy = false
  /// How often in a row it could not be told whether its trust stands.
  private var failedLooks = 0
  private var operations = 0
  /// How many data connections were begun.
  var dataConnections = 0

  package nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

  init(opening: Opening, context: TLSContext?, trusted: TrustQuestion?, facts: SessionFacts) {
    self.context = context
    self.trusted = trusted
    self.facts = facts
    self.number = opening.number
    self.configuration = opening.configuration
    self.eventLoop = opening.eventLoop
    self.taskExecutor = EventLoopTaskExecutor(opening.eventLoop)
    self.control = opening.control
    self.tickets = opening.tickets
    self.peer = opening.peer
    self.currentDirectory = facts.home
    self.timeSetting = TimeSetting.first(facts.features)
    self.roundTrip = facts.roundTrip
  }

  deinit {
    let control = control
    eventLoop.execute { control.fail(.closed("the session was given up")) }
  }

  /// Connects, starts TLS, asks about the certificate if need be, logs in and learns what the server can do.
  ///
  /// - Throws: ``FTPSError``; nothing is left open then.
  package static func open(
    _ configuration: SessionConfiguration, on group: any EventLoopGroup
  ) async throws -> FTPSession {
    try await Opening.open(configuration, on: group)
  }

  /// Whether another operation may be tried.
  package var isUsable: Bool { control.failure == nil && !isSpent }
  /// Why the session ended, if it has.
  package var failure: FTPSError? { control.failure }

  /// Calls `body` once the session has ended, whoever ended it: at once if it has already.
  package func whenEnded(_ body: @escaping @Sendable () -> Void) { control.whenEnded(body) }

  /// Ends the session at once; whoever waits for it gets `reason`.
  package func close(because reason: FTPSError) {
    if let transfer { transfer.drop(reason) } else { control.fail(reason) }
  }

  /// Takes leave in an orderly way: `QUIT`, a short wait for 221, close.
  package func quit() async {
    if control.failure == nil, !isBusy {
      isBusy = true
      _ = try? await control.exchange(.quit, within: configuration.timeouts.farewell)
      isBusy = false
    }
    control.fail(.closed("the session was ended"))
  }

  /// Ends the session, and a transfer that is under way, if the certificate that it was opened with is trusted no more,
  /// or the one that was shown to the server is kept no more. Its tickets go with it. A look that fails says neither: only
  /// when several fail in a row does the session end, and says why.
  ///
  /// - Returns: false where it cannot be told, and another look should follow.
  @discardableResult
  package func endUnlessTrusted() async -> Bool {
    guard control.failure == nil else { return true }
    do {
      if let trusted, try await !configuration.trust.stands(trusted) {
        close(because: .withdrawn("the server's certificate is trusted no more"))
      } else if let identity = configuration.identity, let keeper = configuration.identityObserver,
        try await !keeper.stands(identity)
      {
        close(because: .withdrawn("your certificate \(SafeText.escape(identity.name)) was replaced or removed"))
      }
      failedLooks = 0
      return true
    } catch {
      failedLooks += 1
      guard failedLooks >= Self.mostFailedLooks else { return false }
      let reason = "\(error)"
      close(because: .trustUnclear(reason.hasSuffix(".") ? String(reason.dropLast()) : reason))
      return true
    }
  }

  /// A disk or a database that fails for longer may hide that trust was taken back.
  private static let mostFailedLooks = 5

  /// Asks for nothing, to see whether a session that was idle is still there. It is closed if it is not.
  package func isAlive() async -> Bool {
    _ = try? await operation { try await control.exchange(.noop, within: configuration.timeouts.liveness) }
    return isUsable
  }

  // MARK: For the parts of the session

  /// Runs one operation: alone, and ended by the cancellation of its task.
  func operation<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    precondition(!isBusy, "one operation at a time in a session")
    if let failure = control.failure { throw failure }
    if Task.isCancelled { throw FTPSError.cancelled }
    isBusy = true
    defer { isBusy = false }
    operations += 1
    let number = operations
    do {
      return try await withTaskCancellationHandler {
        try await withTaskExecutorPreference(taskExecutor) { try await body() }
      } onCancel: {
        eventLoop.execute { self.assumeIsolated { $0.cancelOperation(number) } }
      }
    } catch let failure as LocalFailure {
      // The near side's, after which the session was brought back into step.
      throw failure
    } catch {
      let error = FTPSError(channelError: error)
      if !error.isSessionUsable, error != .cancelled { control.fail(error) }
      throw error
    }
  }

  /// Sends a command and waits for its final reply.
  func exchange(_ command: Command) async throws(FTPSError) -> Reply {
    let start = ContinuousClock.now
    let reply = try await control.exchange(command, within: configuration.timeouts.reply)
    roundTrip = ContinuousClock.now - start
    return reply
  }

  /// Sends several commands at once and waits for their final replies, in order.
  func exchange(_ commands: [Command]) async throws(FTPSError) -> [Reply] {
    let start = ContinuousClock.now
    let pending = try commands.map { command throws(FTPSError) in try control.send(command) }
    var replies: [Reply] = []
    for reply in pending {
      replies.append(try await control.finalReply(to: reply, within: configuration.timeouts.reply))
      if replies.count == 1 { roundTrip = ContinuousClock.now - start }
    }
    return replies
  }

  /// Sends a command that has to be answered by 2xx.
  @discardableResult
  func require(_ command: Command) async throws(FTPSError) -> Reply {
    let reply = try await exchange(command)
    guard reply.isCompletion else { throw refusal(of: command.logged, reply) }
    return reply
  }

  /// The error for a reply that is not the one hoped for.
  nonisolated func refusal(of command: String, _ reply: Reply) -> FTPSError {
    if reply.code == 421 { return .closed(SafeText.escape(reply.text)) }
    return reply.isTransientFailure || reply.isPermanentFailure
      ? .refused(command: command, reply) : .unexpectedReply(command: command, reply)
  }

  /// The cancellation of one operation, which may come when the next one is already under way.
  private func cancelOperation(_ number: Int) {
    guard isBusy, number == operations else { return }
    if let transfer { transfer.cancel() } else { control.fail(.cancelled) }
  }
}
