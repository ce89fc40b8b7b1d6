/// Lets one through at a time, in the order in which they came.
///
/// Who needs two sessions of a server takes one, and waits for the other, only while it is its turn: else several could each hold
/// what another one waits for, for ever.
package actor Turns {
  private var isTaken = false
  private var waiting: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
  private var lastNumber = 0

  package init() {}

  /// - Throws: `CancellationError`; then it is nobody's turn on its account.
  package func take() async throws {
    guard isTaken else {
      isTaken = true
      return
    }
    lastNumber += 1
    let number = lastNumber
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
        waiting.append((number, continuation))
      }
    } onCancel: {
      Task { await self.withdraw(number) }
    }
  }

  package func pass() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().continuation.resume() }
  }

  private func withdraw(_ number: Int) {
    guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
    waiting.remove(at: index).continuation.resume(throwing: CancellationError())
  }
}
