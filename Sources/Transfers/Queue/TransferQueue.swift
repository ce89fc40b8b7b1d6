package import FTP

/// Runs the queue: does what ``QueueState`` says, keeps it in the journal, and tells whoever watches.
package actor TransferQueue {
  struct RunningJob {
    var task: Task<Void, Never>
    /// Of a packet: it goes on without the items that are stopped.
    var packet: Packet?
    var progress: ByteProgress
    var meter = RateMeter()
    /// Bytes of it that are in `moved` already.
    var counted: Int64
    /// Bytes when the attempt began.
    var start: Int64
  }

  var state: QueueState
  let runner: JobRunner
  let journal: any TransferJournal
  let clock = ContinuousClock()
  let birth: ContinuousClock.Instant
  var jobs: [TransferItem.ID: RunningJob] = [:]
  /// Delays that are running.
  private var alarms: [Int: Task<Void, Never>] = [:]
  private var lastAlarm = 0
  /// Part files that are being removed.
  private var clearances: [Int: Task<Void, Never>] = [:]
  var isStopping = false
  /// Looks for what others have done with the queue.
  var outsideWatch: Task<Void, Never>?

  // Keeping
  var unsaved: Set<TransferItem.ID> = []
  var saving: Task<Void, Never>?
  /// What the write under way holds.
  var beingSaved: Set<TransferItem.ID> = []
  /// Why the journal could not be kept the last time, as a sentence for people.
  var journalProblem: String?

  // Telling
  var watchers: [Int: AsyncStream<QueueSnapshot>.Continuation] = [:]
  var lastWatcher = 0
  var listeners: [TransferBatch.ID: [AsyncStream<TransferEvent>.Continuation]] = [:]
  /// Those that hear of all batches.
  var everyBatchListeners: [AsyncStream<TransferEvent>.Continuation] = []
  var changedTabs: Set<QueueTab> = Set(QueueTab.allCases)
  var isChanged = false
  var snapshot = QueueSnapshot()
  var publisher: Task<Void, Never>?
  var meter = RateMeter()
  /// Bytes moved since the queue was made.
  var moved: Int64 = 0

  /// A queue without items.
  ///
  /// - Parameters:
  ///   - sessions: how servers are reached.
  ///   - journal: where the queue is kept; ``restore()`` brings back what is in it.
  ///   - jobs: items worked on at the same time, at least 1. Pools should allow one session more, for browsing.
  package init(
    sessions: any SessionProvider, disk: LocalDisk, journal: any TransferJournal = MemoryJournal(), jobs: Int = 3,
    retries: RetryPolicy = RetryPolicy()
  ) {
    self.init(
      runner: JobRunner(disk: disk, sessions: PooledSessions(provider: sessions, jobs: jobs)), journal: journal,
      jobs: jobs,
      retries: retries)
  }

  init(runner: JobRunner, journal: any TransferJournal, jobs: Int, retries: RetryPolicy) {
    self.runner = runner
    self.journal = journal
    birth = clock.now
    state = QueueState(
      jobs: jobs, packets: Packet.largest, retries: retries, seed: .random(in: 0 ... .max))
  }

  // MARK: Adding

  /// Takes up what earlier processes left in the journal. To be called once, before anything is added.
  ///
  /// - Parameter isAttended: whether somebody is there to answer questions. If not, what needs a password or a decision
  ///   about a server fails; questions about existing targets wait all the same.
  /// - Throws: what the journal throws; nothing is taken up then.
  package func restore(isAttended: Bool = true) async throws {
    for kept in try await journal.restore() {
      let batch = isAttended ? kept.batch : kept.batch.unattended()
      await apply(state.restored(batch, kept.items))
    }
    for kept in try await journal.leftovers() {
      for item in kept.items { discard(item, kept.batch) }
    }
    watchOutside()
  }

  /// Adds a batch. It is kept when the call returns.
  ///
  /// - Throws: what the journal throws; nothing was added then.
  @discardableResult
  package func enqueue(_ request: TransferRequest) async throws -> TransferBatch.ID {
    try await add(request) { _ in }
  }

  /// Adds a batch and tells what happens to it until it is finished. Whoever ends the stream does not end the batch.
  ///
  /// - Throws: what the journal throws; nothing was added then.
  package func run(_ request: TransferRequest) async throws -> AsyncStream<TransferEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: TransferEvent.self)
    try await add(request) { listeners[$0, default: []].append(continuation) }
    return stream
  }

  @discardableResult
  private func add(
    _ request: TransferRequest, before begin: (TransferBatch.ID) -> Void
  ) async throws -> TransferBatch.ID {
    let kept = try await journal.insert(request, request.items)
    begin(kept.batch.id)
    await apply(state.added(kept.batch, kept.items), isKept: true)
    return kept.batch.id
  }

  // MARK: Commands. Each is kept when it returns.

  package func pauseAll() async { await apply(state.pausedAll()) }
  package func resumeAll() async { await apply(state.resumedAll()) }
  package func setJobs(_ limit: Int) async { await apply(state.jobLimitChanged(limit)) }
  package func pause(_ ids: [TransferItem.ID]) async { await apply(state.paused(ids)) }
  package func resume(_ ids: [TransferItem.ID]) async {
    await letGo(of: ids)
    await apply(state.resumed(ids))
  }
  package func cancel(_ ids: [TransferItem.ID]) async { await apply(state.cancelled(ids)) }
  package func move(_ ids: [TransferItem.ID], _ step: QueueStep) async { await apply(state.moved(ids, step)) }
  package func setPriority(_ priority: Priority, of ids: [TransferItem.ID]) async {
    await apply(state.prioritized(ids, priority))
  }

  /// Raises priorities by one, or lowers them; each from its own.
  package func raise(_ ids: [TransferItem.ID], by steps: Int) async {
    let byPriority = Dictionary(grouping: ids) { state[$0]?.priority ?? .normal }
    // Those that would meet are not taken twice.
    for (priority, ids) in byPriority.sorted(by: { ($0.key < $1.key) == (steps < 0) }) {
      await apply(state.prioritized(ids, priority.moved(by: steps)))
    }
  }

  package func retry(_ ids: [TransferItem.ID]) async {
    await letGo(of: ids)
    await apply(state.retried(ids))
  }

  package func retryFailed() async { await retry(state.failedItems) }

  /// The items of a batch that are in the queue, whatever their state.
  package func items(of batch: TransferBatch.ID) -> [TransferItem.ID] { state.items(of: batch) }

  /// All items of a tab, in its order.
  package func items(in tab: QueueTab) -> [TransferItem.ID] { state.ids(tab, from: 0, count: .max) }
  package func remove(_ ids: [TransferItem.ID]) async { await apply(state.removed(ids)) }

  /// Takes all that is done, skipped or cancelled off the list.
  package func clearFinished() async {
    await apply(state.clearedFinished())
    do { try await journal.clearFinished() } catch { journalProblem = "\(error)" }
  }

  /// Answers a question about an existing target.
  ///
  /// - Parameter scope: for which other items it holds, too, now and later.
  package func answer(_ id: TransferItem.ID, _ answer: ConflictPolicy, for scope: AnswerScope = .item) async {
    await apply(state.answered(id, answer, for: scope))
  }

  /// Compares what an item would bring with what stands at its target.
  ///
  /// - Returns: nil for an item that is there no more.
  /// - Throws: ``TransferError``.
  package func compare(_ id: TransferItem.ID) async throws -> ContentComparison? {
    guard let item = state[id], let batch = state[item.batch] else { return nil }
    do { return try await runner.compare(item, in: batch) } catch { throw TransferError(error) }
  }

  /// Says what happens from now on where a target exists.
  package func setPolicy(
    _ policy: ConflictPolicy, of batch: TransferBatch.ID, for scope: AnswerScope = .batch
  ) async {
    await apply(state.policyChanged(batch, policy, for: scope))
  }

  /// The password is known now, or the server is worth another try: what waits for that goes on.
  package func serverReady(_ server: ServerAddress) async { await apply(state.serverReady(.remote(server))) }

  /// Whether anything runs, or will run without a person doing anything.
  package var isBusy: Bool { !state.isIdle || !alarms.isEmpty }

  /// Ends all jobs and waits for their ends. Part files stay, so that another process can go on with them, unless they
  /// are to be discarded.
  package func stop(discardingParts: Bool = false) async {
    isStopping = true
    state.isPaused = true
    outsideWatch?.cancel()
    for alarm in alarms.values { alarm.cancel() }
    let running = jobs
    for job in running.values { job.task.cancel() }
    for job in running.values { await job.task.value }
    if discardingParts {
      for id in running.keys {
        guard let item = state[id], let batch = state[item.batch], !item.state.isDone else { continue }
        await runner.discardPart(of: item, in: batch)
      }
    }
    for clearance in clearances.values { await clearance.value }
    await keep()
    publisher?.cancel()
    await journal.retire()
    for watcher in watchers.values { watcher.finish() }
    for listener in listeners.values.joined() { listener.finish() }
    for listener in everyBatchListeners { listener.finish() }
    everyBatchListeners = []
    watchers = [:]
    listeners = [:]
  }

  // MARK: Doing what the state says

  /// - Parameter isKept: the journal has the items already as they are now.
  func apply(_ actions: [QueueAction], isKept: Bool = false) async {
    isChanged = true
    var removed: [TransferItem.ID] = []
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
      case .batchChanged(let id): if let batch = state[id] { await keep(batch) }
      case .ranked(let ids): await keepRanks(ids)
      case .removed(let ids): removed += ids
      case .discardPart(let item, let batch): discarded.append((item, batch))
      case .batchFinished(let id): finish(id)
      }
    }
    touch()
    if !removed.isEmpty { await forget(removed, but: discarded.map(\.item)) }
    if !isKept, !unsaved.isEmpty { await keep() }
    for (item, batch) in discarded { discard(item, batch, forgets: removed.contains(item.id)) }
    publishSoon()
  }

  private func start(_ id: TransferItem.ID) {
    guard let item = state[id], let batch = state[item.batch] else { preconditionFailure("no such item") }
    let progress = ByteProgress(from: item.bytes)
    let job = Job(item: item, batch: batch, progress: progress) { [weak self] note in await self?.noted(id, note) }
    let task = Task { await self.work(job) }
    jobs[id] = RunningJob(task: task, progress: progress, counted: item.bytes, start: item.bytes)
    tell(id)
  }

  private func start(_ ids: [TransferItem.ID]) {
    let packet = Packet(
      ids.map { id in
        guard let item = state[id], let batch = state[item.batch] else { preconditionFailure("no such item") }
        return Job(item: item, batch: batch, progress: ByteProgress(from: 0)) { [weak self] note in
          await self?.noted(id, note)
        }
      })
    let task = Task { await self.work(packet) }
    for job in packet.jobs {
      jobs[job.item.id] = RunningJob(task: task, packet: packet, progress: job.progress, counted: 0, start: 0)
      tell(job.item.id)
    }
  }

  private func work(_ packet: Packet) async {
    let ids = packet.jobs.map(\.item.id)
    do {
      for id in ids { await untilKept(id) }
      let claimed = try await journal.claim(ids)
      for id in ids where !claimed.contains(id) {
        packet.leaveOut(id)
        await lost(id)
      }
    } catch {
      return await finished(ids.map { ($0, .failed(.journal("\(error)"))) })
    }
    await runner.run(packet) { results in await self.finished(results) }
  }

  private func work(_ job: Job) async {
    let id = job.item.id
    var outcome: JobOutcome
    do {
      await untilKept(id)
      guard try await journal.claim([id]).contains(id) else { return await lost(id) }
      switch await runner.run(job) {
      case .outcome(let known): outcome = known
      case .contents(let contents):
        await apply(state.makeRoom(after: id, for: contents.count))
        outcome = .expanded(try await journal.expand(expanded(job), into: placed(contents, in: id)))
      }
    } catch {
      outcome = .failed(.journal("\(error)"))
    }
    await finished(id, outcome)
  }

  /// What a folder is once its contents are known.
  private func expanded(_ job: Job) -> TransferItem {
    var folder = state[job.item.id] ?? job.item
    if job.batch.operation == .move {
      folder.stage = .emptying
      folder.state = .waiting
    } else {
      folder.state = .done(.folder)
    }
    return folder
  }

  /// The contents of a folder in the folder's place in the queue.
  private func placed(_ contents: [NewItem], in folder: TransferItem.ID) -> [NewItem] {
    let positions = state.positions(after: folder, for: contents.count)
    let priority = state[folder]?.priority ?? .normal
    return zip(contents, positions).map { item, position in
      var item = item
      item.position = position
      item.priority = priority
      return item
    }
  }

  private func finished(_ id: TransferItem.ID, _ outcome: JobOutcome) async { await finished([(id, outcome)]) }

  /// What became of items, whose end is kept together.
  private func finished(_ results: [(id: TransferItem.ID, outcome: JobOutcome)]) async {
    var actions: [QueueAction] = []
    for (id, outcome) in results {
      guard let job = jobs.removeValue(forKey: id) else { continue }
      let bytes = job.progress.bytes
      moved += max(0, bytes - job.counted)
      state.moved(id, to: bytes)
      if isStopping, outcome.isUnfinished {
        _ = state.finished(id, .failed(.cancelled))
      } else {
        actions += state.finished(id, outcome, moved: bytes > job.start)
      }
    }
    await apply(actions)
  }

  /// Another running copy has taken the item: it is that one's now.
  private func lost(_ id: TransferItem.ID) async {
    jobs[id] = nil
    let actions = state.takenElsewhere(id)
    isChanged = true
    await apply(actions, isKept: true)
  }

  private func noted(_ id: TransferItem.ID, _ note: ItemNote) async {
    let actions = state.noted(id, note)
    // The size and time of the source have to be kept where a part file may have to be compared with them.
    let isWorthKeeping = (state[id]?.size ?? .max) >= 1 << 20 || note.decides
    if isWorthKeeping { await apply(actions) } else { touch() }
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

  /// - Parameter forgets: the item leaves the journal, once what it may have left is gone.
  private func discard(_ item: TransferItem, _ batch: TransferBatch, forgets: Bool = false) {
    lastAlarm += 1
    let number = lastAlarm
    clearances[number] = Task {
      // What cannot be removed now is tried again by the next process.
      if await runner.discardPart(of: item, in: batch) { await discarded(item, forgets: forgets) }
      clearances[number] = nil
    }
  }
}

extension TransferRequest {
  /// The first items of the batch.
  var items: [NewItem] {
    let needsFTPNames = source.place != .local || target.place != .local
    return entries.map { entry in
      let newName = entry.newName ?? entry.name
      var state = ItemState.waiting
      for name in [entry.name, newName] where needsFTPNames && !name.isCarriedByFTP {
        state = .failed(TransferFailure(TransferError.unsuitableName(name)))
      }
      var item = NewItem(
        kind: entry.kind, source: ItemPath(source).appending(entry.name), target: ItemPath(target).appending(newName),
        depth: 1, size: entry.size, modified: entry.modified, identity: entry.identity, state: state)
      item.priority = priority
      return item
    }
  }
}
