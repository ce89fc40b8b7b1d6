import FTP
import Storage
import Testing

@Suite("What one copy learns of what another has done")
struct JournalTouchTests {
  let fixture: Fixture
  let queue: QueueJournal
  let ids: [JournalItem.ID]

  init() throws {
    fixture = try Fixture()
    queue = fixture.database.queue
    ids = Array(try queue.append((0..<4).map { download("\($0)") }, to: try queue.makeBatch()))
  }

  @Test("commands and moves are told once, with the item as it is now; a worker's own notes are not")
  func touches() throws {
    let other = fixture.another().queue
    let before = try other.lastTouch()
    #expect(try other.touched(after: before) == [])
    try queue.setRanks([JournalRank(id: ids[2], priority: 4, position: -1)])
    let found = try other.touched(after: before)
    #expect(found.map(\.id) == [ids[2]])
    #expect(found[0].entry.priority == 4 && found[0].position == -1)
    let after = try other.lastTouch()
    #expect(after > before)
    let worker = try queue.register()
    _ = try queue.claim(items: [ids[0]], for: worker)
    try queue.apply([JournalUpdate(ids[0], .failed(reason: "550"))], by: worker)
    #expect(try other.touched(after: after) == [])
    try queue.retry(.all)
    #expect(try other.touched(after: after).map(\.id) == [ids[0]])
    try queue.setRanks([JournalRank(id: ids[3], priority: 0, position: 9)])
    #expect(try Set(other.touched(after: after).map(\.id)) == [ids[0], ids[3]])
  }

  @Test("what is put somewhere stays there, and what is queued later goes behind it")
  func places() throws {
    try queue.setRanks([JournalRank(id: ids[0], priority: 2, position: 40)])
    let later = try queue.appendPlaced([download("9")], to: queue.makeBatch())
    #expect(later.firstPosition == 41)
    let between = try queue.append(
      [JournalEntry(.copy, .file, from: .init(path: [0x2F, 0x61]), to: .init(path: [0x2F, 0x62]), position: 2.5)],
      to: queue.makeBatch())
    let order = try queue.page([.waiting], limit: 10).map(\.id)
    #expect(order == [ids[1], between.lowerBound, ids[2], ids[3], ids[0], later.ids.lowerBound])
  }
}
