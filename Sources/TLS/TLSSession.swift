internal import COpenSSL

/// One TLS connection without a socket: ciphertext in, ciphertext out, plaintext on the other side.
///
/// Not sendable: it belongs to one event loop. Ciphertext comes by `receive` or, without a copy, by `withInput`; what is
/// to be sent is taken, after every call, by `withPendingCiphertext` or, without a copy, is written by `withOutput`
/// straight to the caller's memory.
package final class TLSSession {
  /// The connection could not go on, and says so on every further call.
  private(set) var failure: TLSError?
  /// The answer on the peer's certificate.
  var verdict = Verdict.notAsked
  /// The last fatal alert that was written.
  var alertSent: TLSAlert?
  /// What was wrong with the server's stapled answer about its certificate.
  var stapleProblem: StapleProblem?
  /// Where new tickets go, on clients.
  let tickets: TicketStore?
  /// The protocol that a client offered.
  let offeredProtocol: String?
  /// Whether the server asked for a certificate, on clients. Not known for a resumed session.
  package internal(set) var wasAskedForCertificate = false
  /// What the handshake said, where somebody wants to know.
  var trace: HandshakeTrace?
  /// An end that was met after bytes of the same call, and which is told by the next call.
  private var met: Result<Received, TLSError>?
  private var isComplete = false
  private var hasSentCloseNotify = false

  let context: TLSContext
  let ssl: OpaquePointer
  private let wire: UnsafeMutablePointer<Wire>

  enum Verdict {
    /// No full handshake came to the peer's certificate yet.
    case notAsked
    /// The handshake waits for `answer`.
    case awaited
    case accepted
    case rejected
  }

  /// How far the handshake is.
  package enum Handshake: Hashable, Sendable {
    /// Send what is pending, then wait for bytes of the peer.
    case wantsPeer
    /// Look at `peerChain`, call `answer`, then `handshake` again. Only on clients, never for a resumed session.
    case needsVerdict
    case complete
  }

  /// What a read gave.
  package enum Received: Hashable, Sendable {
    /// How many bytes, at least one.
    case bytes(Int)
    /// Nothing yet.
    case wantsPeer
    /// The peer has ended its side in order. Writing is still possible.
    case closeNotify
  }

  /// A session that connects. `serverName` goes to the server as SNI unless it is an IP address; `ticket` asks for the
  /// resumption of that session; new tickets go to `tickets`; `alpn` is the application protocol to offer, e.g. "ftp".
  /// With a ticket, or where `usesKnownGroup`, keys are offered in the group that `tickets` know, and in no other.
  package init(
    client context: TLSContext, serverName: String?, ticket: TLSTicket? = nil, tickets: TicketStore? = nil,
    usesKnownGroup: Bool = false, alpn: String? = nil
  ) {
    precondition(context.role == .client)
    self.context = context
    self.tickets = tickets
    offeredProtocol = alpn
    (ssl, wire) = Self.make(context)
    attach()
    SSL_set_connect_state(ssl)
    if let name = serverName.flatMap(HostName.init)?.forServerNameIndication {
      ferry_ssl_set_server_name(ssl, name)
    }
    ferry_ssl_request_status(ssl)
    if let alpn {
      let list = [UInt8(alpn.utf8.count)] + Array(alpn.utf8)
      SSL_set_alpn_protos(ssl, list, UInt32(list.count))
    }
    if ticket != nil || usesKnownGroup, let group = tickets?.keyGroup { _ = ferry_ssl_set_group(ssl, group) }
    // A session that OpenSSL does not take leads to a full handshake.
    ticket?.withSession { SSL_set_session(ssl, $0) }
  }

  /// A session that accepts. It resumes only sessions of the same `scope`, so that `isResumed` on a data connection
  /// proves that its client is that of the control connection which has the scope.
  ///
  /// `issuers` are named to a client that is asked for a certificate, so that it can choose; nobody is named for none,
  /// which means any. A client may then keep back a certificate of another issuer, as those with GnuTLS do.
  package init(server context: TLSContext, scope: ResumptionScope, issuers: [Certificate] = []) {
    precondition(context.role == .server)
    self.context = context
    tickets = nil
    offeredProtocol = nil
    (ssl, wire) = Self.make(context)
    attach()
    SSL_set_accept_state(ssl)
    SSL_set_session_id_context(ssl, scope.bytes, UInt32(scope.bytes.count))
    name(issuers)
  }

  deinit {
    // OpenSSL spoils a session whose connection is freed without this, and with it the tickets of a server.
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
    SSL_free(ssl)
    wire.pointee.free()
    wire.deinitialize(count: 1)
    wire.deallocate()
  }

  private static func make(_ context: TLSContext) -> (OpaquePointer, UnsafeMutablePointer<Wire>) {
    guard let ssl = SSL_new(context.pointer) else { preconditionFailure("out of memory") }
    let wire = UnsafeMutablePointer<Wire>.allocate(capacity: 1)
    wire.initialize(to: Wire())
    let bio = Wire.makeBIO(for: wire)
    // One reference for both directions.
    SSL_set_bio(ssl, bio, bio)
    return (ssl, wire)
  }

  /// More names than these would make a long message that no person wants to choose from.
  private static let issuerLimit = 64

  private func name(_ issuers: [Certificate]) {
    guard !issuers.isEmpty, let names = ferry_names_new() else { return }
    for issuer in issuers.prefix(Self.issuerLimit) {
      issuer.withX509 { x509 in
        // The list owns its names, and the session its list.
        if let name = X509_NAME_dup(X509_get_subject_name(x509)) { _ = ferry_names_push(names, name) }
      }
    }
    SSL_set0_CA_list(ssl, names)
  }

  private func attach() {
    // Not retained: callbacks only come from within calls of this object.
    SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
  }
}

