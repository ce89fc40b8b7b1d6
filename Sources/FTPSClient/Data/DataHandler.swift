import DequeModule
import FTP
import Glibc
import NIOCore
import TLS
import TLSChannel

/// The last handler of a data connection: chunks in, one at a time and only when asked for, and chunks out, as fast as
/// the server takes them.
///
/// `@unchecked Sendable`: only touched on its channel's event loop, which its session runs on.
final class DataHandler: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What became of the connection, for the transfer that it serves.
  enum Event {
    /// Connected, and recognised as the server of the control connection.
    case opened
    /// The server has ended its half in order: with close_notify, or with the end of TCP where no TLS is spoken.
    case ended
    /// All that was to be sent has gone out, and our end of it.
    case sent
    /// It broke, for ``failure``.
    case failed
  }

  let eventLoop: any EventLoop
  private let stall: Duration
  private let isEncrypted: Bool
  private var context: ChannelHandlerContext?
  private var observer: ((Event) -> Void)?

  private var chunks: Deque<ByteBuffer> = []
  private var buffered = 0
  private var readIsPending = false
  /// The server has ended its half in order.
  private var hasEnded = false
  /// All that was written has gone out, and our end follows.
  private var hasSentAll = false
  /// How long the server's end is waited for when the control connection has said that all is over.
  private var endLimit: Duration?
  /// Why nothing more comes or goes; set once.
  private(set) var failure: FTPSError?
  private(set) var facts: TLSFacts?

  private var reader: CheckedContinuation<Result<ByteBuffer?, FTPSError>, Never>?
  private var writer: CheckedContinuation<Void, Never>?
  /// Waits for the server's end, or for its deadline.
  private var pause: (isOver: () -> Bool, continuation: CheckedContinuation<Void, Never>, deadline: Scheduled<Void>)?
  private var watch: Scheduled<Void>?
  private var lastMoved = NIODeadline.now()

  /// Whether any byte came or went.
  var hasMoved: Bool { came.inAll > 0 || sent > 0 }
  /// Bytes that came in all, and since the socket was last found empty.
  private var came = (inAll: 0, atOnce: 0)
  /// Bytes of data that came.
  var received: Int64 { Int64(came.inAll) }
  /// Bytes of data that were handed over to be sent.
  private(set) var sent: Int64 = 0
  /// A server that sends small pieces is read this much later, so that a turn of the event loop, a wake-up of the disk's
  /// thread and a system call are spent on many pieces. The socket's buffer holds what comes meanwhile.
  private static let gathering = (after: 4 << 20, below: 96 << 10, pause: TimeAmount.microseconds(300))
  /// Bytes that are taken from the socket before anybody has asked for them.
  private static let readAhead = 1 << 20

  /// - Parameter stall: how long a reader waits while not one byte comes.
  init(eventLoop: any EventLoop, stall: Duration, isEncrypted: Bool) {
    self.eventLoop = eventLoop
    self.stall = stall
    self.isEncrypted = isEncrypted
  }

  /// Has `observer` told of each event, on the event loop, until ``close()`` or ``drop(_:)``.
  func observe(_ observer: @escaping (Event) -> Void) { self.observer = observer }

  // MARK: For the session

  /// The next chunk, or `nil` at the server's orderly end. What came before a failure is handed out before it is thrown.
  func next() async throws(FTPSError) -> ByteBuffer? {
    if let chunk = chunks.popFirst() {
      buffered -= chunk.readableBytes
      readIfWanted()
      return chunk
    }
    if hasEnded { return nil }
    if let failure { throw failure }
    precondition(reader == nil, "two tasks read from one data connection")
    lastMoved = .now()
    return try await withCheckedContinuation { reader = $0 }.get()
  }

  /// Sends a chunk; returns when another one may follow.
  func write(_ chunk: ByteBuffer) async throws(FTPSError) {
    if let failure { throw failure }
    guard let context else { throw .dataConnection("it is closed") }
    sent += Int64(chunk.readableBytes)
    context.writeAndFlush(wrapOutboundOut(chunk), promise: nil)
    if failure == nil, !context.channel.isWritable {
      precondition(writer == nil, "two tasks write to one data connection")
      await withCheckedContinuation { writer = $0 }
    }
    if let failure { throw failure }
  }

  /// Ends our half in an orderly way once all that was written has gone out, waits a bounded time for the server's end,
  /// and closes.
  ///
  /// - Throws: why not all has gone out. Whether the server took it is for its reply to say.
  func finish(within limit: Duration) async throws(FTPSError) {
    if let failure { throw failure }
    guard let context else { throw .dataConnection("it is closed") }
    // A half-close after the server's own would drop what is still waiting, so nothing may be; TLS sees to that itself.
    if !isEncrypted {
      let written = eventLoop.makePromise(of: Void.self)
      context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
      guard await succeeds(written.futureResult) else { throw failure ?? .dataConnection("it was cut") }
    }
    let ended = eventLoop.makePromise(of: Void.self)
    context.close(mode: .output, promise: ended)
    guard await succeeds(ended.futureResult) else { throw failure ?? .dataConnection("it was cut") }
    hasSentAll = true
    observer?(.sent)
    await wait(within: endLimit ?? limit) { self.hasEnded }
    close()
  }

  /// Sends a small content and our end of it, in one piece where that is possible; else as ``write(_:)`` and
  /// ``finish(within:)``.
  func finish(with content: ByteBuffer, within limit: Duration) async throws(FTPSError) {
    if let failure { throw failure }
    guard let context else { throw .dataConnection("it is closed") }
    sent += Int64(content.readableBytes)
    if content.readableBytes > 0 { context.write(wrapOutboundOut(content), promise: nil) }
    try await finish(within: limit)
  }

  /// The control connection has said that all is over: the server's end comes soon or never.
  func expectEnd(within limit: Duration) {
    endLimit = limit
    guard hasSentAll, let pause else { return }
    pause.deadline.cancel()
    self.pause?.deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) { self.endPause() }
  }

  /// Answers the server's orderly end with ours. vsftpd waits for it before it says 226.
  func close() {
    observer = nil
    context?.close(mode: .all, promise: nil)
  }

  /// Drops the connection without a word; whoever waits gets `error`.
  ///
  /// No close_notify and no end of TCP, but a reset: the server must not take half an upload for all of it.
  func drop(_ error: FTPSError) {
    eventLoop.preconditionInEventLoop()
    observer = nil
    if error == .cancelled { chunks = [] }
    if failure == nil { failure = error }
    resumeAll()
    guard let context else { return }
    _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    // Closing below TLS keeps it from saying close_notify.
    let bottom = try? context.pipeline.syncOperations.context(handlerType: TLSHandler.self)
    (bottom ?? context).close(mode: .all, promise: nil)
  }

  // MARK: Channel events

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    guard failure == nil else { return context.close(mode: .all, promise: nil) }
    lastMoved = .now()
    watchForStall()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
    observer = nil
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    if !isEncrypted { observer?(.opened) }
    readIfWanted()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let chunk = unwrapInboundIn(data)
    lastMoved = .now()
    came.inAll += chunk.readableBytes
    came.atOnce += chunk.readableBytes
    if let reader {
      self.reader = nil
      reader.resume(returning: .success(chunk))
    } else if failure == nil {
      buffered += chunk.readableBytes
      chunks.append(chunk)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    checkPause()
    let isPiecemeal = came.inAll > Self.gathering.after && came.atOnce < Self.gathering.below
    came.atOnce = 0
    guard isPiecemeal, !hasEnded, failure == nil else {
      readIsPending = false
      return readIfWanted()
    }
    eventLoop.scheduleTask(in: Self.gathering.pause) { [weak self] in
      self?.readIsPending = false
      self?.readIfWanted()
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable else { return }
    writer?.resume()
    writer = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case TLSEvent.handshakeCompleted(let facts):
      self.facts = facts
      observer?(.opened)
    case TLSEvent.closeNotifyReceived: ended()
    case ChannelEvent.inputClosed where !isEncrypted: ended()
    default: break
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error as? TLSError {
    case .truncated: failed(.truncated)
    // The only verdict that is ever asked for here is whether it is the control connection's certificate.
    case .certificateRejected: failed(.foreignDataConnection)
    default: failed(FTPSError(dataChannelError: error))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    failed(isEncrypted && facts != nil ? .truncated : .dataConnection("it was cut"))
    context.fireChannelInactive()
  }

  // MARK: Private

  private func ended() {
    guard failure == nil, !hasEnded else { return }
    hasEnded = true
    reader?.resume(returning: .success(nil))
    reader = nil
    checkPause()
    observer?(.ended)
  }

  /// The connection broke. A close after both halves have ended is none of that.
  private func failed(_ error: FTPSError) {
    if failure == nil { failure = error }
    resumeAll()
    if !hasSentAll { observer?(.failed) }
  }

  private func resumeAll() {
    guard let failure else { return }
    reader?.resume(returning: hasEnded ? .success(nil) : .failure(failure))
    reader = nil
    writer?.resume()
    writer = nil
    endPause()
  }

  private func readIfWanted() {
    guard let context, !readIsPending, buffered < Self.readAhead, context.channel.isActive else { return }
    readIsPending = true
    context.read()
  }

  // MARK: Waiting

  /// Waits until `isOver`, the end of the connection, or the limit.
  private func wait(within limit: Duration, until isOver: @escaping () -> Bool) async {
    guard failure == nil, context != nil, !isOver() else { return }
    precondition(pause == nil, "two tasks wait for the end of one data connection")
    let deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) { self.endPause() }
    await withCheckedContinuation { pause = (isOver, $0, deadline) }
  }

  private func checkPause() {
    if let pause, pause.isOver() { endPause() }
  }

  private func endPause() {
    guard let pause else { return }
    self.pause = nil
    pause.deadline.cancel()
    pause.continuation.resume()
  }

  /// Waits for something that the channel does, or fails when it closes.
  private func succeeds(_ future: EventLoopFuture<Void>) async -> Bool {
    await withCheckedContinuation { continuation in
      future.whenComplete { result in
        if case .success = result {
          continuation.resume(returning: true)
        } else {
          continuation.resume(returning: false)
        }
      }
    }
  }

  private func watchForStall() {
    watch = eventLoop.scheduleTask(deadline: lastMoved + TimeAmount(stall)) { [weak self] in self?.checkForStall() }
  }

  /// A reader that is slow is not a server that is silent, so only the time in which one waits counts. What is written
  /// is the system's to watch: ``Dialer/connectData(to:within:stall:on:initializer:)``.
  private func checkForStall() {
    if reader == nil { lastMoved = .now() }
    guard NIODeadline.now() - lastMoved >= TimeAmount(stall) else { return watchForStall() }
    failed(.timeout("the data connection, on which nothing moved for \(stall)"))
  }
}
