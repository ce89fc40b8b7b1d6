import FTP
import FTPSClient
import Glibc
import Synchronization
import Testing

@testable import Transfers

/// Plays random events on a queue, and keeps a simple model of what must be true of every action.
private struct QueueDriver {
  var queue: QueueState
  var random: SeededRandom
  /// Items that were accepted and not removed.
  var known: Set<TransferItem.ID> = []
  var jobs: Set<TransferItem.ID> = []
  var stopping: Set<TransferItem.ID> = []
  var wakes: [QueueAction.Wake] = []
  var finishedBatches: [TransferBatch.ID: Int] = [:]
  /// How often an item was reported complete.
  var completions: [TransferItem.ID: Int] = [:]
  /// What the journal holds: every item as it was when it was last said to have changed.
  var journal: [TransferItem.ID: TransferItem] = [:]
  var journalBatches: [TransferBatch.ID: TransferBatch] = [:]
  var restarts: UInt64 = 0
  var checks: UInt64
  /// Actions that the queue has wanted.
  var actions = 0
  var lastID: Int64 = 0
  var lastBatch: Int64 = 0
  let servers = [server, otherServer]

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    checks = seed % 5
    queue = QueueState(jobs: 3, packets: Int.random(in: 1...4, using: &random), seed: seed)
  }

  mutating func step() {
    switch Int.random(in: 0..<23, using: &random) {
    case 20: perform(queue.prioritized(some(), Priority.allCases.randomElement(using: &random)!))
    case 21: perform(queue.moved(some(), QueueStep.allCases.randomElement(using: &random)!))
    case 22: outside()
    case 0...1: add()
    case 2...10: finish()
    case 11...12: wake()
    case 13: perform(queue.paused(some()))
    case 14: perform(queue.resumed(some()))
    case 15: perform(queue.cancelled(some()))
    case 16: perform(queue.retried(some()))
    case 17: perform(queue.removed(some()))
    case 18: answer()
    default: rare()
    }
    check()
  }

  /// Lets everything come to an end: every job succeeds, every question is answered.
  mutating func drain() {
    perform(queue.resumedAll())
    for _ in 0..<1_000 {
      for server in servers { perform(queue.serverReady(.remote(server))) }
      perform(queue.retried(Array(known)))
      perform(queue.resumed(Array(known)))
      for id in known.sorted() {
        if case .needsYou(.conflict) = queue[id]?.state { perform(queue.answered(id, .overwrite)) }
      }
      while let wake = wakes.popLast() { perform(queue.woke(wake)) }
      while let id = jobs.min() { finish(id, outcome(of: id, Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0)) }
      check()
      if known.allSatisfy({ queue[$0]?.state.isDone == true }), jobs.isEmpty { return checkItems() }
    }
    let rest = known.sorted().compactMap { queue[$0] }.filter { !$0.state.isDone }
    Issue.record("the queue does not come to an end: \(rest)")
  }

  private mutating func add() {
    lastBatch += 1
    let place = Place.remote(servers.randomElement(using: &random)!)
    let batch = TransferBatch(
      id: TransferBatch.ID(lastBatch), source: place, target: .local,
      operation: Bool.random(using: &random) ? .copy : .move, isAttended: Int.random(in: 0..<4, using: &random) > 0)
    let items = newItems(in: lastBatch, parent: nil)
    journalBatches[batch.id] = batch
    perform(queue.added(batch, items), knows: items)
  }

  /// Another running copy has taken an item before this one's job could claim it.
  private mutating func takenElsewhere() {
    guard let id = jobs.sorted().randomElement(using: &random) else { return }
    jobs.remove(id)
    stopping.remove(id)
    perform(queue.takenElsewhere(id))
    guard queue[id] == nil, known.remove(id) != nil else { return }
    journal[id] = nil
  }

  /// The process is killed, and the next one takes up what is in the journal.
  private mutating func restart() {
    restarts += 1
    queue = QueueState(jobs: 3, packets: Int.random(in: 1...4, using: &random), seed: restarts)
    (jobs, stopping, wakes) = ([], [], [])
    let items = Dictionary(grouping: journal.values, by: \.batch)
    for id in items.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
      guard let batch = journalBatches[id], let items = items[id] else { continue }
      // A question is asked again when its turn comes.
      let left = items.sorted { $0.id < $1.id }.map { item in
        var item = item
        if case .needsYou = item.state { item.state = .waiting }
        return item
      }
      for item in left { journal[item.id]?.state = item.state == .running ? .waiting : item.state }
      perform(queue.restored(batch, left))
    }
  }

  private mutating func newItems(in batch: Int64, parent: TransferItem.ID?) -> [TransferItem] {
    // Now and then enough small files for packets.
    let isMany = parent == nil && Int.random(in: 0..<20, using: &random) == 0
    let count = isMany ? 15 : Int.random(in: 0..<5, using: &random)
    return (0..<count).map { _ in
      lastID += 1
      let isFolder = Int.random(in: 0..<(parent == nil ? 3 : 6), using: &random) == 0
      let isLeftOut = Int.random(in: 0..<9, using: &random) == 0
      return item(
        TransferItem.ID(lastID), batch: batch, isFolder ? .folder : .file, parent: parent,
        state: isLeftOut ? .skipped("a link") : .waiting)
    }
  }

  private mutating func finish() {
    guard let id = jobs.sorted().randomElement(using: &random) else { return }
    finish(id, outcome(of: id, Int.random(in: 0..<10, using: &random)))
  }

  private mutating func finish(_ id: TransferItem.ID, _ outcome: JobOutcome) {
    jobs.remove(id)
    stopping.remove(id)
    var children: [TransferItem] = []
    if case .expanded(let items) = outcome { children = items }
    perform(queue.finished(id, outcome, moved: Bool.random(using: &random)), knows: children)
  }

  private mutating func outcome(of id: TransferItem.ID, _ number: Int) -> JobOutcome {
    guard let item = queue[id] else { return .failed(.cancelled) }
    let server = queue[item.batch]?.source.server ?? server
    if stopping.contains(id), number > 1 { return .failed(.cancelled) }
    switch number {
    case 2: return .failed(.session(.closed("reset")))
    case 3: return .failed(.server(server, .unreachable(host: "h", port: 21, reason: "refused")))
    case 4: return .failed(.credentialsNeeded(server))
    case 5: return .failed(.sourceMissing("a"))
    case 6: return item.kind == .file ? .conflict(Conflict(source: FileFacts(), target: FileFacts())) : .skipped("no")
    case 7: return .skipped("no")
    case 9 where item.stage == .emptying: return .heldUp(isUnderWay: Bool.random(using: &random))
    case 8 where item.kind == .file: return .notBegun
    case 1:
      var fault = LocalFault(.write, "a", code: ENOSPC)
      fault.device = [nil, 1, 2].randomElement(using: &random)!
      return .failed(.local(fault))
    case 9 where Int.random(in: 0..<4, using: &random) == 0: return .failed(.journal("full"))
    default:
      if item.kind == .folder, item.stage == .transfer {
        return .expanded(newItems(in: item.batch.rawValue, parent: id))
      }
      return .done(item.kind == .folder ? .folder : .length(100))
    }
  }

  private mutating func wake() {
    guard !wakes.isEmpty else { return }
    let wake = wakes.remove(at: Int.random(in: 0..<wakes.count, using: &random))
    perform(queue.woke(wake))
  }

  private mutating func answer() {
    let asking = known.sorted().filter { if case .needsYou(.conflict) = queue[$0]?.state { true } else { false } }
    guard let id = asking.randomElement(using: &random) else { return }
    let answers: [ConflictPolicy] = [.overwrite, .skip, .rename, .newer]
    perform(
      queue.answered(
        id, answers.randomElement(using: &random)!, for: AnswerScope.allCases.randomElement(using: &random)!))
  }

  private mutating func rare() {
    switch Int.random(in: 0..<11, using: &random) {
    case 8: takenElsewhere()
    case 9...10: restart()
    case 0: perform(queue.pausedAll())
    case 1...3: perform(queue.resumedAll())
    case 4: perform(queue.clearedFinished())
    case 5...6: perform(queue.retried(queue.failedItems))
    default: perform(queue.serverReady(.remote(servers.randomElement(using: &random)!)))
    }
  }

  /// What another copy of the program may have done.
  private mutating func outside() {
    let wishes: [OutsideChange.Wish?] = [.goOn, .pause, .cancel, nil]
    let changes = some().map { id in
      OutsideChange(
        ItemRank(id, Priority.allCases.randomElement(using: &random)!, Double.random(in: -5...50, using: &random)),
        wishes.randomElement(using: &random)!)
    }
    perform(queue.changedOutside(changes))
    if Int.random(in: 0..<4, using: &random) == 0 {
      let gone = some().filter { !jobs.contains($0) }
      known.subtract(gone)
      for id in gone { journal[id] = nil }
      perform(queue.goneElsewhere(gone))
    }
  }

  private mutating func some() -> [TransferItem.ID] {
    let count = Int.random(in: 0..<3, using: &random)
    let sorted = known.sorted()
    return (0..<count).compactMap { _ in sorted.randomElement(using: &random) }
  }

  private mutating func perform(_ actions: [QueueAction], knows new: [TransferItem] = []) {
    self.actions += actions.count
    known.formUnion(new.map(\.id))
    for item in new { #expect(journal.updateValue(item, forKey: item.id) == nil, "an item came twice") }
    for action in actions {
      switch action {
      case .start(let id): start(id)
      case .startPacket(let ids):
        #expect(1...queue.packetLimit ~= ids.count)
        #expect(Set(ids.map { queue[$0]?.batch }).count == 1, "a packet of several batches")
        for id in ids { start(id) }
      case .stop(let id):
        #expect(jobs.contains(id), "a job was stopped that there is not")
        stopping.insert(id)
      case .wake(let wake, let delay):
        #expect(delay > .zero)
        wakes.append(wake)
      case .changed(let id):
        #expect(known.contains(id), "an item changed that is not in the queue")
        if let item = queue[id] { journal[id] = item }
        if let item = queue[id], item.state.isDone, item.stage == .transfer || item.kind == .folder {
          completions[id, default: 0] += 1
        }
      case .removed(let ids):
        for id in ids {
          #expect(known.remove(id) != nil, "an item was removed twice")
          #expect(!jobs.contains(id), "an item was removed under its job")
          journal[id] = nil
        }
      case .batchFinished(let id): finishedBatches[id, default: 0] += 1
      case .ranked: break
      case .batchChanged(let id): journalBatches[id] = queue[id]
      case .discardPart(let item, _): #expect(!item.state.isDone, "the part of what is done was discarded")
      }
    }
  }

  private mutating func start(_ id: TransferItem.ID) {
    #expect(known.contains(id), "an item that is not in the queue was started")
    #expect(jobs.insert(id).inserted, "an item was started twice")
    #expect(completions[id] == nil, "an item that is done was started")
    #expect(queue[id].flatMap { queue[$0.batch] } != nil, "an item without a batch was started")
    // The job claims it, which the journal keeps.
    journal[id]?.state = .running
  }

  /// What costs as much as the queue is long is looked at in every fifth step, of each seed in other ones.
  private mutating func check() {
    checks += 1
    checkJobs()
    if checks % 5 == 0 { checkItems() }
  }

  private func checkJobs() {
    expect(queue.count == known.count, "an item was lost or doubled")
    expect(queue.working == jobs, "other items work than those with a job")
    expect(queue.placesTaken <= 4, "more jobs than places")
    expect(queue.packets.values.reduce(0, +) == queue.packetOf.count, "the packets do not add up")
    expect(jobs.isSuperset(of: queue.packetOf.keys), "a packet holds what has no job")
    expect(!jobs.isEmpty || queue.placesTaken == 0, "a place is taken by nobody")
    let counts = queue.counts
    let sum = counts.running + counts.waiting + counts.needsYou + counts.failed + counts.finished
    expect(sum == known.count, "the tabs do not add up")
  }

  private func checkItems() {
    let counts = queue.counts
    for tab in QueueTab.allCases {
      let ids = queue.ids(tab, from: 0, count: .max)
      expect(ids.count == counts[tab], "\(tab) has another count than rows")
      expect(Set(ids).count == ids.count, "an item is listed twice in \(tab)")
    }
    let waiting = queue.ids(.waiting, from: 0, count: .max).compactMap { queue[$0] }
    for (item, next) in zip(waiting, waiting.dropFirst()) {
      expect(item.priority >= next.priority, "a lower priority is listed first")
      expect(item.priority > next.priority || item.position <= next.position, "the order is not that of the places")
    }
    var bytes: Int64 = 0
    for id in known {
      guard let item = queue[id] else {
        Issue.record("an item is lost")
        continue
      }
      expect(journal[id]?.state == item.state, "the journal was not told what became of an item")
      expect(journal[id]?.stage == item.stage, "the journal was not told what is next for an item")
      if item.state == .waiting || item.state == .running || item.state == .paused { bytes += item.size ?? 0 }
      if item.state == .running, !jobs.contains(id) { Issue.record("\(id) runs without a job") }
    }
    expect(bytes == queue.openBytes, "the bytes that are left do not add up")
  }

  /// Looked at millions of times in a run: `#expect` takes apart and keeps what it looks at, which was most of the time.
  private func expect(_ isTrue: Bool, _ complaint: @autoclosure () -> Comment) {
    if !isTrue { Issue.record(complaint()) }
  }
}

@Suite("The queue under random events")
struct QueueStateRandomTests {
  /// `FERRY_SWEEP_EVENTS` is the number of seeds; a seed that fails is played again with `FERRY_SWEEP_SEED`.
  private static let seeds: [UInt64] = (0..<UInt64(Sweep.rounds("EVENTS", sample: 24))).map { Sweep.seed &+ $0 }

  @Test("every action is legal, nothing is lost or doubled, and all comes to an end", arguments: seeds)
  func random(_ seed: UInt64) {
    var driver = QueueDriver(seed: seed)
    for _ in 0..<400 { driver.step() }
    driver.drain()
    let sum = Self.sum.withLock { sum in
      sum = (sum.seeds + 1, sum.actions + driver.actions, sum.restarts + driver.restarts)
      return sum
    }
    guard sum.seeds == Self.seeds.count else { return }
    Sweep.report(
      "events: \(sum.seeds) seeds from \(Sweep.seed) on, \(sum.actions) actions, \(sum.restarts) restarts, all ended")
  }

  private static let sum = Mutex((seeds: 0, actions: 0, restarts: UInt64(0)))
}
