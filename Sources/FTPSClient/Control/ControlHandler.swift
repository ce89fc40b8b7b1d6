import DequeModule
import FTP
import NIOCore
import TLS
import TLSChannel

/// The last handler of a control connection: commands out, replies in, matched in the order in which they were sent
/// (RFC 959 section 5.4). Several commands may be under way.
///
/// `@unchecked Sendable`: it is only touched on its channel's event loop, which is also the executor of the session
/// that owns it; every entry from outside checks that.
final class ControlHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let eventLoop: any EventLoop
  private var context: ChannelHandlerContext?
  private var parser = ReplyParser()
  /// The server has agreed to TLS: its next byte in the clear is one too many.
  private var awaitsTLS = false
  private var pending: Deque<PendingReply> = []
  /// Commands wait for the end of this turn of the event loop.
  private var hasUnflushed = false
  /// Why the connection ended; set once, then every wait fails with it.
  private(set) var failure: FTPSError?
  /// This side has taken leave: that the connection ends is no trouble any more.
  private var isLeaving = false
  /// What is known of TLS once the handshake is done.
  private(set) var facts: TLSFacts?
  /// The server has said something, be it a part of a line.
  private(set) var hasHeard = false
  /// Told once when the connection has ended.
  private var onEnd: [@Sendable () -> Void] = []
  private var handshake: CheckedContinuation<Result<TLSFacts, FTPSError>, Never>?
  let recorder: SessionRecorder
  /// Called at the end of the handshake, before anything that comes after it.
  var whenSecured: ((TLSFacts) -> Void)?

  /// More preliminary replies to one command than any server needs, and an end for one that never stops.
  static let preliminaryLimit = 100

  init(eventLoop: any EventLoop, recorder: SessionRecorder) {
    self.eventLoop = eventLoop
    self.recorder = recorder
    // The greeting is a reply that no command asked for.
    pending.append(greeting)
  }

  let greeting = PendingReply(command: "connection")
  /// Nothing is buffered and no reply is outstanding, to the byte.
  var isQuiet: Bool { parser.isEmpty && pending.isEmpty }

  // MARK: Commands

  /// How a command stands to a transfer.
  enum Role {
    case alone
    /// It begins one.
    case transfer
    /// It is sent while one runs, and its reply may come before the transfer's.
    case behind
  }

  /// Sends a command and returns the place where its replies will arrive.
  func send(_ command: Command, _ role: Role = .alone) throws(FTPSError) -> PendingReply {
    eventLoop.preconditionInEventLoop()
    if let failure { throw failure }
    guard let context else { throw .closed("the connection is closed") }
    let bytes: [UInt8]
    do { bytes = try command.encoded() } catch { throw .malformed(error) }
    if command == .quit { isLeaving = true }
    let logged = command.logged
    recorder.sent(logged)
    var startsTLS = false
    if case .auth = command { startsTLS = true }
    let reply = PendingReply(
      command: logged, startsTLS: startsTLS, isTransfer: role == .transfer,
      verbBehind: role == .behind ? command.verb : nil)
    pending.append(reply)
    var buffer = context.channel.allocator.buffer(capacity: bytes.count)
    buffer.writeBytes(bytes)
    context.write(wrapOutboundOut(buffer), promise: nil)
    flushSoon()
    return reply
  }

  /// Lets commands that are sent one right after another go out together.
  private func flushSoon() {
    if hasUnflushed { return }
    hasUnflushed = true
    eventLoop.assumeIsolated().execute { [self] in flush() }
  }

  /// Lets all that was sent go out now: before whatever must not overtake it.
  func flush() {
    guard hasUnflushed else { return }
    hasUnflushed = false
    context?.flush()
  }

  /// Sends a command and waits for its final reply, for each reply no longer than `limit`.
  func exchange(_ command: Command, within limit: Duration) async throws(FTPSError) -> Reply {
    try await finalReply(to: try send(command), within: limit)
  }

  /// Waits for a final reply, for each reply no longer than `limit`; the connection fails where it does not come.
  func finalReply(to pending: PendingReply, within limit: Duration) async throws(FTPSError) -> Reply {
    while true {
      let reply = try await pending.next(within: limit, on: eventLoop) { [self, command = pending.command] in
        fail(.timeout("the reply to \(command)"))
      }
      if !reply.isPreliminary { return reply }
    }
  }

  /// Ends the connection for a reason that every later use is answered with.
  func fail(_ error: FTPSError) {
    eventLoop.preconditionInEventLoop()
    guard failure == nil else { return }
    failure = error
    recorder.event(.ended("\(error)", inOrder: isLeaving))
    let unanswered = pending
    pending = []
    for reply in unanswered { reply.failed(error) }
    handshake?.resume(returning: .failure(error))
    handshake = nil
    for body in onEnd { body() }
    onEnd = []
    flush()
    context?.close(mode: .all, promise: nil)
  }

  /// Calls `body` once the connection has ended: at once if it has already.
  func whenEnded(_ body: @escaping @Sendable () -> Void) {
    eventLoop.preconditionInEventLoop()
    if failure == nil { onEnd.append(body) } else { body() }
  }

  // MARK: TLS

  /// Puts TLS below this handler after `AUTH`; what follows is encrypted, and the handshake has begun.
  func startTLS(_ handler: TLSHandler) throws(FTPSError) {
    guard isQuiet else {
      if failure == nil { fail(.bytesAfterAuth) }
      throw failure ?? .bytesAfterAuth
    }
    awaitsTLS = false
    try insert(handler)
  }

  /// Puts TLS below this handler before anything was said (implicit TLS).
  func startImplicitTLS(_ handler: TLSHandler) throws(FTPSError) {
    precondition(!hasHeard, "implicit TLS starts before anything is read")
    try insert(handler)
  }

  private func insert(_ handler: TLSHandler) throws(FTPSError) {
    if let failure { throw failure }
    guard let context else { throw .closed("the connection is closed") }
    do { try context.pipeline.syncOperations.addHandler(handler, position: .first) } catch {
      throw .closed("the connection closed before TLS could start")
    }
  }

  /// Waits until the handshake is done; deadlines are the caller's, who knows when a person is being asked.
  func handshakeCompleted() async throws(FTPSError) -> TLSFacts {
    if let facts { return facts }
    if let failure { throw failure }
    return try await withCheckedContinuation { handshake = $0 }.get()
  }

  // MARK: Channel events

  /// The connection's address on this machine.
  var localAddress: SocketAddress? { context?.channel.localAddress }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // Given up while the connection was being made, or lost before it could be used.
    if failure != nil {
      context.close(mode: .all, promise: nil)
    } else if !context.channel.isActive {
      fail(.closed("the connection closed at once"))
    }
  }

  /// Lets the server's bytes in; nothing is read before.
  func startReading() {
    // It fails only on a channel that is closed, which is told in other ways.
    try? context?.channel.syncOptions?.setOption(.autoRead, value: true)
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    hasHeard = true
    if failure != nil { return }
    if awaitsTLS { return fail(.bytesAfterAuth) }
    let buffer = unwrapInboundIn(data)
    parser.append(buffer.readableBytesView)
    do {
      while failure == nil, !awaitsTLS, let reply = try parser.next() { received(reply) }
      if awaitsTLS, !parser.isEmpty { fail(.bytesAfterAuth) }
    } catch {
      fail(.malformed(error))
    }
  }

  private func received(_ reply: Reply) {
    recorder.received(reply)
    guard let head = pending.first else {
      fail(reply.code == 421 ? .closed(SafeText.escape(reply.text)) : .unsolicitedReply(SafeText.escape(reply.text)))
      return
    }
    if head.isTransfer, pending.count > 1, let verb = pending[1].verbBehind,
      CommandBehind.isEarlyAnswer(reply, to: verb, isAnnounced: head.preliminaries > 0)
    {
      return pending.remove(at: 1).receivedEarly(reply)
    }
    if !reply.isPreliminary { pending.removeFirst() }
    if head.startsTLS, reply.code == 234 || reply.code == 334 { awaitsTLS = true }
    if head.preliminaries == Self.preliminaryLimit, reply.isPreliminary {
      return fail(.unexpectedReply(command: head.command, reply))
    }
    head.received(reply)
    // 421 answers any command with "the service closes": nothing after it will be answered (RFC 959 section 4.2).
    if reply.code == 421 { fail(.closed(SafeText.escape(reply.text))) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event as? TLSEvent {
    case .handshakeCompleted(let facts):
      self.facts = facts
      whenSecured?(facts)
      handshake?.resume(returning: .success(facts))
      handshake = nil
    case .closeNotifyReceived:
      fail(.closed("the server ended the session"))
    case nil:
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A reply ends with its line: without close_notify nothing can be missing that would be taken for whole.
    let isEnd = error as? TLSError == .truncated
    fail(isEnd ? .closed("the server closed the connection") : FTPSError(channelError: error))
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.closed("the server closed the connection"))
    context.fireChannelInactive()
  }
}
