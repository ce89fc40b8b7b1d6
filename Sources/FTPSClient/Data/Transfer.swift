import FTP
import NIOCore

/// One transfer under way: tells its ``TransferExchange`` what happens on both connections, and does what it says.
///
/// `@unchecked Sendable`: only touched on the event loop of its session.
final class Transfer: @unchecked Sendable {
  /// The data connection; it is there from the start, and opens later.
  let data: DataHandler
  private var exchange: TransferExchange
  private let control: ControlHandler
  private let timeouts: Timeouts
  private let pending: PendingReply
  /// What was sent behind the transfer's command.
  private(set) var behind: [PendingReply]
  private var isMoving = false
  private var outcome: Result<Reply, FTPSError>?
  private var waiter: CheckedContinuation<Void, Never>?
  private var deadline: Scheduled<Void>?
  private var abort: PendingReply?
  /// The data connection's number in its session, from 1.
  private let number: Int
  private var isEndNoted = false

  private var eventLoop: any EventLoop { control.eventLoop }

  /// Sends `command`, which begins the transfer, and `commandsBehind` right after it; ``connect`` follows at once.
  ///
  /// The command goes out before TLS starts on the data connection: some servers take an earlier handshake for an
  /// attack (proftpd 1.3.7).
  init(
    _ direction: TransferExchange.Direction, _ command: Command, behind commandsBehind: [Command] = [],
    over control: ControlHandler, _ timeouts: Timeouts, isEncrypted: Bool, number: Int
  ) throws(FTPSError) {
    self.number = number
    exchange = TransferExchange(direction)
    self.control = control
    self.timeouts = timeouts
    data = DataHandler(eventLoop: control.eventLoop, stall: timeouts.stall, isEncrypted: isEncrypted)
    pending = try control.send(command, .transfer)
    behind = try commandsBehind.map { command throws(FTPSError) in try control.send(command, .behind) }
    control.flush()
    data.observe { [weak self] event in self?.happened(event) }
    pending.observe { [self] event in
      switch event {
      case .reply(let reply): replied(reply)
      case .lost: act(exchange.controlLost())
      }
    }
    watch()
  }

  // MARK: For the session

  /// Takes the attempt to open the data connection, whose last handler is ``data``.
  func connect(_ connecting: EventLoopFuture<any Channel>, host: String, port: Int) {
    note(.connecting(exchange.direction, port: port))
    connecting.whenFailure { [self] error in
      let reason = FTPSError(connecting: error, to: host, port: port)
      broke(.dataConnection(reason.reason))
    }
  }

  /// Waits until data may move.
  func started() async throws(FTPSError) {
    while !isMoving, outcome == nil { await wait() }
    if case .failure(let error)? = outcome { throw error }
  }

  var direction: TransferExchange.Direction { exchange.direction }

  /// Sends commands behind the transfer's own.
  func send(_ commands: [Command]) throws(FTPSError) {
    for command in commands { behind.append(try control.send(command, .behind)) }
  }

  /// All of an upload has gone out, and its end.
  func sent() {
    noteEnd(nil)
    act(exchange.dataFinished(closeNotify: true))
  }

  /// Moving the data failed, be it that nobody else has noticed.
  func failed(_ error: FTPSError) {
    broke(error)
  }

  /// Waits until both connections have said how it went.
  func completed() async throws(FTPSError) -> Reply {
    while outcome == nil { await wait() }
    guard let outcome else { preconditionFailure("a transfer ends with an outcome") }
    if let abort {
      // Its reply comes after the one to the transfer, and must not be taken for one to the next command.
      let limit = timeouts.farewell
      while control.failure == nil {
        let reply = try? await abort.next(within: limit, on: eventLoop) { [control] in control.fail(.cancelled) }
        if let reply, !reply.isPreliminary { break }
      }
    }
    return try outcome.get()
  }

  /// Gives the transfer up. The session can go on where the server plays along with `ABOR`.
  func cancel() {
    act(exchange.cancelled())
    // Data that has come to its end is answered in order: ProFTPD waits for that before it says anything.
    data.close()
  }

  /// Ends the transfer together with its session.
  func drop(_ reason: FTPSError) {
    control.fail(reason)
    broke(reason)
  }

  // MARK: Events

  private func happened(_ event: DataHandler.Event) {
    switch event {
    case .opened:
      note(.opened(data.facts.map { SessionEvent.Protection(data: $0) }))
      act(exchange.dataOpened())
    // The server's end is that of a download; an upload's is ours.
    case .ended where exchange.direction == .upload: break
    case .sent: noteEnd(nil)
    case .ended:
      noteEnd(nil)
      act(exchange.dataFinished(closeNotify: true))
    case .failed:
      // A cut is an end of the data, which a size may yet prove to be whole.
      if data.failure == .truncated, exchange.direction != .upload {
        noteEnd(.truncated)
        data.drop(.truncated)
        act(exchange.dataFinished(closeNotify: false))
      } else {
        broke(data.failure ?? .dataConnection("it was cut"))
      }
    }
  }

