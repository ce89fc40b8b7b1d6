import FTP
import Glibc
import Synchronization
import Transfers

/// Sets the limit of all transfers: by what a person says, else by the time of day.
final class SpeedControl: Sendable {
  private struct State {
    var choice = SpeedChoice.schedule
    var schedule = SpeedSchedule()
    var clock: Task<Void, Never>?
  }

  let limit = SpeedLimit()
  private let state = Mutex(State())

  /// The time of day is looked at this often.
  private static let interval = Duration.seconds(10)

  /// What a person says; it counts at once.
  func choose(_ choice: SpeedChoice) {
    state.withLock { $0.choice = choice }
    apply()
  }

  /// What the settings say. Where that depends on the time of day, it is looked at until ``end()``.
  func follow(_ schedule: SpeedSchedule) {
    state.withLock { state in
      state.schedule = schedule
      state.clock?.cancel()
      state.clock = nil
      guard !schedule.periods.isEmpty else { return }
      state.clock = Task { [weak self] in
        while !Task.isCancelled {
          self?.apply()
          try? await Task.sleep(for: Self.interval)
        }
      }
    }
    apply()
  }

  func end() { state.withLock { $0.clock?.cancel() } }

  private func apply() {
    let rate = state.withLock { state -> Double? in
      switch state.choice {
      case .unlimited: return nil
      case .rate(let rate): return rate
      case .schedule:
        let now = Self.now
        return state.schedule.rate(weekday: now.weekday, minute: now.minute)
      }
    }
    if rate != limit.rate { limit.set(rate) }
  }

  private static var now: (weekday: Int, minute: Int) {
    var seconds = time(nil)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return (0, 0) }
    return (Int(parts.tm_wday), Int(parts.tm_hour) * 60 + Int(parts.tm_min))
  }
}
