import FTP

/// Runs the queue: does what ``QueueState`` says, keeps it in the journal, and tells whoever watches.
package actor TransferQueue {
  struct RunningJob {
    var task: Task<Void, Never>
    /// Of a packet: it goes on without the items that are stopped.
    var packet: Packet?
    var progress: ByteProgress
    /// Of a tree that is worked on where it is.
    var entries: EntryProgress?
    var meter = RateMeter()
    /// Bytes of it that are in `moved` already.
    var counted: Int64 = 0
    /// Bytes when the attempt began.
    var start: Int64
  }

  /// The removal of part files.
  struct Clearance {
    let items: Set<TransferItem.ID>
    let task: Task<Void, Never>
  }

  var state: QueueState
  let runner: JobRunner
  let journal: any TransferJournal
  let clock = ContinuousClock()
  let birth: ContinuousClock.Instant
  var jobs: [TransferItem.ID: RunningJob] = [:]
  /// Delays that are running.
  var alarms: [Int: Task<Void, Never>] = [:]
  var lastAlarm = 0
  /// Part files that are being removed.
  var clearances: [Int: Clearance] = [:]
  /// Part files on servers that could not be removed yet.
  var leftovers: [ServerAddress: [Leftover]] = [:]
  var isStopping = false
  /// What the journal says of the whole queue, as far as it is known here.
  var pauseKept = PauseKept()
  /// Whether it is paused and goes on with other copies.
  var followsPause = false
  /// Looks for what others have done with the queue.
  var outsideWatch: Task<Void, Never>?

  // Keeping
  var unsaved: Set<TransferItem.ID> = []
  /// The last of those that take items out of the journal, one after another.
  var forgetting: Task<Void, Never>?
  var saving: Task<Void, Never>?
  /// What the last write did not take, because another copy has it, or has done it.
  var foreign: Set<TransferItem.ID> = []
  /// What the write under way holds.
  var beingSaved: Set<TransferItem.ID> = []
  /// Why the journal could not be kept the last time, as a sentence for people.
  var journalProblem: String?
  /// What the journal could not take yet, beside the items that are unsaved.
  var overdue: [OverdueChange] = []
  /// Tries to keep what is overdue, until all of it is kept.
  var catchingUp: Task<Void, Never>?

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
  ///   - segmentation: when one large file comes over several sessions; pools should allow that many, too.
  ///   - newFolderTime: how long nothing of others is expected in a folder that a batch has made on a server.
  package init(
    sessions: any SessionProvider, disk: LocalDisk, journal: any TransferJournal = MemoryJournal(), jobs: Int = 3,
    retries: RetryPolicy = RetryPolicy(), segmentation: Segmentation = .off, newFolderTime: Duration = .seconds(30)
  ) {
    let sessions = PooledSessions(provider: sessions, jobs: jobs)
    let memory = ServerMemory(newFolderTime: newFolderTime)
    self.init(
      runner: JobRunner(disk: disk, sessions: sessions, segmentation: segmentation, memory: memory), journal: journal,
      jobs: jobs, retries: retries)
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
    if isAttended { try await restorePause() }
    for kept in try await journal.restore() {
      let batch = isAttended ? kept.batch : kept.batch.unattended()
      await apply(state.restored(batch, kept.items))
    }
    for kept in try await journal.leftovers() {
      for item in kept.items where state[item.id]?.state.isFinal != false {
        guard let server = kept.batch.target.server else {
          discard(item, kept.batch)
          continue
        }
        leftovers[server, default: []].append(Leftover(item: item, batch: kept.batch))
      }
    }
    for server in leftovers.keys.sorted(by: { "\($0)" < "\($1)" }) { clearUp(server) }
    followsPause = isAttended
    watchOutside()
  }

  /// Adds a batch. It is kept when the call returns.
  ///
  /// - Throws: what the journal throws, and `CancellationError` once the queue is stopped; nothing was added then.
  @discardableResult
  package func enqueue(_ request: TransferRequest) async throws -> TransferBatch.ID {
    try await add(request) { _ in }
  }

  /// Adds a batch and tells what happens to it until it is finished, ``TransferEvent/batchFinished`` last: a stream that
  /// ends without that is one of a queue that was stopped. Whoever ends the stream does not end the batch.
  ///
  /// - Throws: what the journal throws, and `CancellationError` once the queue is stopped; nothing was added then.
  package func run(_ request: TransferRequest) async throws -> AsyncStream<TransferEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: TransferEvent.self)
    try await add(request) { listeners[$0, default: []].append(continuation) }
    return stream
  }

  @discardableResult
  private func add(
    _ request: TransferRequest, before begin: (TransferBatch.ID) -> Void
  ) async throws -> TransferBatch.ID {
    if isStopping { throw CancellationError() }
    let kept = try await journal.insert(request, request.items)
    begin(kept.batch.id)
    await apply(state.added(kept.batch, kept.items), isKept: true)
    return kept.batch.id
  }

  /// Whether anything runs, or will run without a person doing anything.
  package var isBusy: Bool { !state.isIdle || !alarms.isEmpty }

  /// Ends all jobs and waits for their ends. Part files stay, so that another process can go on with them, unless they
  /// are to be discarded.
  package func stop(discardingParts: Bool = false) async {
    isStopping = true
    state.isPaused = true
    outsideWatch?.cancel()
    catchingUp?.cancel()
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
    for clearance in clearances.values { await clearance.task.value }
    await catchingUp?.value
    await keep()
    await keepOverdue()
    publisher?.cancel()
    await journal.retire()
    for watcher in watchers.values { watcher.finish() }
    for listener in listeners.values.joined() { listener.finish() }
    for listener in everyBatchListeners { listener.finish() }
    everyBatchListeners = []
    watchers = [:]
    listeners = [:]
  }
}
