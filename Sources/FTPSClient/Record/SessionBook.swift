import FTP
import Synchronization

/// The records of a process's sessions: all that are open, and the last ones that have ended.
///
/// Writing is an append under a lock that is held for no longer than that; nobody is told unless somebody has looked
/// since the last time.
package final class SessionBook: Sendable {
  /// Records kept; sessions that are open are kept however many they are.
  package static let limit = 12

  private struct State {
    var records: [SessionRecord] = []
    var starts: [Int: ContinuousClock.Instant] = [:]
    var tell: (@Sendable () -> Void)?

    /// Makes room at the cost of sessions that have ended long ago.
    mutating func forgetOld() {
      while records.count > SessionBook.limit, let index = records.firstIndex(where: { $0.hasEnded }) {
        starts[records[index].number] = nil
        records.remove(at: index)
      }
    }
  }

  private let state = Mutex(State())

  package init() {}

  /// Everything that was kept, oldest session first. The first change after it calls `tell`, on any thread, once.
  package func read(_ tell: (@Sendable () -> Void)? = nil) -> [SessionRecord] {
    state.withLock { state in
      state.tell = tell
      return state.records
    }
  }

  /// Notes an event of a session; the first one opens its record.
  func note(_ kind: SessionEvent.Kind, session: Int, server: ServerAddress) {
    let now = ContinuousClock.now
    let tell = state.withLock { state in
      let start = state.starts[session] ?? now
      let event = SessionEvent(now - start, kind)
      // The sessions that talk are mostly the newest.
      if let index = state.records.lastIndex(where: { $0.number == session }) {
        state.records[index].append(event)
      } else {
        state.starts[session] = start
        state.records.append(SessionRecord(number: session, server: server, events: [event]))
        state.forgetOld()
      }
      defer { state.tell = nil }
      return state.tell
    }
    tell?()
  }
}
