import FTP
import Storage
import Testing

@Suite("Working on the queue")
struct JournalWorkTests {
  let fixture: Fixture
  let queue: QueueJournal

  init() throws {
    fixture = try Fixture()
    queue = fixture.database.queue
  }

  @discardableResult
  private func append(_ entries: JournalEntry...) throws -> [JournalItem.ID] {
    Array(try queue.append(entries, to: try queue.makeBatch()))
  }

  @Test("items are claimed by priority, then in their order, and not twice")
  func order() throws {
    try append(download("a"), download("b", priority: 4), download("c"), download("d", priority: 0))
    let (one, two) = (try queue.register(), try fixture.another().queue.register())
    #expect(one.id != two.id)
    let first = try queue.claim(2, for: one)
    #expect(first.map(name) == ["b", "a"])
    #expect(first.allSatisfy { $0.state == .running && $0.worker == one.id })
    #expect(try fixture.another().queue.claim(9, for: two).map(name) == ["c", "d"])
    #expect(try queue.claim(9, for: one).isEmpty)
    #expect(try queue.claim(0, for: one).isEmpty)
    #expect(try queue.counts()[.running].items == 4)
  }

  @Test(
    "an outcome is kept with all that was said",
    arguments: [
      (.waiting(reason: "later"), .waiting, "later"), (.paused, .paused, nil),
      (.needsYou(question: "{\"q\":1}"), .needsYou, "{\"q\":1}"), (.failed(reason: "550"), .failed, "550"),
      (.done(proof: "length"), .done, "length"), (.skipped(reason: "older"), .skipped, "older"),
      (.cancelled, .cancelled, nil),
    ] as [(JournalUpdate.Outcome, JournalItem.State, String?)])
  func outcomes(outcome: JournalUpdate.Outcome, state: JournalItem.State, detail: String?) throws {
    let ids = try append(download("a"))
    let worker = try queue.register()
    _ = try queue.claim(1, for: worker)
    let modified = Timestamp(seconds: 7, nanoseconds: 1, precision: .nanosecond)
    let lost = try queue.apply(
      [
        JournalUpdate(
          ids[0], outcome, bytesDone: 9, part: .named([0x2E, 0xFF]), size: 10, modified: modified, sourceIdentity: "u",
          attempts: 3, options: "o")
      ], by: worker)
    let item = try #require(try fixture.another().queue.item(ids[0]))
    #expect(lost.isEmpty && item.state == state && item.detail == detail && item.worker == nil)
    #expect(item.bytesDone == 9 && item.entry.size == 10 && item.entry.modified == modified && item.attempts == 3)
    #expect(item.entry.sourceIdentity == "u" && item.entry.options == "o")
    #expect(item.partName == (state == .done ? nil : [0x2E, 0xFF]))
    #expect(try queue.apply([JournalUpdate(ids[0], .done())], by: worker) == ids)
    #expect(try queue.item(ids[0]) == item)
  }

  @Test("a checkpoint changes only what it names")
  func checkpoint() throws {
    let ids = try append(download("a", size: 100))
    let worker = try queue.register()
    var item = try #require(try queue.claim(1, for: worker).first)
    try queue.apply([JournalUpdate(ids[0], part: .named([1]))], by: worker, .written)
    try queue.apply([JournalUpdate(ids[0], bytesDone: 50)], by: worker, .written)
    item.bytesDone = 50
    item.partName = [1]
    #expect(try queue.item(ids[0]) == item)
    try queue.apply([JournalUpdate(ids[0], part: .gone)], by: worker)
    #expect(try queue.item(ids[0])?.partName == nil)
  }

  @Test("what another worker has, or nobody, is not changed")
  func foreign() throws {
    let ids = try append(download("a"), download("b"))
    let (one, two) = (try queue.register(), try queue.register())
    _ = try queue.claim(1, for: one)
    let before = try queue.items(ids)
    let updates = ids.map { JournalUpdate($0, .done()) } + [JournalUpdate(999, .done())]
    #expect(try queue.apply(updates, by: two) == ids + [999])
    #expect(try queue.items(ids) == before)
  }

  @Test("who retires gives back what he had")
  func retire() throws {
    let ids = try append(download("a"), download("b"), download("c"))
    let worker = try queue.register()
    _ = try queue.claim(3, for: worker)
    try queue.apply([JournalUpdate(ids[1], .paused), JournalUpdate(ids[2], .cancelled)], by: worker)
    try queue.retire(worker)
    #expect(try queue.items(ids).map(\.state) == [.waiting, .paused, .cancelled])
    #expect(try queue.items(ids).allSatisfy { $0.worker == nil })
    #expect(try queue.claim(3, for: try queue.register()).map(name) == ["a"])
  }

