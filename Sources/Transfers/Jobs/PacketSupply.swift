import FTP
import NIOCore
import Synchronization

/// A small file that is to be brought to a server.
struct PacketContent: Sendable {
  var bytes: ByteBuffer
  var modified: Timestamp?
}

/// The contents of a packet's files, for one task that takes them in their order, and perhaps before they have come.
final class PacketSupply: Sendable {
  private struct State {
    var contents: [Int: PacketContent] = [:]
    var isOver = false
    var isAbandoned = false
    var taker: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func add(_ content: PacketContent, of index: Int) {
    state.withLock { state in
      state.contents[index] = content
      wake(&state)
    }
  }

  /// No more will come but these.
  func end(with contents: [Int: PacketContent] = [:]) {
    state.withLock { state in
      state.contents.merge(contents) { $1 }
      state.isOver = true
      wake(&state)
    }
  }

  /// Nobody takes any more.
  func abandon() { state.withLock { $0.isAbandoned = true } }

  var isAbandoned: Bool { state.withLock(\.isAbandoned) }

  /// Waits for the first one; false where none comes.
  func hasAny() async -> Bool {
    await wait { !$0.contents.isEmpty }
    return state.withLock { !$0.contents.isEmpty }
  }

  /// Waits for the content of a file, which is taken; nil where it does not come.
  func content(of index: Int) async -> PacketContent? {
    await wait { $0.contents[index] != nil }
    return state.withLock { $0.contents.removeValue(forKey: index) }
  }

  private func wait(until isReady: @Sendable (State) -> Bool) async {
    while state.withLock({ !$0.isOver && !isReady($0) }) {
      await withCheckedContinuation { continuation in
        state.withLock { state in
          if state.isOver || isReady(state) { continuation.resume() } else { state.taker = continuation }
        }
      }
    }
  }

  private func wake(_ state: inout State) {
    state.taker?.resume()
    state.taker = nil
  }
}