// MARK: - The network side

extension TLSSession {
  /// Takes ciphertext that came, by copying it.
  package func receive(_ bytes: UnsafeRawBufferPointer) {
    withInput(bytes) {}
  }

  /// Lends ciphertext that came, for the calls of `body`: handshake or read until `.wantsPeer`. What they leave is
  /// copied and kept for later.
  package func withInput<R, E: Error>(
    _ bytes: UnsafeRawBufferPointer, _ body: () throws(E) -> R
  ) throws(E) -> R {
    wire.pointee.lend(bytes)
    defer { wire.pointee.endLoan() }
    return try body()
  }

  /// The TCP connection has ended: after the bytes that came, an end without close_notify is `TLSError.truncated`.
  package func endOfInput() {
    wire.pointee.end()
  }

  /// How many bytes came and were not used: they wait for a verdict, or for a read.
  package var unreadCiphertextCount: Int { wire.pointee.unreadCount }

  /// How many bytes are to be sent.
  package var pendingCiphertextCount: Int { wire.pointee.pending.count }

  /// Calls `body` with the bytes that are to be sent, which it must not keep, and which stay pending.
  package func withPendingCiphertext<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try body(wire.pointee.pending.bytes)
  }

  /// The first `count` pending bytes were sent or copied.
  package func dropPendingCiphertext(_ count: Int) {
    wire.pointee.dropPending(count)
  }

  /// Lends memory for ciphertext that is to be sent, for the calls of `body`, and gives how many bytes of it were
  /// written. Bytes that were pending come first; those without room stay pending.
  package func withOutput<E: Error>(
    _ memory: UnsafeMutableRawBufferPointer, _ body: () throws(E) -> Void
  ) throws(E) -> Int {
    wire.pointee.openWindow(memory)
    do {
      try body()
    } catch {
      // What was written must still be sent, an alert for example.
      let count = wire.pointee.closeWindow()
      wire.pointee.putBack(UnsafeRawBufferPointer(rebasing: memory[..<count]))
      throw error
    }
    return wire.pointee.closeWindow()
  }
}

// MARK: - The plaintext side