  @Test("a folder's content comes in one step with the end of its item, and only from its owner")
  func expand() throws {
    let place = JournalEntry.Place(server: exampleServer, path: Array("/d".utf8))
    try append(JournalEntry(.copy, .folder, from: place, to: JournalEntry.Place(path: [47])))
    let (worker, other) = (try queue.register(), try queue.register())
    let folder = try #require(try queue.claim(1, for: worker).first)
    #expect(try queue.expand(folder, by: other, into: [download("x")]) == nil)
    #expect(try queue.counts().total == 1)
    let ids = try #require(try queue.expand(folder, by: worker, into: [download("a"), download("b")]))
    #expect(try queue.item(folder.id)?.state == .done)
    let children = try queue.items(ids)
    #expect(children.map(name) == ["a", "b"])
    #expect(children.allSatisfy { $0.entry.parent == folder.id && $0.batch == folder.batch })
    #expect(try queue.expand(folder, by: worker, into: [download("x")]) == nil)
    #expect(try queue.counts().total == 3)
  }

  @Test("what is known of a folder's content comes with it, and the folder with what is next for it")
  func expandSettled() throws {
    let place = JournalEntry.Place(server: exampleServer, path: Array("/d".utf8))
    try append(JournalEntry(.move, .folder, from: place, to: JournalEntry.Place(path: [47])))
    let worker = try queue.register()
    let folder = try #require(try queue.claim(1, for: worker).first)
    let update = JournalUpdate(folder.id, .waiting(), options: "stage=emptying")
    let ids = try #require(
      try queue.expand(folder, by: worker, into: [download("a"), download("b")], update: update) { ids in
        [JournalUpdate(ids.lowerBound, .skipped(reason: "a link"))]
      })
    let now = try #require(try queue.item(folder.id))
    #expect(now.state == .waiting && now.entry.options == "stage=emptying" && now.worker == nil)
    #expect(try queue.items(ids).map(\.state) == [.skipped, .waiting])
    #expect(try queue.items(ids).allSatisfy { $0.worker == nil })
  }

  @Test("a part file that is left is known until it was removed, and its item until then")
  func leftovers() throws {
    let ids = try append(download("a"), download("b"), download("c"))
    let worker = try queue.register()
    _ = try queue.claim(3, for: worker)
    try queue.apply(
      [
        JournalUpdate(ids[0], .cancelled, part: .named([1])), JournalUpdate(ids[1], .done(), part: .named([2])),
        JournalUpdate(ids[2], .failed(reason: "x"), part: .named([3])),
      ], by: worker)
    // A failed item may go on with its part file.
    #expect(try queue.leftovers().map(\.id) == [ids[0]])
    #expect(try queue.clear() == 1)
    try queue.forgetParts([ids[0]])
    #expect(try queue.leftovers().isEmpty)
    #expect(try queue.clear() == 1)
    #expect(try queue.clear([.failed]) == 0)
    #expect(try queue.item(ids[2])?.partName == [3])
  }

  @Test("what waits for an answer, and what nobody works on, is given to who chooses it")
  func chosen() throws {
    let ids = try append(download("a"), download("b"), download("c"), download("d"))
    let (one, two) = (try queue.register(), try queue.register())
    #expect(try queue.claim(items: ids, for: one) == ids)
    try queue.apply(
      [
        JournalUpdate(ids[0], .needsYou(question: "")), JournalUpdate(ids[1], .done()),
        JournalUpdate(ids[2], .paused),
      ], by: one)
    #expect(try queue.claim(items: ids, for: two) == [ids[0]])
    #expect(try queue.claim(items: ids, for: one) == [ids[3]])
  }

  @Test("what one worker has done, no other one makes undone; it is told so")
  func recordsNothingDone() throws {
    let ids = try append(download("a"), download("b"), download("c"))
    let (one, two) = (try queue.register(), try queue.register())
    _ = try queue.claim(items: [ids[0]], for: one)
    try queue.record([JournalUpdate(ids[0], .done(proof: "length 1"))], by: one)
    _ = try queue.claim(items: [ids[2]], for: one)
    let updates = ids.map { JournalUpdate($0, .paused) }
    #expect(try queue.record(updates, by: two) == [ids[0], ids[2]])
    #expect(try queue.items(ids).map(\.state) == [.done, .paused, .running])
    #expect(try queue.item(ids[0])?.detail == "length 1")
    // To say once more that it is done is no contradiction.
    #expect(try queue.record([JournalUpdate(ids[0], .done(proof: "length 2"))], by: one) == [])
    #expect(try queue.item(ids[0])?.worker == nil)
  }
}
