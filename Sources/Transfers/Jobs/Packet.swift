import FTP
import NIOCore
import NIOPosix
import Synchronization

/// Small files of one batch that one session carries one after another.
final class Packet: Sendable {
  /// Files in a packet at most.
  static let largest = 32

  let jobs: [Job]
  private let stopped = Mutex<Set<TransferItem.ID>>([])

  init(_ jobs: [Job]) { self.jobs = jobs }

  /// The item is not wanted any more; if it is being transferred just now, that goes on to its near end.
  func leaveOut(_ id: TransferItem.ID) { stopped.withLock { _ = $0.insert(id) } }

  func wants(_ id: TransferItem.ID) -> Bool { stopped.withLock { !$0.contains(id) } }

  func isWanted(_ index: Int) -> Bool { wants(jobs[index].item.id) }

  /// What every item of it has in common.
  var batch: TransferBatch { jobs[0].batch }
}

/// What a packet's session hands over, gathered until somebody takes it.
///
/// Whoever takes it is woken for a few results together: a thread that is woken for each costs more than its work.
final class PacketResults<Value: Sendable>: Sendable {
  private struct State {
    var arrived: [(index: Int, value: Value)] = []
    var firstArrival: ContinuousClock.Instant?
    var isOver = false
    var taker: CheckedContinuation<Void, Never>?
  }

  /// Results that are worth waking somebody for, and how long fewer are kept at most.
  private static var worthwhile: Int { 8 }
  private static var patience: Duration { .milliseconds(50) }

  private let state = Mutex(State())

  func add(_ index: Int, _ value: Value) {
    state.withLock { state in
      if state.arrived.isEmpty { state.firstArrival = .now }
      state.arrived.append((index, value))
      // On a link on which each file takes its time, nothing is won by waiting for the next one.
      if state.arrived.count >= Self.worthwhile || Self.isLate(state) {
        wake(&state)
      } else if state.arrived.count == 1 {
        wakeLater()
      }
    }
  }

  /// Brings what has arrived to whoever waits, if nothing else has meanwhile.
  private func wakeLater() {
    let wakeIfLate: @Sendable () -> Void = { [self] in
      state.withLock { state in if Self.isLate(state) { wake(&state) } }
    }
    // Of the session that brings it, which costs no thread's waking.
    if let eventLoop = MultiThreadedEventLoopGroup.currentEventLoop {
      eventLoop.scheduleTask(in: TimeAmount(Self.patience), wakeIfLate)
    } else {
      Task {
        try? await Task.sleep(for: Self.patience)
        wakeIfLate()
      }
    }
  }

  private static func isLate(_ state: State) -> Bool {
    guard !state.arrived.isEmpty, let first = state.firstArrival else { return false }
    return ContinuousClock.now - first >= patience
  }

  /// No more will come.
  func end() {
    state.withLock { state in
      state.isOver = true
      wake(&state)
    }
  }

  /// What has arrived, at least one result; nil at the end.
  func next() async -> [(index: Int, value: Value)]? {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if state.isOver || state.arrived.count >= Self.worthwhile || Self.isLate(state) {
          continuation.resume()
        } else {
          state.taker = continuation
        }
      }
    }
    return state.withLock { state in
      defer { state.arrived = [] }
      return state.arrived.isEmpty && state.isOver ? nil : state.arrived
    }
  }

  private func wake(_ state: inout State) {
    state.taker?.resume()
    state.taker = nil
  }
}
