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

  @Test("pausing stops what waits, and asks what runs")
  func pause() throws {
    #expect(try queue.pause(.all) == JournalChange(changed: 1, asked: [ids[1]]))
    #expect(try states() == [.paused, .running, .paused, .needsYou, .failed, .done, .skipped, .cancelled])
    #expect(try queue.pause(.all) == JournalChange(changed: 0, asked: []))
  }

  @Test("resuming lets go on what was paused")
  func resume() throws {
    #expect(try queue.resume(.all) == JournalChange(changed: 1, asked: []))
    #expect(try states() == [.waiting, .running, .waiting, .needsYou, .failed, .done, .skipped, .cancelled])
    #expect(try queue.item(ids[2])?.notBefore == 0)
  }

  @Test("cancelling ends everything unfinished")
  func cancel() throws {
    #expect(try queue.cancel(.all) == JournalChange(changed: 4, asked: [ids[1]]))
    #expect(
      try states() == [.cancelled, .running, .cancelled, .cancelled, .cancelled, .done, .skipped, .cancelled])
  }

  @Test("trying again takes what failed, as if it were new")
  func retry() throws {
    #expect(try queue.retry(.all).changed == 1)
    let item = try #require(try queue.item(ids[4]))
    #expect(item.state == .waiting && item.attempts == 0 && item.notBefore == 0 && item.detail == nil)
    #expect(try queue.retry(.all, [.waiting]).changed == 2)
    #expect(try queue.item(ids[0])?.notBefore == 0)
    #expect(try queue.retry(.items(ids), [.cancelled, .skipped]).changed == 2)
    #expect(try states() == [.waiting, .running, .paused, .needsYou, .waiting, .done, .waiting, .waiting])
  }

  @Test("an answer lets go on only what asked")
  func answer() throws {
    #expect(try queue.answer(.all, conflict: "overwrite", options: "{}").changed == 1)
    let item = try #require(try queue.item(ids[3]))
    #expect(item.state == .waiting && item.entry.conflict == "overwrite" && item.entry.options == "{}")
    #expect(item.detail == nil)
    #expect(try queue.item(ids[4])?.entry.conflict == nil)
  }

  @Test("clearing forgets what it names, but nothing that runs")
  func clear() throws {
    #expect(try queue.clear() == 3)
    #expect(try queue.clear([.failed, .running]) == 1)
    #expect(try states() == [.waiting, .running, .paused, .needsYou])
  }

  @Test("priorities are changed for what is not finished")
  func priority() throws {
    #expect(try queue.setPriority(4, of: .all) == 5)
    #expect(try queue.items(ids).map(\.entry.priority) == [4, 4, 4, 4, 4, 2, 2, 2])
  }

  @Test("a command means the items, the batch or the tree that it names, and nothing else")
  func selection() throws {
    let batch = try queue.makeBatch()
    let place = JournalEntry.Place(server: exampleServer, path: [47])
    func folder(_ parent: Int64?) -> JournalEntry {
      JournalEntry(.copy, .folder, from: place, to: place, parent: parent)
    }
    let top = try queue.append([folder(nil)], to: batch).lowerBound
    let inner = try queue.append([folder(top)], to: batch).lowerBound
    let leaf = try queue.append([folder(inner)], to: batch).lowerBound
    let beside = try queue.append([folder(nil)], to: batch).lowerBound

    #expect(try queue.pause(.tree(inner)).changed == 2)
    #expect(try queue.items([top, inner, leaf, beside]).map(\.state) == [.waiting, .paused, .paused, .waiting])
    #expect(try queue.pause(.tree(top)).changed == 1)
    #expect(try queue.pause(.batch(batch)).changed == 1)
    #expect(try queue.cancel(.items([leaf, 999])).changed == 1)
    #expect(try queue.cancel(.items([])).changed == 0)
    #expect(try states()[0] == .waiting)
  }
}