extension TLSSession {
  /// Goes on with the handshake as far as the bytes that came allow.
  package func handshake() throws(TLSError) -> Handshake {
    if let failure { throw failure }
    if isComplete { return .complete }
    ErrorQueue.clear()
    let result = SSL_do_handshake(ssl)
    if result == 1 {
      try checkApplicationProtocol()
      isComplete = true
      endTrace()
      noteKeyGroup()
      return .complete
    }
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ: return .wantsPeer
    case SSL_ERROR_WANT_RETRY_VERIFY: return .needsVerdict
    case let code: throw fail(code)
    }
  }

  /// The verdict on the peer's certificate. Call `handshake` after it; a rejection is told to the peer by an alert and
  /// thrown there as `TLSError.certificateRejected`.
  package func answer(accepted: Bool) {
    precondition(verdict == .awaited, "no verdict was asked for")
    verdict = accepted ? .accepted : .rejected
  }

  /// Fills `buffer` with as much plaintext as the bytes that came hold.
  ///
  /// Throws `TLSError.truncated` after an end without close_notify, `.peerAlert` for an alert: with TLS 1.3 this is
  /// where a server's opinion of a client's certificate comes.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSError) -> Received {
    if let met {
      self.met = nil
      return try met.get()
    }
    if let failure { throw failure }
    precondition(isComplete, "read before the handshake")
    precondition(buffer.count > 0)
    var total = 0
    while total < buffer.count {
      var count = 0
      ErrorQueue.clear()
      let result = SSL_read_ex(ssl, buffer.baseAddress.map { $0 + total }, buffer.count - total, &count)
      if result == 1 {
        total += count
        continue
      }
      let end: Result<Received, TLSError>
      switch SSL_get_error(ssl, result) {
      case SSL_ERROR_WANT_READ: end = .success(.wantsPeer)
      case SSL_ERROR_ZERO_RETURN: end = .success(.closeNotify)
      case let code: end = .failure(fail(code))
      }
      if total == 0 { return try end.get() }
      if end != .success(.wantsPeer) { met = end }
      break
    }
    return .bytes(total)
  }

  /// Encrypts all of `bytes`. The handshake must be complete, and close_notify not sent.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
    if let failure { throw failure }
    precondition(isComplete, "write before the handshake")
    var rest = bytes
    while !rest.isEmpty {
      var count = 0
      ErrorQueue.clear()
      let result = SSL_write_ex(ssl, rest.baseAddress, rest.count, &count)
      if result != 1 { throw fail(SSL_get_error(ssl, result)) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Ends our side in order; reading goes on until the peer's close_notify. Does nothing before the handshake is
  /// complete, after a failure, and the second time.
  ///
  /// In TLS 1.3 either side may do so while the other one still sends (RFC 8446 section 6.1).
  package func sendCloseNotify() {
    guard isComplete, failure == nil, !hasSentCloseNotify else { return }
    hasSentCloseNotify = true
    ErrorQueue.clear()
    SSL_shutdown(ssl)
    // OpenSSL would not take the tickets that come after our end.
    SSL_set_shutdown(ssl, SSL_get_shutdown(ssl) & ~SSL_SENT_SHUTDOWN)
    ErrorQueue.clear()
  }

  /// Numbers that OpenSSL made up itself for groups that it does not know cannot be asked for.
  private func noteKeyGroup() {
    guard let tickets, SSL_version(ssl) == TLS1_3_VERSION, let group = Int32(exactly: ferry_ssl_negotiated_group(ssl)),
      group > 0, group < 1 << 16
    else {
      return
    }
    tickets.keyGroup = group
  }

  private func checkApplicationProtocol() throws(TLSError) {
    guard let chosen = alpn, chosen != offeredProtocol, context.role == .client else { return }
    let error = TLSError.wrongApplicationProtocol(chosen)
    failure = error
    throw error
  }

  /// Keeps and gives the reason why OpenSSL cannot go on.
  private func fail(_ code: Int32) -> TLSError {
    let entries = ErrorQueue.drain()
    let error = cause(code, entries)
    failure = error
    return error
  }

  private func cause(_ code: Int32, _ entries: [ErrorQueue.Entry]) -> TLSError {
    if verdict == .rejected { return .certificateRejected }
    if let stapleProblem { return .staple(stapleProblem) }
    if let alert = entries.lazy.compactMap(\.peerAlert).first { return .peerAlert(alert) }
    let isEnd = entries.contains { $0.library == ERR_LIB_SSL && $0.reason == SSL_R_UNEXPECTED_EOF_WHILE_READING }
    if isEnd || code == SSL_ERROR_SYSCALL { return isComplete ? .truncated : .closedDuringHandshake }
    if !isComplete, let first = wire.pointee.firstByte, first != 0x16, first != 0x15 { return .notTLS }
    if !isComplete {
      if entries.contains(where: { $0.library == ERR_LIB_SSL && $0.reason == SSL_R_EXCESSIVE_MESSAGE_SIZE }) {
        return .oversizedCertificates
      }
      // With the alert that says so; what else of ASN.1 fails in a handshake is no certificate.
      if alertSent == .badCertificate || entries.contains(where: { $0.library == ERR_LIB_ASN1 }) {
        return .unreadableCertificate
      }
    }
    // The cipher's own complaint comes before that of TLS, and says less.
    let entry = entries.first { $0.library == ERR_LIB_SSL } ?? entries.first
    return .failed(reason: entry?.text ?? "no reason given", alert: alertSent)
  }
}
