import FTP
import Storage
import Testing

@Suite("The queue journal")
struct QueueJournalTests {
  let fixture: Fixture
  let queue: QueueJournal

  init() throws {
    fixture = try Fixture()
    queue = fixture.database.queue
  }

  @Test("an item comes back as it was put in, byte for byte")
  func roundTrip() throws {
    let modified = Timestamp(seconds: -5, nanoseconds: 123_456_789, precision: .minute, isUTC: false)
    let entries = [
      JournalEntry(
        .move, .folder,
        from: JournalEntry.Place(
          server: ServerAddress(host: "::1", port: 2121, mode: .implicit, user: nil), path: [0x2F, 0xFF, 0x0A, 0x27]),
        to: JournalEntry.Place(
          server: ServerAddress(host: "b.example", mode: .plaintext, user: ""), path: Array("/ä/\u{202E}x".utf8)),
        size: .max, modified: modified, sourceIdentity: "U1'\"", conflict: "newer", options: "{\"a\":1}", priority: 4,
        isPaused: true),
      JournalEntry(.copy, .file, from: JournalEntry.Place(path: []), to: JournalEntry.Place(path: [0x2F])),
    ]
    let batch = try queue.makeBatch(title: "two things")
    let ids = try queue.append(entries, to: batch)
    #expect(ids.count == 2)
    let items = try fixture.another().queue.items(ids)
    #expect(items.map(\.entry) == entries)
    #expect(items.map(\.state) == [.paused, .waiting])
    #expect(items.map(\.batch) == [batch, batch])
    #expect(items.map(\.entry.direction) == [.remote, .local])
    #expect(items[0].created == fixture.clock.now && items[0].attempts == 0 && items[0].partName == nil)
  }

  @Test("numbers of items are never used again")
  func numbersRise() throws {
    let batch = try queue.makeBatch()
    let first = try queue.append([download("a"), download("b")], to: batch)
    try queue.leave(first, .cancelled)
    #expect(try queue.clear() == 2)
    #expect(try queue.batch(batch) == nil)
    let second = try queue.append([download("c")], to: try queue.makeBatch())
    #expect(second.lowerBound == first.upperBound)
  }

  @Test("a batch keeps the answers that are for all of it")
  func answers() throws {
    let batch = try queue.makeBatch(title: "x")
    #expect(try queue.batch(batch)?.answers == "{}")
    #expect(try queue.setAnswers("{\"exists\":\"skip\"}", of: batch))
    #expect(try fixture.another().queue.batch(batch)?.answers == "{\"exists\":\"skip\"}")
    #expect(try !queue.setAnswers("{}", of: batch + 1))
  }

  @Test("a batch without items is forgotten with the next clearing, one with items is not")
  func batchesAreForgotten() throws {
    let empty = try queue.makeBatch()
    let full = try queue.makeBatch()
    try queue.append([download("a")], to: full)
    #expect(try queue.clear() == 0)
    #expect(try queue.batch(empty) == nil)
    #expect(try queue.batch(full) != nil)
  }

  @Test("pages follow the state, the priority and the position")
  func pages() throws {
    let batch = try queue.makeBatch()
    let ids = Array(
      try queue.append(
        [download("a"), download("b", priority: 4), download("c"), download("d", priority: 0), download("e")],
        to: batch))
    try queue.leave([ids[2]], .paused)
    let order = try queue.page([.waiting, .paused], limit: 10)
    #expect(order.map(name) == ["b", "a", "e", "d", "c"])
    #expect(try queue.page([.waiting], offset: 1, limit: 2).map(name) == ["a", "e"])
    #expect(try queue.page([.done], limit: 10).isEmpty)
  }

  @Test("counts tell items and known sizes of each state, of all and of one batch")
  func counts() throws {
    let (one, two) = (try queue.makeBatch(), try queue.makeBatch())
    try queue.append([download("a", size: 5), download("b", size: 6), download("c")], to: one)
    let ids = try queue.append([download("d", size: 70)], to: two)
    try queue.leave(ids, .cancelled)
    let all = try queue.counts()
    #expect(all[.waiting].items == 3 && all[.waiting].bytes == 11)
    #expect(all[.cancelled].items == 1 && all[.cancelled].bytes == 70)
    #expect(all[.running].items == 0 && all.total == 4)
    #expect(try queue.counts(batch: two).total == 1)
    try queue.append([download("e", size: .max), download("f", size: .max)], to: two)
    #expect(try queue.counts()[.waiting].bytes == .max)
  }

  @Test("100,000 items are put in with one change, and pages and counts of them come at once")
  func manyItems() throws {
    let batch = try queue.makeBatch()
    let clock = ContinuousClock()
    let writing = try clock.measure {
      try queue.append((0..<100_000).lazy.map { download("file-\($0)", size: 1) }, to: batch)
    }
    var (middle, bytes, waiting) = ("", Int64(0), 0)
    let reading = try clock.measure {
      middle = try queue.page([.waiting], offset: 90_000, limit: 50).first.map(name) ?? ""
      bytes = try queue.counts()[.waiting].bytes
    }
    let changing = try clock.measure { waiting = try queue.retry(.all, [.waiting]) }
    #expect(middle == "file-90000" && bytes == 100_000 && waiting == 100_000)
    // Far above what they take, also without optimisation and beside other tests: a quadratic step would not pass.
    #expect(writing < .seconds(30) && reading < .seconds(2) && changing < .seconds(20))
  }
}
