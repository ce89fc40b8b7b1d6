import FTP
import FTPSClient
import Testing

@testable import Transfers

@Suite("The queue: events in, actions out")
struct QueueStateTests {
  let lost = TransferError.session(.closed("reset"))
  let proof = Proof.length(100)

  private func state(jobs: Int = 2) -> QueueState { QueueState(jobs: jobs, retries: RetryPolicy(), seed: 1) }

  @Test("as many items run as there are jobs, in their order, and the next one when one is done")
  func order() {
    var queue = state()
    #expect(queue.added(batch(), [item(1), item(2), item(3)]) == [.start(1), .start(2)])
    #expect(queue[1]?.state == .running)
    #expect(queue[3]?.state == .waiting)
    #expect(queue.finished(2, .done(proof)) == [.changed(2), .start(3)])
    #expect(queue.finished(1, .done(proof)) == [.changed(1)])
    #expect(queue.finished(3, .done(proof)) == [.changed(3), .batchFinished(TransferBatch.ID(1))])
    #expect(queue.counts.finished == 3)
  }

  @Test("a batch without items, or with none that can run, is finished at once")
  func emptyBatch() {
    var queue = state()
    #expect(queue.added(batch(), []) == [.batchFinished(TransferBatch.ID(1))])
    let failed = item(1, batch: 2, state: .failed(TransferFailure(.item, "no")))
    #expect(queue.added(batch(2), [failed]) == [.changed(1), .batchFinished(TransferBatch.ID(2))])
  }

  @Test("what is found in a folder runs before what waits already, files first")
  func folders() {
    var queue = state(jobs: 1)
    #expect(queue.added(batch(), [item(1, .folder), item(2)]) == [.start(1)])
    let children = [item(10, parent: 1), item(11, parent: 1), item(12, .folder, parent: 1)]
    // A folder goes first as long as few files wait, so that all that is to come is known soon.
    #expect(queue.finished(1, .expanded(children)) == [.changed(1), .start(12)])
    #expect(queue.finished(12, .expanded([])) == [.changed(12), .start(10)])
    #expect(queue.finished(10, .done(proof)) == [.changed(10), .start(11)])
    #expect(queue.finished(11, .done(proof)) == [.changed(11), .start(2)])
  }

