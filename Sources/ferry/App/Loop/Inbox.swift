import Synchronization
import Terminal

/// Where everything that happens outside comes home to: filled by any thread, emptied by the screen's.
final class Inbox: Sendable {
  private struct State {
    var events: [AppEvent] = []
    var wake: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Puts an event in, and wakes the screen's thread.
  func post(_ event: AppEvent) {
    let wake = state.withLock { state in
      state.events.append(event)
      return state.wake
    }
    wake?()
  }

  /// Takes everything out.
  func take() -> [AppEvent] {
    state.withLock { state in
      let events = state.events
      state.events = []
      return events
    }
  }

  /// Says how the screen's thread is woken; before that it is not asleep.
  func wakes(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }
}
