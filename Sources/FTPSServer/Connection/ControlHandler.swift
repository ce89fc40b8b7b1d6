import NIOCore
import TLS
import TLSChannel

/// The plaintext end of a control connection: hands out its command lines, one by one and to one reader.
///
/// After an AUTH line nothing more is read as a command until TLS is there: what came in between is somebody else's,
/// slipped in before the encryption (CVE-2011-0411 and its kind), and ends the connection.
final class ControlHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What the reader gets.
  enum Input: Sendable {
    case line([UInt8])
    /// No line of a client is that long.
    case lineTooLong
    /// The handshake is complete.
    case encrypted(TLSFacts)
    /// Nothing came in time.
    case timeout
    /// The connection is gone.
    case closed((any Error)?)
  }

  private let signal: Signal
  private var context: ChannelHandlerContext?
  private var splitter = LineSplitter()
  private var inputs: CircularBuffer<Input> = []
  private var end: Input?
  private var isReadHeld = false
  private var isEncrypted: Bool
  /// An AUTH line was handed out, and neither refused nor followed by a handshake.
  private(set) var isSwitching = false
  /// Called at once when ABOR comes or the connection ends, also while the reader is busy with a transfer.
  var onInterruption: (() -> Void)?

  /// So many lines wait at most; a client that sends more is not read.
  private static let capacity = 64

  init(eventLoop: any EventLoop, isEncrypted: Bool) {
    signal = Signal(eventLoop: eventLoop)
    self.isEncrypted = isEncrypted
  }

  // MARK: For the reader

  /// The next input. At the end of the connection it is `.closed`, however often one asks.
  func next(within time: TimeAmount) async -> Input {
    let deadline = NIODeadline.now() + time
    while inputs.isEmpty, end == nil {
      guard await signal.wait(before: deadline) else { return .timeout }
    }
    let input = inputs.popFirst() ?? end!
    if isReadHeld, inputs.count < Self.capacity / 2 {
      isReadHeld = false
      extractLines()
      context?.read()
    }
    return input
  }

  /// AUTH was refused; the lines go on.
  func stayInPlaintext() {
    isSwitching = false
    extractLines()
    context?.read()
  }

  /// Puts TLS below this handler, after `answer` was sent in the clear. False, and nothing is sent, when bytes came
  /// after the AUTH line.
  func startTLS(_ session: sending TLSSession, after answer: ByteBuffer) -> Bool {
    guard isSwitching, splitter.isEmpty, inputs.isEmpty, let context else { return false }
    context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    do {
      try context.pipeline.syncOperations.addHandler(TLSHandler(session: session), position: .first)
    } catch {
      return false
    }
    isEncrypted = true
    isSwitching = false
    context.read()
    return true
  }

  // MARK: For the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    finish(.closed(nil))
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    splitter.append(unwrapInboundIn(data))
    extractLines()
  }

  func read(context: ChannelHandlerContext) {
    if inputs.count >= Self.capacity {
      isReadHeld = true
    } else {
      context.read()
    }
  }

  private func extractLines() {
    while !isSwitching, end == nil, inputs.count < Self.capacity {
      do {
        guard let line = try splitter.next() else { return }
        receive(line)
      } catch {
        finish(.lineTooLong)
      }
    }
  }

  private func receive(_ line: [UInt8]) {
    let verb = Request(line)?.verb
    if !isEncrypted, verb == "AUTH" { isSwitching = true }
    inputs.append(.line(line))
    if verb == "ABOR" { onInterruption?() }
    signal.raise()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let facts)? = event as? TLSEvent {
      inputs.append(.encrypted(facts))
      signal.raise()
    } else if case .closeNotifyReceived? = event as? TLSEvent {
      finish(.closed(nil))
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(.closed(error))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish(.closed(nil))
    context.fireChannelInactive()
  }

  private func finish(_ input: Input) {
    if end == nil { end = input }
    onInterruption?()
    signal.raise()
  }
}
