extension QueueState {
  /// Nothing new begins; what runs goes on until it is done.
  package mutating func pausedAll() -> [QueueAction] {
    isPaused = true
    return []
  }

  package mutating func resumedAll() -> [QueueAction] {
    isPaused = false
    return fill()
  }

  package mutating func jobLimitChanged(_ limit: Int) -> [QueueAction] {
    jobLimit = max(1, limit)
    return fill()
  }

  /// Items are to stop where they are. Final ones stay as they are.
  package mutating func paused(_ ids: [TransferItem.ID]) -> [QueueAction] {
    var actions: [QueueAction] = []
    for id in ids {
      guard let item = entries[id]?.item, !item.state.isFinal, item.state != .paused, !isEmptying(item) else {
        continue
      }
      leaveGate(item)
      set(id, .paused, on: .parked)
      actions.append(.changed(id))
      if working.contains(id) { actions.append(.stop(id)) }
    }
    return actions + fill()
  }

  /// Paused items are to go on.
  package mutating func resumed(_ ids: [TransferItem.ID]) -> [QueueAction] {
    var actions: [QueueAction] = []
    for id in ids where entries[id]?.item.state == .paused { actions += goOn(id) }
    return actions + fill()
  }

  /// Failed, cancelled, skipped and waiting-for-an-answer items are to be tried again, from now on as if for the first
  /// time.
  package mutating func retried(_ ids: [TransferItem.ID]) -> [QueueAction] {
    var actions: [QueueAction] = []
    for id in ids {
      guard let item = entries[id]?.item else { continue }
      switch item.state {
      case .done, .running, .paused: continue
      case .waiting where entries[id]?.shelf != .parked || isEmptying(item): continue
      case .needsYou(let question):
        if let server = question.server {
          actions += serverReady(.remote(server))
          continue
        }
      case .waiting, .failed, .cancelled, .skipped: break
      }
      entries[id]?.item.attempts = 0
      actions += goOn(id)
    }
    return actions + fill()
  }

  /// Items are not wanted any more; they stay listed. What is done stays done.
  package mutating func cancelled(_ ids: [TransferItem.ID]) -> [QueueAction] {
    var actions: [QueueAction] = []
    var touched: [TransferBatch.ID] = []
    for id in ids {
      guard let item = entries[id]?.item, !item.state.isFinal || item.state.hasFailed,
        let batch = batches[item.batch]?.batch
      else { continue }
      touched.append(item.batch)
      leaveGate(item)
      set(id, .cancelled, on: .finished)
      actions.append(.changed(id))
      if working.contains(id) {
        actions.append(.stop(id))
      } else if item.hasStarted {
        actions.append(.discardPart(item, batch))
      }
    }
    return actions + closeBatches(touched) + fill()
  }

  /// Items leave the queue; one that runs is stopped first.
  package mutating func removed(_ ids: [TransferItem.ID]) -> [QueueAction] {
    var actions: [QueueAction] = []
    var gone: [TransferItem.ID] = []
    var left: [TransferItem] = []
    var touched: [TransferBatch.ID] = []
    for id in ids {
      guard let item = entries[id]?.item, let batch = batches[item.batch]?.batch else { continue }
      touched.append(item.batch)
      leaveGate(item)
      if working.contains(id) {
        if doomed.insert(id).inserted { actions.append(.stop(id)) }
        continue
      }
      if item.hasStarted, !item.state.isDone { actions.append(.discardPart(item, batch)) }
      drop(id)
      gone.append(id)
      if !item.state.isDone { left.append(item) }
    }
    if !gone.isEmpty { actions.append(.removed(gone)) }
    for item in left { actions += childFinished(item) }
    return actions + closeBatches(touched) + fill()
  }

  /// What is done, skipped or cancelled leaves the queue.
  package mutating func clearedFinished() -> [QueueAction] {
    let finished = lists[Shelf.finished.rawValue].window(from: 0, count: .max, isValid: isValid)
    return removed(finished.filter { !working.contains($0) })
  }

  /// All failed items are tried again.
  package mutating func retriedFailed() -> [QueueAction] {
    retried(lists[Shelf.failed.rawValue].window(from: 0, count: .max, isValid: isValid))
  }

  /// A person has said what to do with an existing target.
  ///
  /// - Parameter forAll: the answer holds for every further question of the batch, and for those that wait.
  package mutating func answered(
    _ id: TransferItem.ID, _ answer: ConflictPolicy, forAll: Bool = false
  ) -> [QueueAction] {
    guard let item = entries[id]?.item, case .needsYou(.conflict) = item.state else { return [] }
    var actions: [QueueAction] = []
    var ids = [id]
    if forAll {
      batches[item.batch]?.batch.policy = answer
      actions.append(.batchChanged(item.batch))
      ids = lists[Shelf.needsYou.rawValue].window(from: 0, count: .max, isValid: isValid).filter {
        guard let other = entries[$0]?.item, other.batch == item.batch else { return false }
        if case .needsYou(.conflict) = other.state { return true }
        return false
      }
    }
    for id in ids {
      entries[id]?.item.answer = answer
      if answer == .skip {
        set(id, .skipped("The target exists already."), on: .finished)
        actions.append(.changed(id))
      } else {
        actions += goOn(id)
      }
    }
    return actions + closeBatches([item.batch]) + fill()
  }

  /// Back to waiting; an item whose job is still ending waits for that first.
  private mutating func goOn(_ id: TransferItem.ID) -> [QueueAction] {
    guard let entry = entries[id] else { return [] }
    let isEmptying = entry.item.stage == .emptying && entry.unfinishedChildren > 0
    set(id, .waiting, on: isEmptying || working.contains(id) ? .parked : readyShelf(entry.item))
    if isEmptying { batches[entry.item.batch]?.emptyingFolders.insert(id) }
    return [.changed(id)]
  }
}

extension ItemState {
  var hasFailed: Bool { if case .failed = self { true } else { false } }
}
