import FTP
import Testing

@testable import Transfers

@Suite("The order of the queue")
struct QueueOrderTests {
  let proof = Proof.length(100)

  /// One job, so that item 1 runs and the others wait.
  private func queue(_ count: Int64 = 6) -> QueueState {
    var queue = QueueState(jobs: 1, seed: 1)
    _ = queue.added(batch(), (1...count).map { item(TransferItem.ID($0)) })
    return queue
  }

  private func waiting(_ queue: QueueState) -> [Int64] {
    queue.rows(.waiting, from: 0, count: .max).map(\.id.rawValue)
  }

  @Test("a higher priority runs first, a lower one last, and equal ones as they stood")
  func priorities() {
    var queue = queue()
    #expect(queue.prioritized([5, 6], .high) == [.ranked([5, 6])])
    #expect(queue.prioritized([2], .lowest) == [.ranked([2])])
    #expect(waiting(queue) == [5, 6, 3, 4, 2])
    #expect(queue.finished(1, .done(proof)).last == .start(5))
    #expect(queue.prioritized([4], .highest) == [.ranked([4])])
    #expect(queue.finished(5, .done(proof)).last == .start(4))
    #expect(queue.prioritized([6], .normal) == [.ranked([6])], "back in its place")
    #expect(waiting(queue) == [3, 6, 2])
    #expect(queue.prioritized([6], .normal) == [])
  }

  @Test("what is moved goes by one, to the top or to the bottom, several together")
  func moves() {
    var queue = queue()
    #expect(queue.moved([4], .up) == [.ranked([4])])
    #expect(waiting(queue) == [2, 4, 3, 5, 6])
    #expect(queue.moved([6, 5], .top) == [.ranked([5, 6])])
    #expect(waiting(queue) == [5, 6, 2, 4, 3])
    #expect(queue.moved([5], .up) == [], "there is nothing above")
    #expect(queue.moved([5, 2], .down) == [.ranked([5, 2])])
    #expect(waiting(queue) == [6, 4, 5, 2, 3])
    #expect(queue.moved([6], .bottom) == [.ranked([6])])
    #expect(waiting(queue) == [4, 5, 2, 3, 6])
    #expect(queue.moved([3, 6], .down) == [])
    #expect(queue.moved([1], .top) == [], "it runs")
    #expect(queue.finished(1, .done(proof)).last == .start(4))
  }

  @Test("what is dropped beside another one stands there, with its priority")
  func places() {
    var queue = queue()
    #expect(queue.placed([6, 5], .before(3)) == [.ranked([5, 6])])
    #expect(waiting(queue) == [2, 5, 6, 3, 4])
    #expect(queue.placed([2], .after(4)) == [.ranked([2])])
    #expect(waiting(queue) == [5, 6, 3, 4, 2])
    #expect(queue.placed([5], .after(6)) == [.ranked([5])])
    _ = queue.prioritized([4], .high)
    #expect(queue.placed([3, 2], .after(4)) == [.ranked([3, 2])])
    #expect(waiting(queue) == [4, 3, 2, 6, 5])
    #expect(queue[2]?.priority == .high)
    #expect(queue.placed([5], .first) == [.ranked([5])])
    #expect(queue.placed([6], .first) == [.ranked([6])])
    #expect(waiting(queue) == [6, 5, 4, 3, 2] && queue[6]?.priority == .highest)
    #expect(queue.placed([6, 5], .before(5)) == [], "beside itself it stays")
    #expect(queue.placed([6], .before(1)) == [], "that one runs")
    #expect(queue.placed([1], .before(6)) == [], "it runs")
    #expect(queue.finished(1, .done(proof)).last == .start(6))
  }

  @Test("dropped into the same gap a thousand times, all stay apart")
  func placedAgain() {
    var queue = queue()
    for step in 0..<1_000 { _ = queue.placed([step % 2 == 0 ? 6 : 5], .after(2)) }
    #expect(waiting(queue) == [2, 5, 6, 3, 4])
    #expect(Set((2...6).compactMap { queue[TransferItem.ID($0)]?.position }).count == 5)
  }

  @Test("a paused item keeps its place, and goes on from there")
  func paused() {
    var queue = queue()
    _ = queue.paused([2])
    #expect(waiting(queue) == [2, 3, 4, 5, 6])
    _ = queue.moved([2], .down)
    #expect(waiting(queue) == [3, 2, 4, 5, 6])
    #expect(queue.finished(1, .done(proof)).last == .start(3))
    _ = queue.resumed([2])
    #expect(queue.finished(3, .done(proof)).last == .start(2))
  }

  @Test("what a folder holds takes the folder's place and priority")
  func folder() {
    var queue = QueueState(jobs: 1, seed: 1)
    _ = queue.pausedAll()
    _ = queue.added(batch(), [item(1), item(2, .folder), item(3)])
    _ = queue.moved([2], .bottom)
    _ = queue.prioritized([2], .low)
    _ = queue.added(batch(2), [item(4, batch: 2)])
    _ = queue.prioritized([4], .low)
    #expect(waiting(queue) == [1, 3, 2, 4])
    #expect(queue.resumedAll() == [.start(1)])
    _ = queue.finished(1, .done(proof))
    #expect(queue.finished(3, .done(proof)).last == .start(2))
    let children = (10...14).map { item(TransferItem.ID($0), parent: 2) }
    #expect(queue.finished(2, .expanded(children)).last == .start(10))
    #expect(waiting(queue) == [11, 12, 13, 14, 4])
    #expect(queue[12]?.priority == .low)
  }

