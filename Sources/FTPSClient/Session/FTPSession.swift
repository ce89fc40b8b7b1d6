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

  /// The server's current directory, where it is known.
  var currentDirectory: RemotePath?
  /// EPSV was refused once: PASV from then on (RFC 2428 section 3).
  var usesExtendedPassive = true
  /// `LIST -a` was refused once: plain `LIST` from then on.
  var listsHiddenNames = true
  /// The server sends a ticket with each data connection, as OpenSSL's servers do; false once one did not come.
  var givesTickets = true
  /// A data connection has resumed the control connection's TLS session.
  var hasResumed = false
  /// The data connection that is open now.
  var data: DataHandler?
  var isBusy = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

  init(opening: Opening, context: TLSContext?, facts: SessionFacts) {
    self.context = context
    self.facts = facts
    self.number = opening.number
    self.configuration = opening.configuration
    self.eventLoop = opening.eventLoop
    self.taskExecutor = EventLoopTaskExecutor(opening.eventLoop)
    self.control = opening.control
    self.tickets = opening.tickets
    self.peer = opening.peer
    self.currentDirectory = facts.home
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
  package var isUsable: Bool { control.failure == nil }
  /// Why the session ended, if it has.
  package var failure: FTPSError? { control.failure }

  /// Ends the session at once; whoever waits for it gets `reason`.
  package func close(because reason: FTPSError) {
    data?.fail(reason)
    control.fail(reason)
  }

  /// Takes leave in an orderly way: `QUIT`, a short wait for 221, close.
  package func quit() async {
    if control.failure == nil, !isBusy, let pending = try? control.send(.quit) {
      _ = try? await reply(to: pending, within: configuration.timeouts.farewell)
    }
    control.fail(.closed("the session was ended"))
  }

  // MARK: For the parts of the session

  /// Runs one operation: alone, and ended by the cancellation of its task.
  func operation<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    precondition(!isBusy, "one operation at a time in a session")
    if let failure = control.failure { throw failure }
    if Task.isCancelled { throw FTPSError.cancelled }
    isBusy = true
    defer { isBusy = false }
    do {
      return try await withTaskCancellationHandler {
        try await withTaskExecutorPreference(taskExecutor) { try await body() }
      } onCancel: {
        eventLoop.execute { self.assumeIsolated { $0.cancelOperation() } }
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
  func exchange(_ command: Command) async throws -> Reply {
    let pending = try control.send(command)
    return try await finalReply(to: pending)
  }

  /// Sends a command that has to be answered by 2xx.
  @discardableResult
  func require(_ command: Command) async throws -> Reply {
    let reply = try await exchange(command)
    guard reply.isCompletion else { throw refusal(of: command.logged, reply) }
    return reply
  }

  func finalReply(to pending: PendingReply) async throws -> Reply {
    var preliminaries = 0
    while true {
      let reply = try await reply(to: pending, within: configuration.timeouts.reply)
      if !reply.isPreliminary { return reply }
      preliminaries += 1
      if preliminaries > 100 { throw FTPSError.unexpectedReply(command: pending.command, reply) }
    }
  }

  func reply(to pending: PendingReply, within limit: Duration) async throws -> Reply {
    try await pending.next(within: limit, on: eventLoop) { [control, command = pending.command] in
      control.fail(.timeout("the reply to \(command)"))
    }
  }

  /// The error for a reply that is not the one hoped for.
  nonisolated func refusal(of command: String, _ reply: Reply) -> FTPSError {
    if reply.isTransientFailure || reply.isPermanentFailure {
      return reply.code == 421 ? .closed(SafeText.escape(reply.text)) : .refused(command: command, reply)
    }
    return .unexpectedReply(command: command, reply)
  }

  private func cancelOperation() {
    guard isBusy else { return }
    if let data {
      data.fail(.cancelled)
    } else {
      control.fail(.cancelled)
    }
  }
}
