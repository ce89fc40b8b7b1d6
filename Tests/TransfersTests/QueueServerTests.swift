import FTP
import FTPSClient
import Testing

@testable import Transfers

@Suite("The queue and its servers: attempts, questions, and who waits for whom")
struct QueueServerTests {
  let lost = TransferError.session(.closed("reset"))
  let proof = Proof.length(100)

  private func state(jobs: Int = 2) -> QueueState { QueueState(jobs: jobs, retries: RetryPolicy(), seed: 1) }

  @Test("a server is needed as long as something of it runs, or will by itself")
  func needs() {
    var queue = state(jobs: 1)
    let asOther = ServerAddress(host: server.host, port: server.port, mode: server.mode, user: "somebody")
    #expect(!queue.needs(server))
    _ = queue.added(batch(from: .remote(server), to: .local), [item(1), item(2)])
    #expect(queue.needs(server) && queue.needs(asOther) && !queue.needs(otherServer))
    // Between two of its items, too.
    _ = queue.finished(1, .failed(lost))
    #expect(queue.needs(server))
    _ = queue.pausedAll()
    #expect(queue.needs(server), "a job is at work")
    _ = queue.finished(2, .failed(.cancelled))
    #expect(queue.needs(server) && !queue.needs(otherServer), "the queue is paused")
    _ = queue.resumedAll()
    #expect(queue.needs(server))
    _ = queue.cancelled([2])
    _ = queue.finished(2, .failed(.cancelled))
    #expect(queue.isIdle && queue.needs(server), "one is between two attempts")
    _ = queue.paused([1])
    #expect(queue.needs(server), "one is paused")
    _ = queue.cancelled([1])
    #expect(!queue.needs(server))
    _ = queue.added(batch(2, from: .remote(server), to: .local), [item(3, batch: 2), item(4, batch: 2)])
    _ = queue.finished(3, .failed(.server(server, .certificateRejected("no"))))
    #expect(!queue.needs(server), "all of it waits for a person")
    _ = queue.paused([4])
    #expect(!queue.needs(server), "and would do so without the pause")
    _ = queue.cancelled([3, 4])
    _ = queue.added(batch(3, from: .remote(server), to: .local), [item(5, batch: 3)])
    _ = queue.finished(5, .failed(.server(server, .unreachable(host: "h", port: 21, reason: "refused"))))
    #expect(queue.isIdle && queue.needs(server), "the server is tried again")
    _ = queue.woke(.server(.remote(server)))
    _ = queue.finished(5, .failed(.session(.refused(command: "RETR", Reply(550, "No such file.")))))
    #expect(!queue.needs(server), "it has failed")
  }

