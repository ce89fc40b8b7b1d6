import FTP

/// Doing what the state says.
extension TransferQueue {
  /// - Parameter isKept: the journal has the items already as they are now.
  func apply(_ actions: [QueueAction], isKept: Bool = false) async {
    isChanged = true
    var removed: [TransferItem.ID] = []
    var batches: [TransferBatch.ID] = []
    var ranked: [[TransferItem.ID]] = []
    var discarded: [(item: TransferItem, batch: TransferBatch)] = []
    for action in actions {
      switch action {
      case .start(let id): start(id)
      case .startPacket(let ids): start(ids)
      case .stop(let id):
        let packet = jobs[id]?.packet
        packet?.leaveOut(id)
        // A file of a packet that is under way goes on to its near end, unless all that is left is stopped with it.
        let isWanted = packet?.jobs.contains { jobs[$0.item.id] != nil && packet?.wants($0.item.id) == true } ?? false
        if !isWanted { jobs[id]?.task.cancel() }
      case .wake(let wake, let delay): setAlarm(wake, delay)
      case .changed(let id):
        unsaved.insert(id)
        tell(id)
      // What waits for the disk comes after all jobs have begun: a command that comes in between has to find them.
      case .batchChanged(let id): batches.append(id)
      case .ranked(let ids): ranked.append(ids)
      case .removed(let ids): removed += ids
      case .discardPart(let item, let batch): discarded.append((item, batch))
      case .batchFinished(let id):
        runner.forget(id)
        finish(id)
      }
    }
    touch()
    for id in batches { if let batch = state[id] { await keep(batch) } }
    for ids in ranked { await keepRanks(ids) }
    if !removed.isEmpty { await forget(removed, but: discarded.map(\.item)) }
    if !isKept, !unsaved.isEmpty { await keep() }
    for (item, batch) in discarded {
      let forgets = removed.contains(item.id)
      // What turned out to be another copy's has its part file there.
      if forgets || state[item.id] != nil { discard(item, batch, forgets: forgets) }
    }
    publishSoon()
  }

  private func setAlarm(_ wake: QueueAction.Wake, _ delay: Duration) {
    lastAlarm += 1
    let number = lastAlarm
    alarms[number] = Task {
      try? await clock.sleep(for: delay)
      alarms[number] = nil
      if !Task.isCancelled { await apply(state.woke(wake)) }
    }
  }
}