  private func broke(_ error: FTPSError) {
    noteEnd(error)
    data.drop(error)
    act(exchange.dataFailed())
  }

  private func replied(_ reply: Reply) {
    if !reply.isPreliminary { data.expectEnd(within: timeouts.farewell) }
    // Nothing is answered any more (RFC 959 section 4.2), but the data may still come to their end.
    if reply.code == 421 { control.fail(.closed(SafeText.escape(reply.text))) }
    act(exchange.received(reply))
  }

  private func act(_ action: TransferExchange.Action) {
    switch action {
    case .wait: break
    case .moveData:
      isMoving = true
      wake()
    case .closeData:
      noteEnd(.cancelled)
      data.drop(.cancelled)
      if abort == nil { abort = try? control.send(.abor) }
    case .complete(let reply): end(.success(reply))
    case .fail(let failure):
      let error = error(for: failure)
      noteEnd(error)
      data.drop(error)
      if !failure.isSessionUsable { control.fail(error) }
      end(.failure(error))
    }
    watch()
  }

  private func end(_ outcome: Result<Reply, FTPSError>) {
    self.outcome = outcome
    wake()
  }

  private func wake() {
    waiter?.resume()
    waiter = nil
  }

  private func wait() async {
    await withCheckedContinuation { waiter = $0 }
  }

  // MARK: For the record

  private func note(_ event: @autoclosure () -> SessionEvent.DataEvent) {
    control.recorder.event(.data(number, event()))
  }

  /// The data is over, one way or the other: the first to say so knows best.
  private func noteEnd(_ error: FTPSError?) {
    guard !isEndNoted else { return }
    isEndNoted = true
    note(.ended(bytes: exchange.direction == .upload ? data.sent : data.received, problem: error.map { "\($0)" }))
  }

  // MARK: Deadlines

  /// Sets the deadline of what is waited for now; the end of moving data is watched by ``DataHandler`` and the system.
  private func watch() {
    deadline?.cancel()
    deadline = nil
    switch exchange.wait {
    case .reply:
      expire(timeouts.reply) { transfer in
        transfer.control.fail(.timeout("the reply to \(transfer.pending.command)"))
      }
    case .dataConnection:
      expire(timeouts.dataConnect + timeouts.handshake) { transfer in
        transfer.broke(.timeout("the TLS handshake of the data connection"))
      }
    case .goAhead: expire(timeouts.goAhead) { $0.act($0.exchange.preliminaryOverdue()) }
    case .finalReply: expire(timeouts.reply) { $0.act($0.exchange.finalReplyOverdue()) }
    case .farewell: expire(timeouts.farewell) { $0.act($0.exchange.finalReplyOverdue()) }
    case .data, .nothing: break
    }
  }

  private func expire(_ limit: Duration, _ body: @escaping @Sendable (Transfer) -> Void) {
    deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) { [self] in body(self) }
  }

  // MARK: Errors

  private func error(for failure: TransferExchange.Failure) -> FTPSError {
    // Whoever answers in the server's place has no say in what it is called.
    if data.failure == .foreignDataConnection { return .foreignDataConnection }
    let command = pending.command
    switch failure {
    // 522: the server wanted the session resumed (vsftpd); a fresh session has fresh tickets.
    case .refused(let reply):
      return reply.code == 522 ? .dataConnection(SafeText.escape(reply.text)) : .refused(command: command, reply)
    case .dataFailed(let reply): return dataFailure ?? .dataConnection(SafeText.escape(reply.text))
    case .truncated: return .truncated
    case .unexpectedReply(let reply): return .unexpectedReply(command: command, reply)
    case .controlLost(let isComplete):
      let reason = control.failure ?? dataFailure ?? .closed("the connection is closed")
      return isComplete ? .unconfirmed(reason.reason) : reason
    case .noFinalReply(let isComplete):
      let overdue = FTPSError.timeout("the reply to \(command)")
      return isComplete ? .unconfirmed("no reply in time") : dataFailure ?? overdue
    case .cancelled: return .cancelled
    }
  }

  /// Why the data connection failed. What is cut of an upload is not the server's data.
  private var dataFailure: FTPSError? {
    guard exchange.direction == .upload, data.failure == .truncated else { return data.failure }
    return .dataConnection("the server closed it before everything was sent")
  }
}
