/// What the journal is told beside what items are.
enum OverdueChange: Hashable, Sendable {
  case batch(TransferBatch.ID)
  case ranks([TransferItem.ID])
  /// Items that have left the queue, and stay in the journal until their part files are gone.
  case leaving([TransferItem])
  case removal([TransferItem.ID])
  case noPart(TransferItem.ID)
  case clearing
  case pausing(Bool)
}

/// A journal that cannot be written, most often because its disk is full: nothing that it was to be told is forgotten.
/// It is said, and told again until it is kept.
extension TransferQueue {
  private static let catchingUpInterval = Duration.seconds(2)

  /// Keeps a change, now or as soon as it can be.
  func keep(_ change: OverdueChange) async {
    // In turn: a removal must not be overtaken by what came before it.
    guard overdue.isEmpty else {
      overdue.append(change)
      return catchUpLater()
    }
    do { try await tell(change) } catch {
      overdue.append(change)
      cannotKeep(error)
    }
  }

  /// Tells the journal what it could not take before, as far as it takes it now.
  func keepOverdue() async {
    while let change = overdue.first {
      do { try await tell(change) } catch { return cannotKeep(error) }
      overdue.removeFirst()
    }
  }

  func cannotKeep(_ error: any Error) {
    journalProblem = "\(error)"
    isChanged = true
    publishSoon()
    catchUpLater()
  }

  private func tell(_ change: OverdueChange) async throws {
    switch change {
    case .batch(let id): if let batch = state[id] { try await journal.save(batch) }
    case .ranks(let ids):
      try await journal.rank(ids.compactMap { id in state[id].map { ItemRank(id, $0.priority, $0.position) } })
    case .leaving(let items): _ = try await journal.save(items)
    case .removal(let ids): try await journal.remove(ids)
    case .noPart(let id): try await journal.forgetParts([id])
    case .clearing: try await journal.clearFinished()
    case .pausing(let isPaused): try await journal.setPaused(isPaused)
    }
  }

  private func catchUpLater() {
    guard catchingUp == nil, !isStopping else { return }
    catchingUp = Task {
      while !Task.isCancelled, !overdue.isEmpty || !unsaved.isEmpty {
        try? await clock.sleep(for: Self.catchingUpInterval)
        if Task.isCancelled { break }
        await keep()
        await keepOverdue()
        if overdue.isEmpty, unsaved.isEmpty { journalProblem = nil }
      }
      catchingUp = nil
      isChanged = true
      publishSoon()
    }
  }
}
