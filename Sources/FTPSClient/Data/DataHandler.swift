import DequeModule
import FTP
import NIOCore
import TLS
import TLSChannel

/// The last handler of a data connection: chunks in, one at a time and only when asked for, and chunks out, as fast as
/// the server takes them.
///
/// `@unchecked Sendable`: only touched on its channel's event loop, which its session runs on.
final class DataHandler: ChannelDuplexHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How the server ended its half.
  enum End: Equatable {
    /// With close_notify: nothing is missing.
    case closeNotify
    /// With the end of TCP, where no TLS is spoken.
    case plain
  }

  private let eventLoop: any EventLoop
  private let stall: Duration
  private var context: ChannelHandlerContext?
  private var chunks: Deque<ByteBuffer> = []
  private var buffered = 0
  private var readIsPending = false
  private var end: End?
  private(set) var failure: FTPSError?
  private(set) var facts: TLSFacts?
  private var reader: CheckedContinuation<ByteBuffer?, any Error>?
  private var writer: CheckedContinuation<Void, any Error>?
  private var handshake: CheckedContinuation<Void, any Error>?
  private var closing: CheckedContinuation<Void, Never>?
  private var ticketWait: (store: TicketStore, continuation: CheckedContinuation<Void, Never>)?
  private var watch: RepeatedTask?
  private var movedSinceWatch = true
  private let isEncrypted: Bool

  /// Bytes that are taken from the socket before anybody has asked for them.
  private static let readAhead = 1 << 20

  init(eventLoop: any EventLoop, stall: Duration, isEncrypted: Bool) {
    self.eventLoop = eventLoop
    self.stall = stall
    self.isEncrypted = isEncrypted
  }

  // MARK: For the session

  /// Waits until the server has been recognised as the one of the control connection.
  func handshakeCompleted() async throws {
    if let failure { throw failure }
    if facts != nil || !isEncrypted { return }
    try await withCheckedThrowingContinuation { handshake = $0 }
  }

  /// The next chunk, or `nil` at the server's orderly end.
  func next() async throws -> ByteBuffer? {
    if let chunk = chunks.popFirst() {
      buffered -= chunk.readableBytes
      readIfWanted()
      return chunk
    }
    if end != nil { return nil }
    if let failure { throw failure }
    return try await withCheckedThrowingContinuation { reader = $0 }
  }

  /// Sends a chunk; returns when another one may follow.
  func write(_ chunk: ByteBuffer) async throws {
    if let failure { throw failure }
    guard let context else { throw FTPSError.dataConnection("it is closed") }
    movedSinceWatch = true
    context.writeAndFlush(wrapOutboundOut(chunk), promise: nil)
    if context.channel.isWritable { return }
    try await withCheckedThrowingContinuation { writer = $0 }
  }

  /// Waits a bounded time for a ticket for the next data connection; returns whether there is one.
  ///
  /// OpenSSL drops tickets that come after our close_notify, and a small upload is over before the server's ticket is
  /// here.
  func ticketArrived(in store: TicketStore, within limit: Duration) async -> Bool {
    guard context != nil, failure == nil else { return store.count > 0 }
    let deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) { self.endTicketWait() }
    await withCheckedContinuation { ticketWait = (store, $0) }
    deadline.cancel()
    return store.count > 0
  }

  private func endTicketWait() {
    ticketWait?.continuation.resume()
    ticketWait = nil
  }

  /// Ends our half in an orderly way once all that was written has gone out, and waits a bounded time for the server's.
  func finish(within limit: Duration) async {
    guard let context, failure == nil else { return }
    let channel = context.channel
    channel.close(mode: .output, promise: nil)
    let deadline = eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
    await withCheckedContinuation { closing = $0 }
    deadline.cancel()
  }

  /// Answers the server's orderly end with ours. vsftpd waits for it before it says 226.
  func close() {
    context?.close(mode: .all, promise: nil)
  }

  /// Drops the connection; whoever waits gets `error`.
  func fail(_ error: FTPSError) {
    eventLoop.preconditionInEventLoop()
    if failure == nil { failure = error }
    resumeAll()
    context?.close(mode: .all, promise: nil)
  }

  /// Gives the connection a short while to deliver its end: the control connection has said that it is over.
  func expectEnd(within limit: Duration, else error: FTPSError) {
    guard end == nil, failure == nil else { return }
    _ = eventLoop.scheduleTask(in: TimeAmount(limit)) { [weak self] in
      guard let self, self.end == nil else { return }
      self.fail(error)
    }
  }

  // MARK: Channel events

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    let interval = TimeAmount(stall)
    watch = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
      self?.checkForStall()
    }
    readIfWanted()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    readIfWanted()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let chunk = unwrapInboundIn(data)
    movedSinceWatch = true
    if let reader {
      self.reader = nil
      reader.resume(returning: chunk)
    } else {
      buffered += chunk.readableBytes
      chunks.append(chunk)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    readIsPending = false
    if let ticketWait, ticketWait.store.count > 0 { endTicketWait() }
    readIfWanted()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    movedSinceWatch = true
    guard context.channel.isWritable else { return }
    writer?.resume()
    writer = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? TLSEvent {
      switch event {
      case .handshakeCompleted(let facts):
        self.facts = facts
        handshake?.resume()
        handshake = nil
      case .closeNotifyReceived: ended(.closeNotify)
      }
    } else if case .inputClosed? = event as? ChannelEvent, !isEncrypted {
      ended(.plain)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case TLSError.truncated = error { fail(.truncated) } else { fail(FTPSError(dataChannelError: error)) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if end == nil, !isEncrypted { ended(.plain) }
    if end == nil, failure == nil { failure = isEncrypted ? .truncated : .dataConnection("it was cut") }
    resumeAll()
    context.fireChannelInactive()
  }

  // MARK: Private

  private func ended(_ end: End) {
    if self.end == nil { self.end = end }
    reader?.resume(returning: nil)
    reader = nil
  }

  private func resumeAll() {
    let error = failure ?? .dataConnection("it is closed")
    reader?.resume(throwing: error)
    reader = nil
    writer?.resume(throwing: error)
    writer = nil
    handshake?.resume(throwing: error)
    handshake = nil
    closing?.resume()
    closing = nil
    endTicketWait()
  }

  private func readIfWanted() {
    guard let context, !readIsPending, buffered < Self.readAhead, context.channel.isActive else { return }
    readIsPending = true
    context.read()
  }

  private func checkForStall() {
    // A reader that is slow is not a server that is silent.
    if movedSinceWatch || (buffered > 0 && reader == nil) {
      movedSinceWatch = false
    } else {
      fail(.timeout("the data connection, on which nothing moved for \(stall)"))
    }
  }
}
