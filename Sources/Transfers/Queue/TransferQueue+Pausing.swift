/// What a queue knows of the pause that the journal keeps.
struct PauseKept {
  /// As it was read or written last.
  var isPaused = false
  /// Rises with each change made here: what was read before it is old.
  var changes = 0
}

/// Pausing the whole queue. It stays paused at the next start, and in other copies that have a screen; commands that
/// work the queue off do as they are told.
extension TransferQueue {
  /// Whether persons have paused it.
  package var isPaused: Bool { state.isPaused }

  /// Nothing new begins, and what runs stops where it is.
  package func pauseAll() async {
    await apply(state.pausedAll())
    await keepPause(true)
  }

  package func resumeAll() async {
    await apply(state.resumedAll())
    await keepPause(false)
  }

  private func keepPause(_ isPaused: Bool) async {
    pauseKept.changes += 1
    await keep(.pausing(isPaused))
    pauseKept.changes += 1
    pauseKept.isPaused = isPaused
  }

  /// A queue that was paused when the program ended does not go on by itself.
  func restorePause() async throws {
    pauseKept.isPaused = try await journal.isPaused()
    if pauseKept.isPaused { await apply(state.pausedAll()) }
  }

  /// Does what other copies were told.
  func followPause() async {
    let changes = pauseKept.changes
    // What could not be kept yet is newer than what the journal says.
    guard overdue.isEmpty, let isPaused = try? await journal.isPaused(), changes == pauseKept.changes,
      isPaused != pauseKept.isPaused
    else { return }
    pauseKept.isPaused = isPaused
    await apply(isPaused ? state.pausedAll() : state.resumedAll())
  }
}
