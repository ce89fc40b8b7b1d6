extension TransferQueue {
  /// Keeps every change up to now. What changes while the journal writes goes into the next write, together.
  func keep() async {
    while !unsaved.isEmpty || saving != nil {
      if let saving {
        await saving.value
        continue
      }
      let items = unsaved.sorted().compactMap { state[$0] }
      beingSaved = unsaved
      unsaved = []
      let write = Task { await save(items) }
      saving = write
      await write.value
      await dropForeign()
      // With the next change it is tried again.
      if journalProblem != nil { return }
    }
    // What was changed and has left the queue since is kept by whoever let it go: its job, which ended meanwhile.
    await forgetting?.value
  }

  private func save(_ items: [TransferItem]) async {
    do {
      foreign.formUnion(try await journal.save(items))
      journalProblem = nil
    } catch {
      // What has left the queue meanwhile is overdue as such.
      unsaved.formUnion(items.map(\.id).filter { state[$0] != nil })
      cannotKeep(error)
    }
    saving = nil
    beingSaved = []
  }

  /// Waits until the journal knows an item as it is now. Before it knows that an item waits again, nobody gets it there.
  func untilKept(_ id: TransferItem.ID) async {
    while !Task.isCancelled {
      if beingSaved.contains(id), let saving {
        await saving.value
      } else if unsaved.contains(id) {
        await keep()
        if journalProblem != nil { return }
      } else {
        return
      }
    }
  }

  func keep(_ batch: TransferBatch) async { await keep(.batch(batch.id)) }

  /// - Parameter leaving: items among them that may have left a part file: they stay in the journal as cancelled ones
  ///   until that is gone, so that a process that is killed meanwhile leaves nothing behind for ever.
  func forget(_ ids: [TransferItem.ID], but leaving: [TransferItem]) async {
    unsaved.subtract(ids)
    let before = forgetting
    let task = Task {
      await before?.value
      if let saving { await saving.value }
      await forgetNow(ids, but: leaving)
    }
    forgetting = task
    await task.value
    if forgetting == task { forgetting = nil }
  }

  private func forgetNow(_ ids: [TransferItem.ID], but leaving: [TransferItem]) async {
    let cancelled = leaving.filter { ids.contains($0.id) }.map { item in
      var item = item
      item.state = .cancelled
      item.hasStarted = true
      return item
    }
    if !cancelled.isEmpty { await keep(.leaving(cancelled)) }
    let staying = Set(cancelled.map(\.id))
    await keep(.removal(ids.filter { !staying.contains($0) }))
  }

  /// What an item may have left is gone.
  func discarded(_ item: TransferItem, forgets: Bool) async {
    await keep(forgets ? .removal([item.id]) : .noPart(item.id))
  }

  func keepRanks(_ ids: [TransferItem.ID]) async { await keep(.ranks(ids)) }

  // MARK: Other copies

  private static let outsideInterval = Duration.seconds(1)

  /// Looks once a second, as long as there is anything that others could have changed, until the queue stops;
  /// ``restore(isAttended:)`` begins this, too.
  package func watchOutside() {
    guard outsideWatch == nil, !isStopping else { return }
    outsideWatch = Task {
      while !Task.isCancelled {
        try? await clock.sleep(for: Self.outsideInterval)
        guard !Task.isCancelled else { return }
        if followsPause { await followPause() }
        let counts = state.counts
        guard counts.running + counts.waiting + counts.needsYou + counts.failed > 0 else { continue }
        if let changes = try? await journal.changesOutside(), !changes.isEmpty {
          await apply(state.changedOutside(changes))
        }
      }
    }
  }

  /// Before a person's command decides about items: what another copy has, or has done, is that one's.
  func letGo(of ids: [TransferItem.ID]) async {
    let open = ids.filter { state[$0]?.state.isDone == false }
    guard !open.isEmpty, let taken = try? await journal.takenElsewhere(open), !taken.isEmpty else { return }
    // Some may have been done here meanwhile.
    await drop(open.filter { taken.contains($0) && state[$0]?.state.isDone == false })
  }

  /// Lets go of what the journal has not taken, because it is another copy's.
  private func dropForeign() async {
    if foreign.isEmpty { return }
    let ids = foreign.sorted()
    foreign = []
    await drop(ids)
  }

  /// Items are other copies' now, which will tell no more about them here.
  private func drop(_ ids: [TransferItem.ID]) async {
    for id in ids where !state.working.contains(id) { tellTaken(id) }
    await apply(state.goneElsewhere(ids), isKept: true)
  }
}
