import FTP
import Storage
import Testing

/// The journal against a model of it in memory, with random changes by two copies.
@Suite("The journal and its model")
struct JournalModelTests {
  /// What must be true of one item.
  private struct Model {
    var state = JournalItem.State.waiting
    var owner: Int?
    var attempts = 0
  }

  @Test(
    "whatever happens, no item is lost, doubled or in a state that nobody gave it",
    arguments: 1...12 as ClosedRange<UInt64>)
  func randomChanges(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let fixture = try Fixture()
    let copies = [fixture.database.queue, fixture.another().queue]
    var workers = try copies.map { queue throws in try queue.register() }
    let batch = try copies[0].makeBatch()
    var model: [JournalItem.ID: Model] = [:]
    for _ in 0..<120 {
      let side = Int.random(in: 0..<2, using: &random)
      let queue = copies[side]
      let own = model.filter { $0.value.owner == side }.keys.sorted()
      let some = model.keys.sorted().filter { _ in Bool.random(using: &random) }
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        let count = Int.random(in: 0..<5, using: &random)
        for id in try queue.append((0..<count).map { download("\($0)") }, to: batch) {
          #expect(model.updateValue(Model(), forKey: id) == nil)
        }
      case 1, 2:
        let count = Int.random(in: 0..<4, using: &random)
        let waiting = model.filter { $0.value.state == .waiting }.keys.sorted()
        let claimed = try queue.claim(count, for: workers[side]).map(\.id)
        #expect(claimed == Array(waiting.prefix(count)))
        for id in claimed {
          model[id]?.state = .running
          model[id]?.owner = side
        }
      case 3, 4:
        guard let id = own.randomElement(using: &random) else { continue }
        let outcome = outcomes.randomElement(using: &random)!
        #expect(try queue.apply([JournalUpdate(id, outcome.0, attempts: 1)], by: workers[side], .written) == [])
        finish(&model[id]!, outcome.1)
        #expect(try copies[1 - side].apply([JournalUpdate(id, .done())], by: workers[1 - side]) == [id])
      case 5:
        try record(.paused, .paused, some, by: workers[side], side, &model, queue)
      case 6:
        try record(.waiting(), .waiting, some, by: workers[side], side, &model, queue)
      case 7:
        try record(.cancelled, .cancelled, some, by: workers[side], side, &model, queue)
      case 8:
        try queue.retry(.items(some))
        for id in some where model[id]?.state == .failed {
          model[id]?.state = .waiting
          model[id]?.attempts = 0
        }
      default:
        try queue.retire(workers[side])
        for id in own { finish(&model[id]!, .waiting, isTry: false) }
        workers[side] = try queue.register()
      }
      let items = try copies[1 - side].items(1...1000)
      #expect(items.map(\.id) == model.keys.sorted())
      for item in items {
        let expected = try #require(model[item.id])
        #expect(item.state == expected.state && item.attempts == expected.attempts)
        #expect(item.worker == expected.owner.map { workers[$0].id })
      }
    }
  }

  private let outcomes: [(JournalUpdate.Outcome, JournalItem.State)] = [
    (.running, .running), (.waiting(), .waiting), (.paused, .paused), (.needsYou(question: "?"), .needsYou),
    (.failed(reason: "x"), .failed), (.done(), .done), (.skipped(), .skipped), (.cancelled, .cancelled),
  ]

  private func finish(_ item: inout Model, _ state: JournalItem.State, isTry: Bool = true) {
    if isTry { item.attempts = 1 }
    if state == .running { return }
    item.state = state
    item.owner = nil
  }

  /// A copy says of some items, its own and others, what they are from now on.
  private func record(
    _ outcome: JournalUpdate.Outcome, _ state: JournalItem.State, _ ids: [JournalItem.ID], by worker: JournalWorker,
    _ side: Int, _ model: inout [JournalItem.ID: Model], _ queue: QueueJournal
  ) throws {
    let foreign = ids.filter { id in
      model[id].map { $0.state == .done || ($0.owner ?? side) != side } ?? true
    }
    #expect(try queue.record(ids.map { JournalUpdate($0, outcome) }, by: worker) == foreign)
    for id in ids where !foreign.contains(id) { finish(&model[id]!, state, isTry: false) }
  }
}
