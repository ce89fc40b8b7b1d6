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

  @Test("a server gets no more than its limit; others, and items without a server, go on")
  func limits() throws {
    let (busy, learned, shut) = (
      ServerAddress(host: "busy"), ServerAddress(host: "learned"), ServerAddress(host: "shut", user: "u")
    )
    let local = JournalEntry(
      .copy, .file, from: JournalEntry.Place(path: [47, 65]), to: JournalEntry.Place(path: [47]))
    try append(
      download("b1", from: busy), download("b2", from: busy), download("b3", from: busy), download("l1", from: learned),
      download("l2", from: learned), download("s1", from: shut), local, local, local)
    let worker = try queue.register()
    let limits = [learned: 1, shut: 0, ServerAddress(host: "shut"): 9]
    let first = try queue.claim(9, for: worker, perServer: 2, limits: limits)
    #expect(first.map(name) == ["b1", "b2", "l1", "A", "A", "A"])
    #expect(try queue.claim(9, for: worker, perServer: 2, limits: limits).isEmpty)
    try queue.apply([JournalUpdate(first[0].id, .done())], by: worker)
    #expect(try queue.claim(9, for: worker, perServer: 2, limits: limits).map(name) == ["b3"])
    // The limits are the worker's own.
    let other = try queue.register()
    #expect(try queue.claim(9, for: other, perServer: 1).map(name) == ["l2", "s1"])
  }

  @Test("an item waits for its time, unless a clock that was wrong had set it")
  func times() throws {
    let ids = try append(download("a"), download("b"))
    let worker = try queue.register()
    _ = try queue.claim(2, for: worker)
    let now = fixture.clock.now
    try queue.apply(
      [
        JournalUpdate(ids[0], .waiting(notBefore: now + 30, reason: "421"), attempts: 1),
        JournalUpdate(ids[1], .waiting(notBefore: now + 86_400), attempts: 1),
      ], by: worker)
    #expect(try queue.nextTime() == now + 30)
    #expect(try queue.claim(9, for: worker).map(name) == ["b"])
    fixture.clock.advance(29)
    #expect(try queue.claim(9, for: worker).isEmpty)
    fixture.clock.advance(1)
    let again = try queue.claim(9, for: worker)
    #expect(again.map(name) == ["a"] && again[0].attempts == 1 && again[0].detail == nil)
    #expect(try queue.nextTime() == nil)
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

  @Test("a wish stays until the worker has acted, and goes before an outcome after which the item would go on")
  func wishes() throws {
    let ids = try append(download("a"), download("b"), download("c"), download("d"), download("e"))
    let worker = try queue.register()
    _ = try queue.claim(4, for: worker)
    let other = fixture.another().queue
    #expect(try other.pause(.items([ids[0], ids[1], ids[4]])) == JournalChange(changed: 1, asked: [ids[0], ids[1]]))
    #expect(try other.cancel(.items([ids[2], ids[3]])) == JournalChange(changed: 0, asked: [ids[2], ids[3]]))
    #expect(
      try queue.wishes(of: worker) == [ids[0]: .pause, ids[1]: .pause, ids[2]: .cancel, ids[3]: .cancel])
    // A pause can be taken back while it is a wish; to give up cannot.
    #expect(try other.resume(.items([ids[1], ids[2], ids[4]])) == JournalChange(changed: 1, asked: [ids[1]]))
    #expect(try queue.wishes(of: worker)[ids[1]] == nil)
    #expect(try queue.wishes(of: worker)[ids[2]] == .cancel)
    #expect(
      try queue.apply(
        [
          JournalUpdate(ids[0], .waiting(notBefore: 0)), JournalUpdate(ids[1], .waiting(notBefore: 0)),
          JournalUpdate(ids[2], .failed(reason: "x")), JournalUpdate(ids[3], .done()),
        ], by: worker) == [])
    #expect(try queue.items(ids).map(\.state) == [.paused, .waiting, .cancelled, .done, .waiting])
    #expect(try queue.wishes(of: worker).isEmpty)
  }

  @Test("who retires gives back what he had, as the user wished it")
  func retire() throws {
    let ids = try append(download("a"), download("b"), download("c"))
    let worker = try queue.register()
    _ = try queue.claim(3, for: worker)
    try queue.pause(.items([ids[1]]))
    try queue.cancel(.items([ids[2]]))
    try queue.retire(worker)
    #expect(try queue.items(ids).map(\.state) == [.waiting, .paused, .cancelled])
    #expect(try queue.items(ids).allSatisfy { $0.worker == nil && $0.wish == .proceed })
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
    let children = try queue.children(of: folder.id, limit: 9)
    #expect(children.map(\.id) == Array(ids) && children.map(name) == ["a", "b"])
    #expect(children.allSatisfy { $0.entry.parent == folder.id && $0.batch == folder.batch })
    #expect(try queue.expand(folder, by: worker, into: [download("x")]) == nil)
    #expect(try queue.counts().total == 3)
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
