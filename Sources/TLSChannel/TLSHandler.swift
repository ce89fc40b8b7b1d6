package import NIOCore
package import TLS

/// TLS on a channel, client or server: ciphertext below, plaintext above.
///
/// - Bytes that are written before the handshake is done are held back, never sent.
/// - An unknown certificate pauses the handshake while `verdict` is asked, and reading with it; no is an error of the
///   handshake.
/// - `close(mode: .output)` says close_notify and then half-closes TCP; the peer's half stays open for reading.
/// - `close(mode: .all)` says close_notify, too, and closes once all has gone out that was written before, or after
///   ``closeLimit``. Who wants to close without a word closes below this handler.
/// - The peer's close_notify is an event, ``TLSEvent/closeNotifyReceived``. The end of TCP without it is
///   ``TLSError/truncated``.
package final class TLSHandler: ChannelDuplexHandler {
  package typealias InboundIn = ByteBuffer
  package typealias InboundOut = ByteBuffer
  package typealias OutboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  /// Decides about the peer's chain while the handshake is paused.
  package typealias Verdict = @Sendable ([Certificate], TLSFacts) async -> Bool

  private enum State {
    case handshaking
    /// Somebody is being asked about the peer's certificate.
    case judging
    case open
    /// The peer has said close_notify.
    case ended
    case failed
  }

  private let session: TLSSession
  private let verdict: Verdict?
  private let endsOutputAtOnce: Bool
  private let awaitsData: Bool
  private var state = State.handshaking
  private var held: [(ByteBuffer, EventLoopPromise<Void>?)] = []
  /// Our half is to end when the handshake is done.
  private var heldClose: EventLoopPromise<Void>??
  /// A read that was asked for while the verdict was awaited.
  private var isReadHeld = false
  private var hasSentCloseNotify = false

  /// How long `close(mode: .all)` waits for a peer that does not take what was written.
  package static let closeLimit = TimeAmount.seconds(2)
  /// Room for plaintext handed up at once: what one read from a socket holds.
  private static let chunkSize = 256 << 10
  /// What a record adds to its plaintext, in every cipher suite of TLS 1.2 and 1.3, rounded up.
  private static let recordOverhead = 64
  /// A TLS record's plaintext is never longer (RFC 8446 section 5.1).
  private static let recordSize = 16 << 10

  /// - Parameters:
  ///   - endsOutputAtOnce: nothing will be written: with TLS 1.3 our close_notify goes out together with the end of the
  ///     handshake. TCP stays open.
  ///   - awaitsData: the end of the handshake goes out together with what is written in the same turn of the event loop.
  package init(
    session: TLSSession, endsOutputAtOnce: Bool = false, awaitsData: Bool = false, verdict: Verdict? = nil
  ) {
    self.session = session
    self.endsOutputAtOnce = endsOutputAtOnce
    self.awaitsData = awaitsData
    self.verdict = verdict
  }

  // MARK: Inbound

  package func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { progress(context) }
  }

  package func channelActive(context: ChannelHandlerContext) {
    progress(context)
    context.fireChannelActive()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // After an end or a failure nothing is read any more, and nothing kept.
    guard state != .ended, state != .failed else { return }
    let ciphertext = unwrapInboundIn(data)
    ciphertext.withUnsafeReadableBytes { bytes in
      session.withInput(bytes) { progress(context) }
    }
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent { inputEnded(context) }
    context.fireUserInboundEventTriggered(event)
  }

  package func channelInactive(context: ChannelHandlerContext) {
    inputEnded(context)
    dropHeld(ChannelError.ioOnClosedChannel)
    context.fireChannelInactive()
  }

  private func inputEnded(_ context: ChannelHandlerContext) {
    switch state {
    case .ended, .failed: return
    case .handshaking, .judging, .open:
      session.endOfInput()
      if state == .judging { fail(TLSError.closedDuringHandshake, context) } else { progress(context) }
    }
  }

  // MARK: Outbound

  package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let plaintext = unwrapOutboundIn(data)
    switch state {
    case .handshaking, .judging: held.append((plaintext, promise))
    case .open, .ended: encrypt(plaintext, context, promise)
    case .failed: promise?.fail(ChannelError.ioOnClosedChannel)
    }
  }

  package func read(context: ChannelHandlerContext) {
    // What a peer sends while a person thinks about its certificate stays in its own buffers, not in ours.
    if state == .judging { isReadHeld = true } else { context.read() }
  }

  package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    switch state {
    case .handshaking, .judging:
      if mode == .output { heldClose = .some(promise) } else { context.close(mode: mode, promise: promise) }
    case .open, .ended:
      if mode == .input { context.close(mode: mode, promise: promise) } else { end(context, mode, promise) }
    case .failed:
      context.close(mode: mode, promise: promise)
    }
  }

  /// Says close_notify and closes when it has gone out: a close at once would drop it, and all that waits before it.
  private func end(_ context: ChannelHandlerContext, _ mode: CloseMode, _ promise: EventLoopPromise<Void>?) {
    guard !hasSentCloseNotify else { return context.close(mode: mode, promise: promise) }
    hasSentCloseNotify = true
    session.sendCloseNotify()
    let written = context.eventLoop.makePromise(of: Void.self)
    sendPending(context, written)
    var deadline: Scheduled<Void>?
    var hasClosed = false
    written.futureResult.assumeIsolated().whenComplete { _ in
      hasClosed = true
      deadline?.cancel()
      context.close(mode: mode, promise: promise)
    }
    context.flush()
    guard mode == .all, !hasClosed else { return }
    // It fails what is written, and so comes back to the above.
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.closeLimit) {
      context.close(mode: .all, promise: nil)
    }
  }

  private func encrypt(_ plaintext: ByteBuffer, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    guard !hasSentCloseNotify else {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    let count = plaintext.readableBytes
    let records = count / Self.recordSize + 1
    var ciphertext = context.channel.allocator.buffer(
      capacity: session.pendingCiphertextCount + count + records * Self.recordOverhead)
    do {
      try ciphertext.writeWithUnsafeMutableBytes(minimumWritableBytes: 0) { memory in
        try session.withOutput(memory) { () throws(TLSError) in
          try plaintext.withUnsafeReadableBytes { bytes throws(TLSError) in try session.write(bytes) }
        }
      }
      context.write(wrapOutboundOut(ciphertext), promise: promise)
    } catch {
      promise?.fail(error)
      fail(error, context)
    }
  }

  // MARK: The session's progress

  /// Goes as far as the bytes at hand allow, and sends what came of it.
  private func progress(_ context: ChannelHandlerContext) {
    do {
      if state == .handshaking { try handshake(context) }
      if state == .open { try readAll(context) }
    } catch {
      // The alert that says why belongs to the peer.
      sendPending(context)
      context.flush()
      fail(error, context)
      return
    }
    if session.pendingCiphertextCount > 0 {
      sendPending(context)
      context.flush()
    }
  }

  private func handshake(_ context: ChannelHandlerContext) throws {
    switch try session.handshake() {
    case .wantsPeer: return
    case .needsVerdict: judge(context)
    case .complete:
      state = .open
      // In TLS 1.2 the peer would have to drop what it still wants to send (RFC 5246 section 7.2.1).
      if endsOutputAtOnce, session.version == "TLS 1.3" {
        hasSentCloseNotify = true
        session.sendCloseNotify()
      }
      // The last flight goes out before anything that those above write in answer to the event.
      sendPending(context)
      for (plaintext, promise) in held { encrypt(plaintext, context, promise) }
      held = []
      if !awaitsData { context.flush() }
      guard state == .open else { return }
      context.fireUserInboundEventTriggered(TLSEvent.handshakeCompleted(TLSFacts(session)))
      // Behind what the event has made others do.
      if awaitsData { context.eventLoop.assumeIsolated().execute { context.flush() } }
      if let promise = heldClose { close(context: context, mode: .output, promise: promise) }
    }
  }

  private func judge(_ context: ChannelHandlerContext) {
    state = .judging
    guard let verdict else {
      resume(context, accepted: false)
      return
    }
    let chain = session.peerChain
    let facts = TLSFacts(session)
    let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let eventLoop = context.eventLoop
    Task {
      let accepted = await verdict(chain, facts)
      eventLoop.execute {
        let (handler, context) = handler.value
        handler.resume(context, accepted: accepted)
      }
    }
  }

  private func resume(_ context: ChannelHandlerContext, accepted: Bool) {
    guard state == .judging else { return }
    state = .handshaking
    session.answer(accepted: accepted)
    progress(context)
    if isReadHeld {
      isReadHeld = false
      context.read()
    }
  }

  private func readAll(_ context: ChannelHandlerContext) throws {
    while state == .open {
      // Plaintext is never longer than its ciphertext, and at least a record may wait decrypted inside OpenSSL.
      let size = min(max(session.unreadCiphertextCount, Self.recordSize), Self.chunkSize)
      var plaintext = context.channel.allocator.buffer(capacity: size)
      var received = TLSSession.Received.wantsPeer
      try plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
        received = try session.read(into: memory)
        if case .bytes(let count) = received { return count }
        return 0
      }
      switch received {
      case .bytes: context.fireChannelRead(wrapInboundOut(plaintext))
      case .wantsPeer: return
      case .closeNotify:
        state = .ended
        context.fireUserInboundEventTriggered(TLSEvent.closeNotifyReceived)
      }
    }
  }

  private func sendPending(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>? = nil) {
    let count = session.pendingCiphertextCount
    guard count > 0 || promise != nil else { return }
    var ciphertext = context.channel.allocator.buffer(capacity: count)
    session.withPendingCiphertext { _ = ciphertext.writeBytes($0) }
    session.dropPendingCiphertext(count)
    context.write(wrapOutboundOut(ciphertext), promise: promise)
  }

  private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
    guard state != .failed else { return }
    state = .failed
    dropHeld(error)
    context.fireErrorCaught(error)
  }

  private func dropHeld(_ error: any Error) {
    for (_, promise) in held { promise?.fail(error) }
    held = []
    heldClose??.fail(error)
    heldClose = nil
  }
}
