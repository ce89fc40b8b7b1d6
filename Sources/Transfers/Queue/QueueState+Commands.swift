extension QueueState {
  /// Nothing new begins, and what runs stops where it is: it keeps its turn and its part file.
  package mutating func pausedAll() -> [QueueAction] {
    isPaused = true
    let running = working.filter { entries[$0]?.item.state == .running && !halted.contains($0) }.sorted()
    halted.formUnion(running)
    return running.map { .stop($0) }
  }

  package mutating func resumedAll() -> [QueueAction] {
    isPaused = false
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
    var touched: [TransferBatch.ID] = []
    for id in ids {
      guard let item = entries[id]?.item, item.state == .paused else { continue }
      actions += goOn(id)
      touched.append(item.batch)
    }
    return actions + closeBatches(touched) + fill()
  }

  /// Failed, cancelled, skipped and waiting-for-an-answer items are to be tried again, from now on as if for the first
  /// time.
  package mutating func retried(_ ids: [TransferItem.ID]) -> [QueueAction] {
    var actions: [QueueAction] = []
    for id in ids {
      guard let item = entries[id]?.item else { continue }
      if let volume = volume(of: item) {
        entries[id]?.item.attempts = 0
        actions += letIn(to: volume)
        continue
      }
      switch item.state {
      case .done, .running, .paused: continue
      case .waiting where entries[id]?.shelf != .parked || isEmptying(item): continue
      case .needsYou(let question):
        if let server = question.server {
          actions += serverReady(.remote(server))
          continue
        }
        leaveGate(item)
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
      // What is kept of it names its part file, which may be there by now.
      if working.contains(id) { entries[id]?.item.hasStarted = true }
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
        // Not wanted any more from now on, also if the process ends before its job.
        if doomed.insert(id).inserted {
          entries[id]?.item.hasStarted = true
          set(id, .cancelled, on: .finished)
          actions += [.changed(id), .stop(id)]
        }
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

  /// A person has said what to do with an existing target.
  ///
  /// - Parameter scope: for which other items the answer holds, too, now and later.
  package mutating func answered(
    _ id: TransferItem.ID, _ answer: ConflictPolicy, for scope: AnswerScope = .item
  ) -> [QueueAction] {
    guard let item = entries[id]?.item, case .needsYou(.conflict) = item.state else { return [] }
    var actions: [QueueAction] = []
    var ids = [id]
    if scope != .item {
      let meant = batches(in: scope, around: item.batch)
      actions += setPolicy(answer, of: meant)
      ids = conflicts(in: Set(meant))
    }
    for id in ids { actions += decide(id, answer) }
    return actions + closeBatches(ids.compactMap { entries[$0]?.item.batch }) + fill()
  }

  /// What happens from now on where a target exists; questions that wait are answered by it.
  ///
  /// - Parameter scope: seen from the batch; ``AnswerScope/item`` is the batch, too.
  package mutating func policyChanged(
    _ batch: TransferBatch.ID, _ policy: ConflictPolicy, for scope: AnswerScope = .batch
  ) -> [QueueAction] {
    guard batches[batch] != nil else { return [] }
    let meant = batches(in: scope, around: batch)
    var actions = setPolicy(policy, of: meant)
    // What was answered one by one before is part of the batch again, as long as it has not begun.
    for id in entries.keys.filter({ meant.contains(entries[$0]?.item.batch ?? batch) }).sorted() {
      guard let item = entries[id]?.item, !item.hasStarted, item.answer != nil else { continue }
      entries[id]?.item.answer = nil
      actions.append(.changed(id))
    }
    let ids = policy == .ask ? [] : conflicts(in: Set(meant))
    for id in ids { actions += decide(id, policy) }
    return actions + closeBatches(ids.compactMap { entries[$0]?.item.batch }) + fill()
  }

  private mutating func setPolicy(_ policy: ConflictPolicy, of ids: [TransferBatch.ID]) -> [QueueAction] {
    for id in ids { batches[id]?.batch.policy = policy }
    return ids.map { .batchChanged($0) }
  }

  /// The batches that an answer holds for, in order.
  private func batches(in scope: AnswerScope, around id: TransferBatch.ID) -> [TransferBatch.ID] {
    let direction = batches[id]?.batch.direction
    return order.filter { other in
      switch scope {
      case .item, .batch: other == id
      case .direction: batches[other]?.batch.direction == direction
      case .all: true
      }
    }
  }

  private func conflicts(in batches: Set<TransferBatch.ID>) -> [TransferItem.ID] {
    lists[Shelf.needsYou.rawValue].window(from: 0, count: .max, isValid: isValid).filter {
      guard let item = entries[$0]?.item, batches.contains(item.batch), case .needsYou(.conflict) = item.state else {
        return false
      }
      return true
    }
  }

  private mutating func decide(_ id: TransferItem.ID, _ answer: ConflictPolicy) -> [QueueAction] {
    entries[id]?.item.answer = answer
    // Where it was asked when all had been sent, another job removes that.
    let isThere = (entries[id]?.item.bytes ?? 0) > 0
    guard answer == .skip, !isThere else { return goOn(id) }
    set(id, .skipped("The target exists already."), on: .finished)
    return [.changed(id)]
  }

  /// What another running copy, or a command, has done with items.
  package mutating func changedOutside(_ changes: [OutsideChange]) -> [QueueAction] {
    var actions = reranked(changes.map(\.rank))
    for change in changes {
      let id = change.rank.id
      guard let item = entries[id]?.item else { continue }
      switch (change.wish, item.state) {
      case (.goOn, .needsYou), (.goOn, .failed), (.goOn, .cancelled), (.goOn, .skipped): actions += retried([id])
      case (.goOn, .paused): actions += resumed([id])
      case (.pause, _): actions += paused([id])
      case (.cancel, _): actions += cancelled([id])
      case (.goOn, _), (nil, _): break
      }
    }
    return actions
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

/// For which items an answer holds.
package enum AnswerScope: Hashable, Sendable, CaseIterable {
  /// The one that was asked about.
  case item
  /// All of its batch.
  case batch
  /// All that is queued and goes the same way: all uploads, or all downloads.
  case direction
  /// All that is queued.
  case all
}

/// What the journal says that somebody else has done with an item.
package struct OutsideChange: Hashable, Sendable {
  package enum Wish: Hashable, Sendable { case goOn, pause, cancel }

  package var rank: ItemRank
  /// Nil: only its place in the queue is another one.
  package var wish: Wish?

  package init(_ rank: ItemRank, _ wish: Wish?) {
    self.rank = rank
    self.wish = wish
  }
}

extension ItemState {
  var hasFailed: Bool { if case .failed = self { true } else { false } }
}
