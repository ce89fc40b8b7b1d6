import FTP
import Storage
import Testing

@Suite("Commands on the queue")
struct JournalCommandTests {
  let fixture: Fixture
  let queue: QueueJournal
  /// One item in each state, the state's raw value being its index.
  let ids: [JournalItem.ID]
  let worker: JournalWorker

  init() throws {
    fixture = try Fixture()
    queue = fixture.database.queue
    let states = JournalItem.State.allCases
    ids = Array(try queue.append(states.map { download("\($0)") }, to: try queue.makeBatch()))
    worker = try queue.register()
    _ = try queue.claim(states.count, for: worker)
    for state in states {
      let outcome: JournalUpdate.Outcome =
        switch state {
        case .waiting: .waiting(notBefore: fixture.clock.now + 60, reason: "421")
        case .running: .running
        case .paused: .paused
        case .needsYou: .needsYou(question: "?")
        case .failed: .failed(reason: "550")
        case .done: .done()
        case .skipped: .skipped()
        case .cancelled: .cancelled
        }
      try queue.apply([JournalUpdate(ids[Int(state.rawValue)], outcome, attempts: 2)], by: worker)
    }
    #expect(try queue.items(ids).map(\.state) == states)
  }

  private func states() throws -> [JournalItem.State] { try queue.items(ids).map(\.state) }

  @Test("trying again takes what failed, as if it were new")
  func retry() throws {
    #expect(try queue.retry(.all) == 1)
    let item = try #require(try queue.item(ids[4]))
    #expect(item.state == .waiting && item.attempts == 0 && item.notBefore == 0 && item.detail == nil)
    #expect(try queue.retry(.all, [.waiting]) == 2)
    #expect(try queue.item(ids[0])?.notBefore == 0)
    #expect(try queue.retry(.items(ids), [.cancelled, .skipped]) == 2)
    #expect(try states() == [.waiting, .running, .paused, .needsYou, .waiting, .done, .waiting, .waiting])
  }

  @Test("without names only transfers are tried again: nobody means a deletion of weeks ago")
  func retryTransfers() throws {
    var deletion = download("old")
    deletion.operation = .delete
    let batch = try queue.makeBatch()
    let added = try queue.append([deletion], to: batch)
    let worker = try queue.register()
    #expect(try queue.claim(items: Array(added), for: worker).count == 1)
    try queue.apply([JournalUpdate(added.lowerBound, .failed(reason: "refused"))], by: worker)
    #expect(try queue.retry(.all) == 1)
    #expect(try queue.item(added.lowerBound)?.state == .failed)
    #expect(try queue.retry(.items(Array(added))) == 1)
  }

  @Test("whoever takes the items of a state page by page misses none that others have left in it")
  func pages() throws {
    let failed = Array(try queue.append((0..<5).map { download("f\($0)") }, to: try queue.makeBatch()))
    _ = try queue.claim(items: failed, for: worker)
    try queue.apply(failed.map { JournalUpdate($0, .failed(reason: "550")) }, by: worker)
    let first = try queue.items(in: .failed, after: 0, limit: 3).map(\.id)
    #expect(first == [ids[4]] + failed[..<2])
    try queue.retry(.items(first))
    #expect(try queue.items(in: .failed, after: failed[1], limit: 9).map(\.id) == Array(failed[2...]))
  }

  @Test("clearing forgets what it names, but nothing that runs")
  func clear() throws {
    #expect(try queue.clear() == 3)
    #expect(try queue.clear([.failed, .running]) == 1)
    #expect(try states() == [.waiting, .running, .paused, .needsYou])
  }

  @Test("a command means the items that it names, and nothing else")
  func selection() throws {
    #expect(try queue.retry(.items([ids[6], 999]), [.failed, .skipped]) == 1)
    #expect(try queue.retry(.items([]), [.failed, .skipped]) == 0)
    #expect(try queue.clear([.failed, .done], .items([ids[5]])) == 1)
    #expect(try queue.items(ids).map(\.id) == ids.filter { $0 != ids[5] })
    #expect(try queue.item(ids[4])?.state == .failed)
  }
}
