internal import COpenSSL
internal import Synchronization

/// What a client needs to resume a session of a server: a serialised copy, so that no fate of the connection that it
/// came from can make it unusable.
package final class TLSTicket: Sendable {
  /// OpenSSL's serialised session, with the keys in it: wiped when freed, and never written anywhere.
  private let bytes: WipedBytes
  /// Whether it may be used more than once: sessions of TLS 1.2 may, tickets of TLS 1.3 may not (RFC 8446 C.4).
  package let isReusable: Bool

  /// Copies `session`; the reference stays the caller's. Nil for a session that cannot be resumed.
  init?(copying session: OpaquePointer) {
    guard SSL_SESSION_is_resumable(session) == 1 else { return nil }
    let count = Int(i2d_SSL_SESSION(session, nil))
    guard count > 0 else { return nil }
    bytes = WipedBytes(count: count) { buffer in
      var next = buffer.baseAddress
      i2d_SSL_SESSION(session, &next)
    }
    isReusable = SSL_SESSION_get_protocol_version(session) < TLS1_3_VERSION
  }

  /// Calls `body` with a fresh session, which is freed after it.
  func withSession(_ body: (OpaquePointer) -> Void) {
    bytes.withBytes { buffer in
      ErrorQueue.clear()
      var next = buffer.baseAddress
      guard let session = d2i_SSL_SESSION(nil, &next, buffer.count) else { return }
      body(session)
      SSL_SESSION_free(session)
    }
  }
}

/// The tickets of one control connection, filled by it and by its data connections, used by its data connections.
package final class TicketStore: Sendable {
  private struct State {
    var tickets: [TLSTicket] = []
    /// The ticket of TLS 1.3 that was used last.
    var spent: TLSTicket?
    /// OpenSSL's number of the group in which keys were agreed on last.
    var keyGroup: Int32?
  }

  private let state = Mutex(State())
  /// A server that hands out tickets without end fills no memory.
  private static let limit = 16

  package init() {}

  /// How many tickets are there.
  package var count: Int { state.withLock { $0.tickets.count } }

  package func add(_ ticket: TLSTicket) {
    state.withLock { state in
      // A newer session of TLS 1.2 takes the place of the older one.
      if ticket.isReusable { state.tickets.removeAll { $0.isReusable } }
      if state.tickets.count == Self.limit { state.tickets.removeFirst() }
      state.tickets.append(ticket)
    }
  }

  /// The newest ticket. One of TLS 1.3 is used once as long as there is another (RFC 8446 C.4); a session of TLS 1.2
  /// stays.
  ///
  /// ProFTPD 1.3.8 sends no ticket with a resumed upload, and yet refuses a data connection that resumes nothing: the
  /// last ticket is then used again. That gives away no more than the control connection beside it does.
  package func take() -> TLSTicket? {
    state.withLock { state in
      guard let last = state.tickets.last else { return state.spent }
      if last.isReusable { return last }
      state.spent = state.tickets.removeLast()
      return state.spent
    }
  }

  /// The group to offer a key in when a ticket is used: a server that wants another one costs a round trip more
  /// (vsftpd takes P-256 only).
  var keyGroup: Int32? {
    get { state.withLock { $0.keyGroup } }
    set { state.withLock { $0.keyGroup = newValue } }
  }

  /// Forgets all, e.g. when trust or identity changed.
  package func removeAll() {
    state.withLock { $0 = State() }
  }
}

/// Bytes that are wiped when freed, and that do not change in between; hence sendable.
final class WipedBytes: @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<UInt8>

  init(count: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    memory = .allocate(capacity: count)
    memory.initialize(repeating: 0)
    fill(memory)
  }

  deinit {
    OPENSSL_cleanse(memory.baseAddress, memory.count)
    memory.deallocate()
  }

  func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    body(UnsafeBufferPointer(memory))
  }
}
