extension TransferQueue {
  /// Pauses between two snapshots: of progress alone, and of changes.
  private static let progressInterval = Duration.milliseconds(100)
  private static let changeInterval = Duration.milliseconds(33)

  /// What the queue looks like, now and after every change: a change at once, or within 33 ms after another one;
  /// progress ten times a second. Whoever is slow misses what was in between.
  package nonisolated var updates: AsyncStream<QueueSnapshot> {
    let (stream, continuation) = AsyncStream.makeStream(of: QueueSnapshot.self, bufferingPolicy: .bufferingNewest(1))
    Task { await watch(continuation) }
    return stream
  }

  /// A stretch of a tab, beyond what a snapshot holds.
  package func rows(_ tab: QueueTab, from offset: Int, count: Int) -> [QueueSnapshot.Row] {
    state.rows(tab, from: offset, count: count).map(withSpeed)
  }

  /// One item, as it is drawn.
  package func row(_ id: TransferItem.ID) -> QueueSnapshot.Row? { state.row(id).map(withSpeed) }

  private func watch(_ continuation: AsyncStream<QueueSnapshot>.Continuation) {
    lastWatcher += 1
    let number = lastWatcher
    watchers[number] = continuation
    continuation.onTermination = { _ in Task { await self.unwatch(number) } }
    changedTabs = Set(QueueTab.allCases)
    isChanged = true
    publishSoon()
  }

  private func unwatch(_ number: Int) { watchers[number] = nil }

  /// Something in the lists is another one than before.
  func touch() {
    isChanged = true
    changedTabs = Set(QueueTab.allCases)
  }

  // MARK: Snapshots

  /// Publishes now, if the last time was long enough ago, and goes on as long as there is anything to tell.
  func publishSoon() {
    guard publisher == nil, !watchers.isEmpty else { return }
    publisher = Task {
      var lastProgress: ContinuousClock.Instant?
      while !Task.isCancelled, !watchers.isEmpty, isChanged || !jobs.isEmpty {
        let isDue = lastProgress.map { clock.now - $0 >= Self.progressInterval } ?? true
        if isDue || isChanged { publish() }
        if isDue { lastProgress = clock.now }
        try? await clock.sleep(for: Self.changeInterval)
      }
      publisher = nil
    }
  }

  private func publish() {
    isChanged = false
    measure()
    for tab in changedTabs.union([.running]) {
      snapshot.rows[tab] = rows(tab, from: 0, count: QueueSnapshot.rowLimit)
    }
    changedTabs = []
    snapshot.counts = state.counts
    snapshot.isPaused = state.isPaused
    let underWay = jobs.values.reduce(Int128(0)) { $0 + Int128($1.progress.bytes) }
    snapshot.bytesLeft = Int64(clamping: max(0, Int128(state.openBytes) - underWay))
    snapshot.bytesPerSecond = jobs.isEmpty ? 0 : meter.bytesPerSecond
    snapshot.secondsLeft = jobs.isEmpty ? nil : meter.secondsLeft(for: snapshot.bytesLeft)
    snapshot.problem = journalProblem
    for watcher in watchers.values { watcher.yield(snapshot) }
  }

  private func measure() {
    let now = (clock.now - birth) / .seconds(1)
    for (id, job) in jobs {
      let bytes = job.progress.moved
      moved += bytes - job.counted
      jobs[id]?.counted = bytes
      jobs[id]?.meter.record(bytes, at: now)
    }
    meter.record(moved, at: now)
  }

  private func withSpeed(_ row: QueueSnapshot.Row) -> QueueSnapshot.Row {
    guard let job = jobs[row.id] else { return row }
    var row = row
    row.bytes = job.progress.bytes
    row.entriesDone = job.entries?.done ?? 0
    row.entriesFound = job.entries?.found ?? 0
    row.bytesPerSecond = job.meter.bytesPerSecond
    row.secondsLeft = row.size.flatMap { job.meter.secondsLeft(for: $0 - row.bytes) }
    return row
  }

  // MARK: Events

  /// What happens to all items from now on, until the queue stops.
  package func events() -> AsyncStream<TransferEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: TransferEvent.self)
    everyBatchListeners.append(continuation)
    return stream
  }

  func tell(_ id: TransferItem.ID) {
    guard let batch = state[id]?.batch, let row = state.row(id) else { return }
    let listeners = (listeners[batch] ?? []) + everyBatchListeners
    if listeners.isEmpty { return }
    let event: TransferEvent
    switch row.state {
    case .running: event = .started(row)
    case .waiting, .paused:
      if row.problem == nil { return }
      event = .postponed(row)
    case .needsYou: event = .needsYou(row)
    case .done, .failed, .skipped, .cancelled: event = .finished(row)
    }
    for listener in listeners { listener.yield(event) }
  }

  /// Another copy has an item. Whoever waits for its batch must not take it for done: it is not known here what becomes
  /// of it.
  func tellTaken(_ id: TransferItem.ID) {
    guard var row = state.row(id), !row.state.isFinal else { return }
    row.state = .failed(TransferFailure(TransferError.takenElsewhere))
    for listener in listeners[row.batch] ?? [] { listener.yield(.finished(row)) }
  }

  func finish(_ batch: TransferBatch.ID) {
    for listener in listeners.removeValue(forKey: batch) ?? [] {
      listener.yield(.batchFinished)
      listener.finish()
    }
  }
}