  @Test("a question stops only its own item, and its answer lets it go on")
  func conflict() {
    let conflict = Conflict(source: FileFacts(size: 1), target: FileFacts(size: 2))
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), item(2), item(3)])
    #expect(queue.finished(1, .conflict(conflict)) == [.changed(1), .start(2)])
    #expect(queue[1]?.state == .needsYou(.conflict(conflict)))
    #expect(queue.answered(1, .overwrite) == [.changed(1)])
    #expect(queue[1]?.answer == .overwrite)
    #expect(queue.finished(2, .conflict(conflict)).last == .start(1), "in its own place again")
    #expect(queue.finished(1, .done(proof)).last == .start(3))
  }

  @Test("an answer for all answers what waits, and what will be asked, in its batch only")
  func answerForAll() {
    let conflict = Conflict(source: FileFacts(size: 1), target: FileFacts(size: 2))
    var queue = state(jobs: 4)
    _ = queue.added(batch(), [item(1), item(2), item(3)])
    _ = queue.added(batch(2), [item(4, batch: 2)])
    for id in [TransferItem.ID(1), 2, 4] { _ = queue.finished(id, .conflict(conflict)) }
    let actions = queue.answered(1, .skip, for: .batch)
    #expect(actions == [.batchChanged(TransferBatch.ID(1)), .changed(1), .changed(2)])
    #expect(queue[TransferBatch.ID(1)]?.policy == .skip)
    #expect(queue[4]?.state == .needsYou(.conflict(conflict)))
  }

  @Test("with nobody to ask, a question is a failure")
  func unattendedConflict() {
    var queue = state()
    _ = queue.added(batch(isAttended: false), [item(1)])
    _ = queue.finished(1, .conflict(Conflict(source: FileFacts(), target: FileFacts())))
    #expect(queue[1]?.state == .failed(TransferFailure(.targetExists("1"))))
  }

  @Test("a running item that is paused stops, and goes on where it was")
  func pause() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), item(2)])
    #expect(queue.paused([1]) == [.changed(1), .stop(1)])
    #expect(queue.finished(1, .failed(.cancelled)) == [.start(2)])
    #expect(queue[1]?.state == .paused)
    #expect(queue.resumed([1]) == [.changed(1)])
    #expect(queue.finished(2, .done(proof)) == [.changed(2), .start(1)])
  }

  @Test("an item that is resumed while its job is still ending begins again after that")
  func resumeWhileStopping() {
    var queue = state(jobs: 2)
    _ = queue.added(batch(), [item(1)])
    _ = queue.paused([1])
    #expect(queue.resumed([1]) == [.changed(1)])
    #expect(queue.finished(1, .failed(.cancelled)) == [.changed(1), .start(1)])
  }

  @Test("an item that was quicker than its cancellation is done")
  func cancelTooLate() {
    var queue = state()
    _ = queue.added(batch(), [item(1)])
    #expect(queue.cancelled([1]) == [.changed(1), .stop(1), .batchFinished(TransferBatch.ID(1))])
    _ = queue.finished(1, .done(proof))
    #expect(queue[1]?.state == .done(proof))
  }

  @Test("what is cancelled leaves no part file")
  func cancel() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), item(2)])
    #expect(queue.cancelled([2]) == [.changed(2)], "it never began")
    _ = queue.cancelled([1])
    let actions = queue.finished(1, .failed(.cancelled))
    guard actions.first == .changed(1), case .discardPart(let discarded, _) = actions.dropFirst().first else {
      Issue.record("\(actions)")
      return
    }
    #expect(discarded.id == 1)
  }

  @Test("a running item is removed once its job has ended")
  func remove() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), item(2)])
    // Kept as not wanted at once, in case that the process ends before the job.
    #expect(queue.removed([1, 2]) == [.changed(1), .stop(1), .removed([2]), .batchFinished(TransferBatch.ID(1))])
    #expect(queue[1]?.state == .cancelled)
    #expect(queue.count == 1)
    let actions = queue.finished(1, .failed(.cancelled))
    #expect(actions.contains(.removed([1])))
    #expect(queue.count == 0)
    #expect(queue[TransferBatch.ID(1)] == nil)
  }

  @Test("what does not fit waits for a person, and is tried again when there is room")
  func fullDisk() {
    let full = JobOutcome.failed(.local(LocalFault(.write, "a", code: 28)))
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1)])
    #expect(queue.finished(1, full) == [.changed(1)])
    #expect(queue.counts.needsYou == 1)
    #expect(queue.retried([1]).contains(.start(1)))
    var alone = state(jobs: 1)
    _ = alone.added(batch(isAttended: false), [item(1)])
    #expect(alone.finished(1, full).first == .changed(1))
    #expect(alone.counts.failed == 1)
  }

  @Test("what a person said before a job could claim its item is not lost to another process")
  func saidBeforeClaim() {
    var queue = state(jobs: 2)
    _ = queue.added(batch(), [item(1), item(2)])
    _ = queue.paused([1])
    #expect(queue.takenElsewhere(1) == [])
    #expect(queue[1]?.state == .paused)
    _ = queue.takenElsewhere(2)
    #expect(queue[2] == nil)
  }

  @Test("nothing begins while all is paused, and what runs stops and keeps its turn")
  func pauseAll() {
    var queue = state(jobs: 1)
    #expect(queue.pausedAll() == [])
    #expect(queue.added(batch(), [item(1), item(2)]) == [])
    #expect(queue.resumedAll() == [.start(1)])
    #expect(queue.pausedAll() == [.stop(1)])
    #expect(queue.pausedAll() == [], "it is stopped once")
    #expect(queue.finished(1, .failed(.cancelled), moved: true) == [.changed(1)])
    #expect(queue[1]?.state == .waiting && queue[1]?.attempts == 0)
    #expect(queue.resumedAll() == [.start(1)])
    // Resumed before its job has ended, it goes on at once; one that was quicker is done.
    _ = queue.pausedAll()
    #expect(queue.resumedAll() == [])
    #expect(queue.finished(1, .failed(.cancelled)) == [.changed(1), .start(1)])
    _ = queue.pausedAll()
    #expect(queue.finished(1, .done(proof)).first == .changed(1))
    #expect(queue[1]?.state.isDone == true)
  }

  @Test("a moved folder is removed after all that was in it, the innermost first")
  func moveFolder() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(1, .move), [item(1, .folder)])
    #expect(queue.finished(1, .expanded([item(2, parent: 1), item(3, .folder, parent: 1)])).last == .start(3))
    #expect(queue.finished(3, .expanded([])) == [.changed(3), .changed(3), .start(2)])
    #expect(queue[3]?.stage == .emptying)
    #expect(queue.finished(2, .done(proof)) == [.changed(2), .start(3)])
    #expect(queue.finished(3, .done(.folder)) == [.changed(3), .changed(1), .start(1)])
    #expect(queue.finished(1, .done(.folder)).last == .batchFinished(TransferBatch.ID(1)))
  }

  @Test("a moved folder stays where something in it could not be moved")
  func moveFails() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(1, .move), [item(1, .folder)])
    _ = queue.finished(1, .expanded([item(2, parent: 1)]))
    let actions = queue.finished(2, .failed(.sourceMissing("2")))
    #expect(actions.contains(.changed(1)))
    #expect(actions.last == .batchFinished(TransferBatch.ID(1)))
    guard case .skipped = queue[1]?.state else {
      Issue.record("\(String(describing: queue[1]))")
      return
    }
  }

  @Test("what a process was doing when it ended waits again, and is known to be interrupted")
  func restored() {
    var queue = state(jobs: 1)
    let done = item(2, state: .done(proof))
    #expect(queue.restored(batch(), [item(1, state: .running), done, item(3, state: .paused)]) == [.start(1)])
    #expect(queue[1]?.hasStarted == true)
    #expect(queue[1]?.hasStarted == true)
    #expect(queue[2]?.hasStarted == false)
    #expect(queue[3]?.state == .paused)
  }

  @Test("a moved folder that was half empty when the process ended is emptied and removed")
  func restoredMove() {
    var folder = item(1, .folder)
    folder.stage = .emptying
    var queue = state(jobs: 1)
    let items = [folder, item(2, parent: 1), item(3, parent: 1, state: .done(proof))]
    #expect(queue.restored(batch(1, .move), items) == [.start(2)])
    #expect(queue.finished(2, .done(proof)) == [.changed(2), .changed(1), .start(1)])
  }

  @Test("a window of a long queue shows the items in the order in which they will run")
  func windows() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), (1...1_000).map { item(TransferItem.ID($0)) })
    #expect(queue.rows(.waiting, from: 0, count: 3).map(\.id) == [2, 3, 4])
    #expect(queue.rows(.waiting, from: 997, count: 9).map(\.id) == [999, 1_000])
    _ = queue.paused([3])
    #expect(queue.rows(.waiting, from: 0, count: 3).map(\.id) == [2, 3, 4])
    #expect(queue.rows(.waiting, from: 998, count: 5).map(\.id) == [1_000])
    #expect(queue.counts.waiting == 999)
    #expect(queue.rows(.running, from: 0, count: 9).map(\.id) == [1])
    _ = queue.finished(1, .done(proof))
    _ = queue.finished(2, .done(proof))
    #expect(queue.rows(.finished, from: 0, count: 9).map(\.id) == [2, 1])
    #expect(queue.openBytes == 99_800)
  }

  @Test("sizes that no sum holds are counted all the same")
  func hugeSizes() {
    var queue = state(jobs: 2)
    _ = queue.added(batch(), (1...4).map { item(TransferItem.ID($0), size: .max) } + [item(5, size: 7)])
    #expect(queue.openBytes == .max)
    _ = queue.noted(1, .source(FileFacts(size: 5)))
    _ = queue.noted(2, .source(FileFacts(size: .max - 1)))
    for id in [TransferItem.ID(1), 2, 3, 4] { _ = queue.finished(id, .done(proof)) }
    #expect(queue.openBytes == 7)
    var restored = state(jobs: 2)
    _ = restored.restored(
      batch(), (1...2).map { item(TransferItem.ID($0), .folder, size: .max) } + [item(3, size: .min)])
    #expect(restored.openBytes >= 0)
  }

  @Test("what another copy, or a command, lets go on is asked about no more, and tried again")
  func goesOnOutside() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1)])
    _ = queue.finished(1, .conflict(Conflict(source: FileFacts(), target: FileFacts())))
    #expect(queue.changedOutside([OutsideChange(ItemRank(1, .normal, 1), .goOn)]) == [.changed(1), .start(1)])
  }

  @Test("a policy for the whole batch takes the place of answers, also in the journal")
  func policyTakesAnswersBack() {
    var answered = item(2)
    answered.answer = .rename
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), answered])
    #expect(queue.policyChanged(TransferBatch.ID(1), .newer) == [.batchChanged(TransferBatch.ID(1)), .changed(2)])
    #expect(queue[2]?.answer == nil)
  }

  @Test("a moved folder that is paused while its list is read stays paused, and is emptied when it is resumed")
  func pausedWhileListed() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(1, .move), [item(1, .folder)])
    #expect(queue.paused([1]) == [.changed(1), .stop(1)])
    #expect(queue.finished(1, .expanded([item(2, parent: 1)])) == [.changed(1), .start(2)])
    #expect(queue[1]?.state == .paused)
    #expect(queue[1]?.stage == .emptying)
    #expect(queue.finished(2, .done(proof)) == [.changed(2)])
    #expect(queue.resumed([1]) == [.changed(1), .start(1)])
    #expect(queue.finished(1, .done(.folder)).last == .batchFinished(TransferBatch.ID(1)))
  }

  @Test("a moved folder that was paused when the process ended waits for what is in it when it is resumed")
  func restoredPausedFolder() {
    var folder = item(1, .folder, state: .paused)
    folder.stage = .emptying
    var queue = state(jobs: 1)
    #expect(queue.restored(batch(1, .move), [folder, item(2, parent: 1)]) == [.start(2)])
    #expect(queue.resumed([1]) == [.changed(1)])
    #expect(queue.finished(2, .done(proof)) == [.changed(2), .changed(1), .start(1)])
  }

  @Test("a paused folder whose contents were not all moved stays at its old place when it is resumed")
  func resumedInVain() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(1, .move), [item(1, .folder)])
    _ = queue.paused([1])
    _ = queue.finished(1, .expanded([item(2, parent: 1)]))
    _ = queue.finished(2, .failed(.sourceMissing("2")))
    #expect(queue.resumed([1]).last == .batchFinished(TransferBatch.ID(1)))
    guard case .skipped = queue[1]?.state else {
      Issue.record("\(String(describing: queue[1]))")
      return
    }
  }
}