  @Test("a tree that is nested deeply finds room, however often its places are halved")
  func nested() {
    var queue = QueueState(jobs: 1, seed: 1)
    _ = queue.added(batch(), [item(1, .folder), item(2)])
    var parent = TransferItem.ID(1)
    for level in 1...60 {
      let base = Int64(level) * 100
      let children =
        (0..<20).map { item(TransferItem.ID(base + $0), parent: parent) }
        + [item(TransferItem.ID(base + 99), .folder, parent: parent)]
      _ = queue.makeRoom(after: parent, for: children.count)
      let positions = queue.positions(after: parent, for: children.count)
      #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
      _ = queue.finished(parent, .expanded(children))
      parent = TransferItem.ID(base + 99)
      #expect(queue[parent]?.state == .running)
    }
    #expect(waiting(queue).last == 2)
    #expect(Set(waiting(queue)).count == 60 * 20 + 1)
  }

  @Test("moving between two for a thousand times keeps all apart")
  func renumbered() {
    var queue = queue()
    for step in 0..<1_000 {
      _ = queue.moved([step % 2 == 0 ? 6 : 5], .top)
      _ = queue.moved([step % 2 == 0 ? 6 : 5], .down)
    }
    #expect(Set(waiting(queue)) == [2, 3, 4, 5, 6])
    let positions = (2...6).compactMap { queue[TransferItem.ID($0)]?.position }
    #expect(Set(positions).count == 5)
  }

  @Test("what was moved to the top is there after a restart, too")
  func restored() {
    var queue = queue()
    _ = queue.moved([6], .top)
    let items = (1...6).compactMap { queue[TransferItem.ID($0)] }
    var next = QueueState(jobs: 1, seed: 1)
    _ = next.pausedAll()
    _ = next.restored(batch(), items)
    #expect(waiting(next) == [1, 6, 2, 3, 4, 5])
    _ = next.moved([5], .top)
    #expect(waiting(next) == [5, 1, 6, 2, 3, 4])
    var last = QueueState(jobs: 1, seed: 1)
    _ = last.pausedAll()
    _ = last.restored(batch(), (1...6).compactMap { next[TransferItem.ID($0)] })
    #expect(waiting(last) == [5, 1, 6, 2, 3, 4])
  }

  @Test("what another copy has done counts here")
  func outside() {
    var queue = queue()
    let change = OutsideChange(ItemRank(6, .highest, 0.5), nil)
    #expect(queue.changedOutside([change, OutsideChange(ItemRank(99, .low, 1), .goOn)]) == [])
    #expect(waiting(queue) == [6, 2, 3, 4, 5])
    _ = queue.changedOutside([OutsideChange(ItemRank(3, .normal, 3), .pause)])
    #expect(queue[3]?.state == .paused)
    _ = queue.changedOutside([OutsideChange(ItemRank(3, .normal, 3), .goOn)])
    #expect(queue[3]?.state == .waiting)
    #expect(queue.changedOutside([OutsideChange(ItemRank(1, .normal, 1), .cancel)]).contains(.stop(1)))
    #expect(queue.goneElsewhere([2]) == [])
    #expect(waiting(queue) == [6, 3, 4, 5])
  }

  @Test("an answer holds for one, for its order, for all that goes the same way, or for all")
  func scopes() {
    let conflict = JobOutcome.conflict(Conflict(source: FileFacts(), target: FileFacts()))
    func asking() -> QueueState {
      var queue = QueueState(jobs: 9, seed: 1)
      _ = queue.added(batch(1), [item(1), item(2)])
      _ = queue.added(batch(2), [item(3, batch: 2)])
      _ = queue.added(batch(3, from: .local, to: .remote(server)), [item(4, batch: 3)])
      for id in [TransferItem.ID(1), 2, 3, 4] { _ = queue.finished(id, conflict) }
      return queue
    }
    for (scope, answered) in [
      (AnswerScope.item, [Int64(1)]), (.batch, [1, 2]), (.direction, [1, 2, 3]), (.all, [1, 2, 3, 4]),
    ] {
      var queue = asking()
      let actions = queue.answered(1, .overwrite, for: scope)
      #expect(queue.working.map(\.rawValue).sorted() == answered)
      #expect(actions.count { if case .batchChanged = $0 { true } else { false } } == answered.count - 1)
      #expect(queue[TransferBatch.ID(3)]?.policy == (scope == .all ? .overwrite : .ask))
      #expect(queue[TransferBatch.ID(1)]?.policy == (scope == .item ? .ask : .overwrite))
    }
    var queue = asking()
    _ = queue.policyChanged(TransferBatch.ID(1), .skip)
    #expect(queue.counts.finished == 2 && queue.counts.needsYou == 2)
  }

  @Test("a hundred thousand items are ranked, moved and listed quickly")
  func many() {
    var queue = QueueState(jobs: 1, seed: 1)
    let clock = ContinuousClock()
    let time = clock.measure {
      _ = queue.added(batch(), (1...100_000).map { item(TransferItem.ID($0)) })
      _ = queue.moved([99_999], .top)
      _ = queue.prioritized([50_000], .highest)
      #expect(queue.rows(.waiting, from: 0, count: 2).map(\.id) == [50_000, 99_999])
      #expect(queue.rows(.waiting, from: 99_990, count: 200).count == 9)
      for id in 2..<50 { _ = queue.moved([TransferItem.ID(Int64(id))], .down) }
    }
    #expect(time < .seconds(20), "\(time)")
  }
}
