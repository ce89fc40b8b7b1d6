import FTP
import Synchronization
import TestSupport
import Testing

@testable import Transfers

@Suite("Small files in packets: what the queue gives to one job")
struct QueuePacketTests {
  private let proof = Proof.length(100)

  private func items(_ ids: ClosedRange<Int64>, size: Int64? = 100) -> [TransferItem] {
    ids.map { item(TransferItem.ID($0), size: size) }
  }

  private func packets(_ actions: [QueueAction]) -> [[Int64]] {
    actions.compactMap { if case .startPacket(let ids) = $0 { ids.map(\.rawValue) } else { nil } }
  }

  @Test("many are shared out in packets, few are not")
  func sizes() {
    var queue = QueueState(jobs: 2, packets: 8)
    #expect(packets(queue.added(batch(), items(1...40))) == [Array(1...8), Array(9...16)])
    #expect(queue.counts.running == 16)
    #expect(queue.placesTaken == 2)
    var few = QueueState(jobs: 2, packets: 8)
    #expect(few.added(batch(), items(1...2)) == [.start(1), .start(2)])
  }

  @Test("the last one of many goes as the others did")
  func last() {
    var queue = QueueState(jobs: 2, packets: 8)
    #expect(packets(queue.added(batch(), items(1...8))) == [[1, 2, 3, 4], [5, 6]])
    _ = queue.finished(5, .done(proof))
    #expect(packets(queue.finished(6, .done(proof))) == [[7]])
    #expect(packets(queue.finished(7, .done(proof))) == [[8]])
  }

  @Test("a packet's place is free when its last item has ended")
  func place() {
    var queue = QueueState(jobs: 1, packets: 3)
    #expect(packets(queue.added(batch(), items(1...20))) == [[1, 2, 3]])
    #expect(queue.finished(1, .done(proof)) == [.changed(1)])
    #expect(queue.finished(3, .failed(.sourceMissing("a"))) == [.changed(3)])
    #expect(packets(queue.finished(2, .done(proof))) == [[4, 5, 6]])
  }

  @Test("what was not begun keeps its turn, and may ride again")
  func notBegun() {
    var queue = QueueState(jobs: 1, packets: 3)
    _ = queue.added(batch(), items(1...20))
    _ = queue.finished(1, .done(proof))
    #expect(queue.finished(3, .notBegun) == [.changed(3)])
    #expect(packets(queue.finished(2, .notBegun)) == [[2, 3, 4]])
  }

  @Test(
    "large files, files of unknown size, moved ones and second attempts go alone",
    arguments: [QueueState.smallSize + 1, nil])
  func alone(size: Int64?) {
    var queue = QueueState(jobs: 1, packets: 3)
    #expect(queue.added(batch(), items(1...20, size: size)).first == .start(1))
    var moving = QueueState(jobs: 1, packets: 3)
    #expect(moving.added(batch(1, .move), items(1...20)).first == .start(1))
    var mixed = QueueState(jobs: 1, packets: 9)
    #expect(packets(mixed.added(batch(), items(1...3) + items(4...4, size: size) + items(5...40))) == [[1, 2, 3]])
    #expect(mixed.counts.waiting == 37)
    for id in 1...3 as ClosedRange<Int64> { _ = mixed.finished(TransferItem.ID(id), .done(proof)) }
    #expect(mixed[4]?.state == .running)
  }

  @Test("what is paused or removed while its packet works does not come back")
  func stopped() {
    var queue = QueueState(jobs: 1, packets: 3)
    _ = queue.added(batch(), items(1...20))
    #expect(queue.paused([2]).contains(.stop(2)))
    #expect(queue.removed([3]).contains(.stop(3)))
    _ = queue.finished(1, .done(proof))
    _ = queue.finished(3, .notBegun)
    let actions = queue.finished(2, .notBegun)
    #expect(queue[2]?.state == .paused)
    #expect(queue[3] == nil)
    #expect(packets(actions) == [[4, 5, 6]])
  }

  @Test("a file of a packet is reported soon after its end, however long the next one takes")
  func fewResults() async throws {
    let results = PacketResults<Int>()
    let taken = Taken()
    let taking = Task {
      while let some = await results.next() { taken.add(some.map { $0.value }) }
    }
    results.add(0, 10)
    #expect(try await eventually(within: .seconds(2)) { taken.values == [10] })
    results.add(1, 11)
    results.add(2, 12)
    #expect(try await eventually(within: .seconds(2)) { taken.values == [10, 11, 12] })
    results.end()
    await taking.value
    #expect(taken.values == [10, 11, 12])
  }
}

/// What was taken, by a task of its own.
private final class Taken: Sendable {
  private let list = Mutex<[Int]>([])
  func add(_ some: [Int]) { list.withLock { $0 += some } }
  var values: [Int] { list.withLock { $0 } }
}
