import NIOCore
import TLSChannel

/// The plaintext end of a data connection: bytes in and out with bounded memory, and an end that is known to be orderly
/// or not.
final class DataHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum State {
    case handshaking
    case open(TLSFacts)
    /// The client has said close_notify.
    case ended
    case failed(any Error)
  }

  private let signal: Signal
  private let stall: TimeAmount
  private var context: ChannelHandlerContext?
  private var state = State.handshaking
  private var facts: TLSFacts?
  private var chunks: CircularBuffer<ByteBuffer> = []
  private var chunkBytes = 0
  private var isReadHeld = false

  /// Received bytes that wait at most, roughly: then the socket is left alone.
  private static let capacity = 1 << 20

  init(eventLoop: any EventLoop, stall: TimeAmount) {
    signal = Signal(eventLoop: eventLoop)
    self.stall = stall
  }

  // MARK: For the transfer

  /// Waits for the handshake.
  func handshake(within time: TimeAmount) async throws -> TLSFacts {
    let deadline = NIODeadline.now() + time
    while true {
      if let facts { return facts }
      if case .failed(let error) = state { throw error }
      guard await signal.wait(before: deadline) else { throw DataError.handshakeTimeout }
    }
  }

  /// The next bytes; nil when the client has ended its data in an orderly way. Throws where it ended in any other.
  func next() async throws -> ByteBuffer? {
    while true {
      if let chunk = chunks.popFirst() {
        chunkBytes -= chunk.readableBytes
        if isReadHeld, chunkBytes < Self.capacity / 2 {
          isReadHeld = false
          context?.read()
        }
        return chunk
      }
      switch state {
      case .ended: return nil
      case .failed(let error): throw error
      case .handshaking, .open: break
      }
      guard await signal.wait(before: .now() + stall) else { throw DataError.stalled }
    }
  }

  /// Sends `bytes` and returns when the system has taken them.
  func write(_ bytes: ByteBuffer) async throws {
    if case .failed(let error) = state { throw error }
    guard let context else { throw ChannelError.ioOnClosedChannel }
    let written = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
    let alarm = signal.alarm(at: .now() + stall) { self.abort(DataError.stalled) }
    defer { alarm.cancel() }
    do {
      try await written.futureResult.get()
    } catch {
      if case .failed(let reason) = state { throw reason }
      throw error
    }
  }

  /// Says close_notify, waits until the client has answered it or `time` is over, and closes. Throws when the connection
  /// broke instead, for then the client may lack the last bytes.
  func finishSending(within time: TimeAmount) async throws {
    if case .failed(let error) = state { throw error }
    let deadline = NIODeadline.now() + time
    context?.channel.close(mode: .output, promise: nil)
    var isInTime = true
    while isInTime {
      chunks.removeAll()
      switch state {
      case .ended: isInTime = false
      case .failed(let error):
        // Many clients close without a word of their own when they have everything; a reset is another matter.
        if error is IOError || error as? DataError == .interrupted { throw error }
        isInTime = false
      case .handshaking, .open: isInTime = await signal.wait(before: deadline)
      }
    }
    close()
  }

  /// Ends the connection in an orderly way, with our close_notify.
  func close() {
    context?.channel.close(promise: nil)
  }

  /// Ends the connection so that nobody can take it for complete: without close_notify.
  func abort(_ reason: any Error) {
    fail(reason)
    guard let context else { return }
    if let tls = try? context.pipeline.syncOperations.context(handlerType: TLSHandler.self) {
      tls.close(promise: nil)
    } else {
      context.close(promise: nil)
    }
  }

  // MARK: For the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    fail(ChannelError.ioOnClosedChannel)
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let chunk = unwrapInboundIn(data)
    chunkBytes += chunk.readableBytes
    chunks.append(chunk)
    signal.raise()
  }

  func read(context: ChannelHandlerContext) {
    if chunkBytes >= Self.capacity {
      isReadHeld = true
    } else {
      context.read()
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event as? TLSEvent {
    case .handshakeCompleted(let facts)?:
      self.facts = facts
      state = .open(facts)
      signal.raise()
    case .closeNotifyReceived?:
      state = .ended
      signal.raise()
    case nil: break
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    abort(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(ChannelError.ioOnClosedChannel)
    context.fireChannelInactive()
  }

  private func fail(_ error: any Error) {
    switch state {
    case .handshaking, .open: state = .failed(error)
    case .ended, .failed: break
    }
    signal.raise()
  }
}
