import FTP
import Storage
import Testing

/// The journal against a model of it in memory, with random changes by two copies.
@Suite("The journal and its model")
struct JournalModelTests {
  /// What must be true of one item.
  private struct Model {
    var state = JournalItem.State.waiting
    var wish = JournalItem.Wish.proceed
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
          model[id]?.wish = .proceed
        }
      case 3, 4:
        guard let id = own.randomElement(using: &random) else { continue }
        let outcome = outcomes.randomElement(using: &random)!
        #expect(try queue.apply([JournalUpdate(id, outcome.0, attempts: 1)], by: workers[side], .written) == [])
        finish(&model[id]!, outcome.1)
        #expect(try copies[1 - side].apply([JournalUpdate(id, .done())], by: workers[1 - side]) == [id])
      case 5:
        try queue.pause(.items(some))
        change(&model, some, from: [.waiting], to: .paused, wish: .pause)
      case 6:
        try queue.resume(.items(some))
        change(&model, some, from: [.paused], to: .waiting, wish: .proceed)
      case 7:
        try queue.cancel(.items(some))
        change(&model, some, from: [.waiting, .paused, .needsYou, .failed], to: .cancelled, wish: .cancel)
      case 8:
        try queue.retry(.items(some))
        change(&model, some, from: [.failed], to: .waiting, wish: nil)
      default:
        try queue.retire(workers[side])
        for id in own { finish(&model[id]!, .waiting, isTry: false) }
        workers[side] = try queue.register()
      }
      let items = try copies[1 - side].items(1...1000)
      #expect(items.map(\.id) == model.keys.sorted())
      for item in items {
        let expected = try #require(model[item.id])
        #expect(item.state == expected.state && item.wish == expected.wish && item.attempts == expected.attempts)
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
    switch (item.wish, state) {
    case (.cancel, .waiting), (.cancel, .paused), (.cancel, .needsYou), (.cancel, .failed): item.state = .cancelled
    case (.pause, .waiting): item.state = .paused
    default: item.state = state
    }
    item.wish = .proceed
    item.owner = nil
  }

  private func change(
    _ model: inout [JournalItem.ID: Model], _ ids: [JournalItem.ID], from: Set<JournalItem.State>,
    to state: JournalItem.State, wish: JournalItem.Wish?
  ) {
    for id in ids {
      if from.contains(model[id]!.state) {
        model[id]!.state = state
        if state == .waiting { model[id]!.attempts = 0 }
      } else if model[id]!.state == .running, let wish, model[id]!.wish != .cancel {
        model[id]!.wish = wish
      }
    }
  }
}
