internal import CNcurses
internal import Glibc
import Synchronization

/// Wakes the screen's `nextEvents` from any thread.
package final class Waker: Sendable {
  let descriptor: Int32
  private let isRung = Atomic(false)

  init() throws(TerminalError) {
    descriptor = wake_open()
    if descriptor < 0 { throw .refused(what: "eventfd", errno: errno) }
  }

  deinit { Glibc.close(descriptor) }

  /// Makes the present or the next `nextEvents` return with a `.wake` event. Many calls before that count as one.
  package func wake() {
    if isRung.exchange(true, ordering: .acquiringAndReleasing) { return }
    ring()
  }

  /// True if `wake()` was called since the last time.
  func take() -> Bool {
    silence()
    return isRung.exchange(false, ordering: .acquiringAndReleasing)
  }

  func ring() {
    var one: UInt64 = 1
    _ = Glibc.write(descriptor, &one, 8)
  }

  func silence() {
    var count: UInt64 = 0
    _ = Glibc.read(descriptor, &count, 8)
  }
}
