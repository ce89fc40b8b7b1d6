import FTP
import FTPSClient
import Glibc
import Testing

@testable import Transfers

/// A disk that is full is one question, whatever number of items goes to it.
@Suite("The queue and volumes without room")
struct QueueVolumeTests {
  private let proof = Proof.length(100)

  private func full(_ device: UInt64?) -> JobOutcome {
    var fault = LocalFault(.write, "a", code: ENOSPC)
    fault.device = device
    return .failed(.local(fault))
  }

  private func state(jobs: Int = 2) -> QueueState { QueueState(jobs: jobs, retries: RetryPolicy(), seed: 1) }

  @Test("one item asks, the others of the batch wait with the reason, and another disk's go on")
  func oneQuestion() {
    var queue = state()
    _ = queue.added(batch(), [item(1), item(2), item(3), item(4)])
    let elsewhere = batch(2, from: .local, to: .remote(server))
    #expect(queue.finished(1, full(7)) == [.changed(1)])
    #expect(queue.finished(2, full(7)) == [.changed(2)])
    #expect(queue.counts.needsYou == 1)
    #expect(
      queue[1]?.state
        == .needsYou(.volume(reason: "The disk is full, so “a” could not be written; free some space and retry.")))
    #expect([2, 3, 4].allSatisfy { queue[$0]?.state == .waiting })
    #expect(queue[3]?.problem?.hasPrefix("The disk is full") == true)
    #expect(queue.added(elsewhere, [item(5, batch: 2)]) == [.start(5)])
    // A batch that goes to the same disk finds out once, and asks nothing.
    #expect(queue.added(batch(3), [item(6, batch: 3), item(7, batch: 3)]) == [.start(6)])
    #expect(queue.finished(6, full(7)) == [.changed(6)])
    #expect(queue.finished(5, .done(proof)) == [.changed(5), .batchFinished(TransferBatch.ID(2))])
    #expect(queue.counts.needsYou == 1)
    #expect(queue.isIdle)
    // Room was made: whoever is told to try again lets all of them in.
    #expect(queue.retried([1]) == [.changed(1), .start(1), .start(2)])
    #expect(queue[3]?.problem == nil)
    #expect(queue.finished(1, .done(proof)) == [.changed(1), .start(3)])
  }

  @Test("what is found on the way to a full disk waits, too")
  func found() {
    var queue = state(jobs: 2)
    _ = queue.added(batch(), [item(1), item(2, .folder)])
    #expect(queue.finished(1, full(7)) == [.changed(1)])
    #expect(queue.finished(2, .expanded([item(10, parent: 2), item(11, parent: 2)])) == [.changed(2)])
    #expect(queue.isIdle)
    #expect(queue.retried([11]) == [.changed(1), .start(1), .start(10)])
  }

  @Test("whoever asks may be put away: then another one finds out", arguments: [true, false])
  func putAway(_ isCancelled: Bool) {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), item(2)])
    _ = queue.finished(1, full(7))
    let actions = isCancelled ? queue.cancelled([1]) : queue.paused([1])
    #expect(actions.last == .start(2))
    #expect(queue[1]?.state == (isCancelled ? .cancelled : .paused))
    #expect(queue.finished(2, full(7)) == [.changed(2)])
    #expect(queue.counts.needsYou == 1)
  }

  @Test("a server's quota is a volume of its own")
  func quota() {
    var queue = state(jobs: 2)
    let up = batch(1, from: .local, to: .remote(server))
    _ = queue.added(up, [item(1), item(2), item(3)])
    let refused = JobOutcome.failed(.session(.refused(command: "STOR a", Reply(552, "Quota exceeded"))))
    #expect(queue.finished(1, refused) == [.changed(1)])
    #expect(queue.finished(2, refused) == [.changed(2)])
    #expect(queue.counts.needsYou == 1)
    #expect(queue.added(batch(2), [item(5, batch: 2)]) == [.start(5)], "downloads from it go on")
  }

  @Test("where nobody is there to answer, what does not fit fails, and smaller ones may fit")
  func unattended() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(isAttended: false), [item(1), item(2)])
    #expect(queue.finished(1, full(7)) == [.changed(1), .start(2)])
    #expect(queue[1]?.state.hasFailed == true)
  }

  @Test("a queue that cannot be kept on disk is nothing that an item is given up for")
  func journal() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1)])
    for _ in 0..<20 {
      let actions = queue.finished(1, .failed(.journal("No space is left.")))
      guard case .wake(.item(1), _) = actions.last else {
        Issue.record("\(actions)")
        return
      }
      #expect(queue[1]?.problem?.hasPrefix("The queue could not be kept on disk") == true)
      #expect(queue.woke(.item(1)) == [.start(1)])
    }
  }
}
