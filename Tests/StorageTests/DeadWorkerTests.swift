import Storage
import Testing

@Suite("Dead workers")
struct DeadWorkerTests {
  let fixture: Fixture
  let queue: QueueJournal
  let ids: [JournalItem.ID]

  init() throws {
    fixture = try Fixture()
    queue = fixture.database.queue
    ids = Array(try queue.append([download("a"), download("b"), download("c")], to: try queue.makeBatch()))
  }

  /// A copy that claimed everything.
  private func claimAll() throws -> FerryDatabase {
    let copy = fixture.another()
    #expect(try copy.queue.claim(9, for: try copy.queue.register()).count == 3)
    return copy
  }

  @Test(
    "a worker whose lock is gone is dead unless its very process runs",
    arguments: [
      (nil, false), ("pid = 2147483646", true), ("started = started - 1", true), ("boot = 'another start'", true),
      ("namespace = 'pid:[1]'", true),
    ] as [(String?, Bool)])
  func lockGone(change: String?, isDead: Bool) throws {
    let copy = try claimAll()
    copy.close()
    if let change { try fixture.run(sql: "UPDATE worker SET \(change)") }
    #expect(try queue.releaseDead() == (isDead ? 3 : 0))
    #expect(try queue.items(ids).allSatisfy { $0.state == (isDead ? .waiting : .running) })
  }

  @Test("a worker that holds its lock lives, whatever its process number seems to say")
  func lockHeld() throws {
    let copy = try claimAll()
    try fixture.run(sql: "UPDATE worker SET pid = 2147483646, boot = 'another container'")
    #expect(try queue.releaseDead() == 0)
    #expect(try queue.claim(9, for: try queue.register()).isEmpty)
    copy.close()
    #expect(try queue.releaseDead() == 3)
  }

  @Test("claiming takes what dead workers had")
  func claim() throws {
    let copy = try claimAll()
    copy.close()
    try fixture.run(sql: "UPDATE worker SET started = 0")
    let items = try queue.claim(9, for: try queue.register())
    #expect(items.map(\.id) == ids && items.allSatisfy { $0.attempts == 0 })
  }
}