  @Test("between two servers, the one that cannot be reached holds back what needs it, and nothing else")
  func twoServers() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(from: .remote(server), to: .remote(otherServer)), [item(1), item(2)])
    let refused = JobOutcome.failed(
      .server(otherServer, .unreachable(host: "files.example.com", port: 21, reason: "no")))
    let actions = queue.finished(1, refused)
    guard case .wake(.server(.remote(otherServer)), _) = actions.last else {
      Issue.record("\(actions)")
      return
    }
    #expect(queue.added(batch(2), [item(3, batch: 2)]) == [.start(3)])
    _ = queue.finished(3, .done(proof))
    #expect(queue.isIdle)
    // One item finds out whether the server is back; both gates are open then.
    #expect(queue.woke(.server(.remote(otherServer))) == [.start(1)])
    #expect(queue.finished(1, .done(proof)) == [.changed(1), .start(2)])
    #expect(queue.gates == [:])
  }

  @Test("a lost connection: the item waits, longer each time, and is given up after the last attempt")
  func retries() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1)])
    for attempt in 1..<RetryPolicy().itemAttempts {
      let actions = queue.finished(1, .failed(lost))
      guard case .wake(.item(1), let delay) = actions.last else {
        Issue.record("\(actions)")
        return
      }
      #expect(delay >= RetryPolicy().delay(afterFailures: attempt, jitter: 0))
      #expect(queue[1]?.state == .waiting)
      #expect(queue.woke(.item(1)) == [.start(1)])
    }
    #expect(queue.finished(1, .failed(lost)) == [.changed(1), .batchFinished(TransferBatch.ID(1))])
    #expect(queue[1]?.state == .failed(TransferFailure(lost)))
    #expect(queue.retried([1]) == [.changed(1), .start(1)])
    #expect(queue[1]?.attempts == 0)
  }

  @Test("an attempt that moved something counts as the first one")
  func progress() {
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1)])
    for _ in 0..<20 {
      _ = queue.finished(1, .failed(lost), moved: true)
      #expect(queue[1]?.attempts == 1)
      _ = queue.woke(.item(1))
    }
  }

  @Test("one item finds out for all that a server cannot be reached")
  func unreachable() {
    let error = TransferError.server(server, .unreachable(host: "h", port: 21, reason: "refused"))
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), item(2)])
    _ = queue.added(batch(2, from: .remote(otherServer)), [item(3, batch: 2)])
    let actions = queue.finished(1, .failed(error))
    #expect(actions.contains(.start(3)), "another server's items go on")
    #expect(queue.finished(3, .done(proof)).contains { $0 == .start(2) || $0 == .start(1) } == false)
    #expect(queue.woke(.server(.remote(server))) == [.start(1)])
    #expect(queue.finished(1, .done(proof)) == [.changed(1), .start(2)])
  }

  @Test("while one item tries a server again, the others wait for it")
  func probing() {
    let error = TransferError.server(server, .unreachable(host: "h", port: 21, reason: "refused"))
    var queue = state(jobs: 3)
    _ = queue.added(batch(), [item(1), item(2), item(3)])
    for id in [TransferItem.ID(1), 2, 3] { _ = queue.finished(id, .failed(error)) }
    #expect(queue.working.isEmpty)
    let starts = queue.woke(.server(.remote(server)))
    #expect(starts.count == 1)
    #expect(queue.working.count == 1)
    let prober = queue.working.first!
    #expect(queue.finished(prober, .done(proof)).count { if case .start = $0 { true } else { false } } == 2)
  }

  @Test("a server that stays away becomes one question, not a thousand failures")
  func awayForLong() {
    let error = TransferError.server(server, .unreachable(host: "h", port: 21, reason: "refused"))
    var queue = state(jobs: 1)
    _ = queue.added(batch(), [item(1), item(2)])
    for _ in 1..<RetryPolicy().serverAttempts {
      _ = queue.finished(queue.working.first!, .failed(error))
      _ = queue.woke(.server(.remote(server)))
    }
    _ = queue.finished(queue.working.first!, .failed(error))
    #expect(queue.counts.needsYou == 1)
    #expect(queue.counts.waiting == 1)
    #expect(queue.serverReady(.remote(server)).contains { if case .start = $0 { true } else { false } })
  }

  @Test("a missing password is asked for once, and everything of that server waits")
  func credentials() {
    var queue = state(jobs: 2)
    _ = queue.added(batch(), [item(1), item(2), item(3)])
    #expect(queue.finished(1, .failed(.credentialsNeeded(server))) == [.changed(1)])
    #expect(queue.finished(2, .failed(.credentialsNeeded(server))) == [.changed(2)])
    #expect(queue.counts.needsYou == 1)
    #expect(queue.counts.waiting == 2)
    #expect(queue.serverReady(.remote(server)).filter { if case .start = $0 { true } else { false } }.count == 2)
  }

  @Test("with nobody to ask, a wrong password fails every item of that server without another attempt")
  func unattendedPassword() {
    let error = TransferError.server(server, .loginRefused(Reply(530, "no")))
    var queue = state(jobs: 1)
    _ = queue.added(batch(isAttended: false), [item(1), item(2), item(3)])
    let actions = queue.finished(1, .failed(error))
    #expect(actions.last == .batchFinished(TransferBatch.ID(1)))
    #expect(queue.counts.failed == 3)
    #expect(!actions.contains { if case .start = $0 { true } else { false } })
  }
}
