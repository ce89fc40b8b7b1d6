internal import COpenSSL
internal import Synchronization

/// What a client needs to resume a session of a server: a copy of it, so that no fate of the connection that it came
/// from can make it unusable.
///
/// OpenSSL counts references under locks, and nothing changes the copy; hence sendable. It wipes the keys when it frees
/// them.
package final class TLSTicket: @unchecked Sendable {
  private let session: OpaquePointer
  /// Whether it may be used more than once: sessions of TLS 1.2 may, tickets of TLS 1.3 may not (RFC 8446 C.4).
  package let isReusable: Bool

  /// Copies `session`; the reference stays the caller's. Nil for a session that cannot be resumed.
  init?(copying session: OpaquePointer) {
    guard SSL_SESSION_is_resumable(session) == 1, let copy = SSL_SESSION_dup(session) else { return nil }
    self.session = copy
    isReusable = SSL_SESSION_get_protocol_version(session) < TLS1_3_VERSION
  }

  deinit { SSL_SESSION_free(session) }

  /// Calls `body` with a fresh session, which is freed after it.
  func withSession(_ body: (OpaquePointer) -> Void) {
    guard let fresh = SSL_SESSION_dup(session) else { return }
    body(fresh)
    SSL_SESSION_free(fresh)
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
  package var keyGroup: Int32? {
    get { state.withLock { $0.keyGroup } }
    set { state.withLock { $0.keyGroup = newValue } }
  }

  /// Forgets all, e.g. when trust or identity changed.
  package func removeAll() {
    state.withLock { $0 = State() }
  }
}
