import FTP
import Testing

@Suite("Transfer exchange")
struct TransferExchangeTests {
  enum Event: Sendable, Equatable, CustomTestStringConvertible {
    case reply(Int)
    case opened
    case finished
    case cut
    case failed
    case lost
    case preliminaryOverdue
    case finalOverdue
    case cancelled

    var testDescription: String { "\(self)" }
  }

  static func run(_ direction: TransferExchange.Direction, _ events: [Event]) -> [TransferExchange.Action] {
    var exchange = TransferExchange(direction)
    return events.map { feed(&exchange, $0) }
  }

  private static func feed(_ exchange: inout TransferExchange, _ event: Event) -> TransferExchange.Action {
    switch event {
    case .reply(let code): exchange.received(Reply(code, ""))
    case .opened: exchange.dataOpened()
    case .finished: exchange.dataFinished(closeNotify: true)
    case .cut: exchange.dataFinished(closeNotify: false)
    case .failed: exchange.dataFailed()
    case .lost: exchange.controlLost()
    case .preliminaryOverdue: exchange.preliminaryOverdue()
    case .finalOverdue: exchange.finalReplyOverdue()
    case .cancelled: exchange.cancelled()
    }
  }

  static func reply(_ code: Int) -> Reply { Reply(code, "") }

  @Test(
    "downloads, in all orders",
    arguments: [
      // As it should be, and all the same in other orders.
      ([.reply(150), .opened, .finished, .reply(226)], [.wait, .moveData, .wait, .complete(reply(226))]),
      ([.opened, .reply(150), .finished, .reply(226)], [.moveData, .wait, .wait, .complete(reply(226))]),
      ([.reply(150), .opened, .reply(226), .finished], [.wait, .moveData, .wait, .complete(reply(226))]),
      ([.reply(150), .reply(226), .opened, .finished], [.wait, .wait, .moveData, .complete(reply(226))]),
      ([.reply(226), .opened, .finished], [.wait, .moveData, .complete(reply(226))]),
      ([.opened, .finished, .reply(226)], [.moveData, .wait, .complete(reply(226))]),
      ([.opened, .finished, .reply(150), .reply(250)], [.moveData, .wait, .wait, .complete(reply(250))]),
      (
        [.reply(125), .reply(150), .opened, .finished, .reply(226)],
        [.wait, .wait, .moveData, .wait, .complete(reply(226))]
      ),
      // Refused.
      ([.reply(550)], [.fail(.refused(reply(550)))]),
      ([.opened, .reply(550)], [.moveData, .fail(.refused(reply(550)))]),
      ([.reply(150), .reply(425)], [.wait, .fail(.refused(reply(425)))]),
      ([.reply(150), .opened, .reply(426)], [.wait, .moveData, .fail(.refused(reply(426)))]),
      ([.reply(150), .opened, .finished, .reply(426)], [.wait, .moveData, .wait, .fail(.refused(reply(426)))]),
      ([.reply(150), .opened, .finished, .reply(451)], [.wait, .moveData, .wait, .fail(.refused(reply(451)))]),
      ([.reply(150), .opened, .cut, .reply(451)], [.wait, .moveData, .wait, .fail(.refused(reply(451)))]),
      // The data connection breaks.
      ([.reply(150), .opened, .failed, .reply(426)], [.wait, .moveData, .wait, .fail(.dataFailed(reply(426)))]),
      ([.reply(150), .opened, .failed, .reply(226)], [.wait, .moveData, .wait, .fail(.dataFailed(reply(226)))]),
      ([.reply(150), .opened, .reply(226), .failed], [.wait, .moveData, .wait, .fail(.dataFailed(reply(226)))]),
      ([.failed, .reply(425)], [.wait, .fail(.dataFailed(reply(425)))]),
      ([.failed, .reply(150), .reply(425)], [.wait, .wait, .fail(.dataFailed(reply(425)))]),
      ([.failed, .reply(550)], [.wait, .fail(.refused(reply(550)))]),
      ([.reply(150), .reply(226), .failed], [.wait, .wait, .fail(.dataFailed(reply(226)))]),
      // Cut without close_notify.
      ([.reply(150), .opened, .cut, .reply(226)], [.wait, .moveData, .wait, .fail(.truncated(reply(226)))]),
      ([.reply(150), .opened, .reply(226), .cut], [.wait, .moveData, .wait, .fail(.truncated(reply(226)))]),
      // The control connection breaks.
      ([.lost], [.fail(.controlLost(isDataComplete: false))]),
      ([.reply(150), .lost], [.wait, .fail(.controlLost(isDataComplete: false))]),
      (
        [.reply(150), .opened, .lost, .finished],
        [.wait, .moveData, .wait, .fail(.controlLost(isDataComplete: true))]
      ),
      (
        [.reply(150), .opened, .lost, .cut], [.wait, .moveData, .wait, .fail(.controlLost(isDataComplete: false))]
      ),
      (
        [.reply(150), .opened, .lost, .failed],
        [.wait, .moveData, .wait, .fail(.controlLost(isDataComplete: false))]
      ),
      (
        [.reply(150), .opened, .finished, .lost],
        [.wait, .moveData, .wait, .fail(.controlLost(isDataComplete: true))]
      ),
      (
        [.reply(150), .opened, .reply(421), .finished],
        [.wait, .moveData, .wait, .fail(.controlLost(isDataComplete: true))]
      ),
      ([.reply(421)], [.fail(.controlLost(isDataComplete: false))]),
      (
        [.reply(150), .opened, .finished, .finalOverdue],
        [.wait, .moveData, .wait, .fail(.noFinalReply(isDataComplete: true))]
      ),
      ([.reply(150), .opened, .finalOverdue], [.wait, .moveData, .fail(.noFinalReply(isDataComplete: false))]),
      // Replies that belong to nothing.
      (
        [.reply(150), .opened, .reply(226), .reply(426)],
        [.wait, .moveData, .wait, .fail(.unexpectedReply(reply(426)))]
      ),
      (
        [.reply(150), .opened, .reply(226), .reply(150)],
        [.wait, .moveData, .wait, .fail(.unexpectedReply(reply(150)))]
      ),
      ([.reply(350)], [.fail(.unexpectedReply(reply(350)))]),
      ([.reply(631)], [.fail(.unexpectedReply(reply(631)))]),
      // Cancelled.
      (
        [.reply(150), .opened, .cancelled, .reply(426)], [.wait, .moveData, .closeData, .fail(.cancelled(reply(426)))]
      ),
      (
        [.reply(150), .opened, .cancelled, .failed, .reply(226)],
        [.wait, .moveData, .closeData, .wait, .fail(.cancelled(reply(226)))]
      ),
      ([.cancelled, .opened, .reply(425)], [.closeData, .closeData, .fail(.cancelled(reply(425)))]),
      ([.cancelled, .lost], [.closeData, .fail(.cancelled(nil))]),
      ([.cancelled, .finalOverdue], [.closeData, .fail(.cancelled(nil))]),
      ([.reply(150), .opened, .reply(226), .cancelled], [.wait, .moveData, .wait, .fail(.cancelled(reply(226)))]),
      (
        [.reply(150), .opened, .finished, .cancelled, .reply(226)],
        [.wait, .moveData, .wait, .wait, .complete(reply(226))]
      ),
      ([.reply(150), .opened, .lost, .cancelled], [.wait, .moveData, .wait, .fail(.cancelled(nil))]),
      // Nothing happens after the end.
      (
        [.reply(550), .opened, .finished, .reply(226), .lost, .cancelled],
        [.fail(.refused(reply(550))), .wait, .wait, .wait, .wait, .wait]
      ),
    ] as [([Event], [TransferExchange.Action])])
  func downloads(_ events: [Event], _ actions: [TransferExchange.Action]) {
    #expect(Self.run(.download, events) == actions)
    #expect(Self.run(.listing, events) == actions)
  }

  @Test(
    "uploads start when the server has agreed",
    arguments: [
      ([.reply(150), .opened, .finished, .reply(226)], [.wait, .moveData, .wait, .complete(reply(226))]),
      ([.opened, .reply(150), .finished, .reply(226)], [.wait, .moveData, .wait, .complete(reply(226))]),
      ([.opened, .preliminaryOverdue, .finished, .reply(226)], [.wait, .moveData, .wait, .complete(reply(226))]),
      (
        [.opened, .preliminaryOverdue, .reply(150), .finished, .reply(226)],
        [.wait, .moveData, .wait, .wait, .complete(reply(226))]
      ),
      ([.reply(150), .opened, .reply(226), .finished], [.wait, .moveData, .wait, .complete(reply(226))]),
      // The size tells whether it all arrived, so the server's close_notify does not matter.
      ([.reply(150), .opened, .cut, .reply(226)], [.wait, .moveData, .wait, .complete(reply(226))]),
      ([.opened, .reply(553)], [.wait, .fail(.refused(reply(553)))]),
      ([.reply(150), .opened, .failed, .reply(552)], [.wait, .moveData, .wait, .fail(.refused(reply(552)))]),
      ([.reply(150), .opened, .reply(552)], [.wait, .moveData, .fail(.refused(reply(552)))]),
      ([.opened, .reply(226)], [.wait, .fail(.unexpectedReply(reply(226)))]),
      ([.reply(150), .reply(226)], [.wait, .fail(.unexpectedReply(reply(226)))]),
      (
        [.opened, .cancelled, .preliminaryOverdue, .reply(426)],
        [.wait, .closeData, .wait, .fail(.cancelled(reply(426)))]
      ),
      ([.opened, .cancelled, .reply(150), .reply(426)], [.wait, .closeData, .wait, .fail(.cancelled(reply(426)))]),
      (
        [.reply(150), .opened, .lost, .cut], [.wait, .moveData, .wait, .fail(.controlLost(isDataComplete: true))]
      ),
    ] as [([Event], [TransferExchange.Action])])
  func uploads(_ events: [Event], _ actions: [TransferExchange.Action]) {
    #expect(Self.run(.upload, events) == actions)
  }

  @Test(
    "what it waits for says which deadline holds",
    arguments: [
      ([], .reply), ([.reply(150)], .dataConnection), ([.reply(226)], .dataConnection), ([.opened], .goAhead),
      ([.reply(150), .opened], .data), ([.reply(150), .opened, .lost], .data),
      ([.reply(150), .opened, .finished], .finalReply), ([.reply(150), .failed], .farewell),
      ([.reply(150), .opened, .cancelled], .farewell), ([.reply(550)], .nothing),
      ([.reply(150), .opened, .finished, .reply(226)], .nothing),
    ] as [([Event], TransferExchange.Wait)])
  func waits(_ events: [Event], _ wait: TransferExchange.Wait) {
    var exchange = TransferExchange(events == [.reply(226)] ? .download : .upload)
    for event in events { _ = Self.feed(&exchange, event) }
    #expect(exchange.wait == wait)
  }

  @Test("in any order of events there is at most one end, and success only with both ends there")
  func anyOrder() {
    let all: [Event] = [
      .reply(150), .reply(226), .reply(426), .opened, .finished, .cut, .failed, .lost, .preliminaryOverdue,
      .finalOverdue, .cancelled,
    ]
    var generator = Seeded(seed: 7)
    for direction in [TransferExchange.Direction.download, .upload, .listing] {
      for _ in 0..<20_000 {
        let events = (0..<Int.random(in: 1...10, using: &generator)).map { _ in all.randomElement(using: &generator)! }
        let actions = Self.run(direction, events)
        let ends = actions.filter {
          switch $0 {
          case .complete, .fail: true
          case .wait, .moveData, .closeData: false
          }
        }
        #expect(ends.count <= 1)
        guard case .complete = ends.first else { continue }
        let seen = events.prefix(actions.firstIndex(of: ends[0])! + 1)
        #expect(seen.contains { if case .reply(226) = $0 { true } else { false } })
        #expect(
          seen.contains {
            if case .finished = $0 { true } else if case .cut = $0 { direction == .upload } else { false }
          })
      }
    }
  }

  @Test("a session is usable while it is known which reply answers what")
  func usable() {
    let reply = Reply(226, "")
    #expect(TransferExchange.Failure.refused(reply).isSessionUsable)
    #expect(TransferExchange.Failure.dataFailed(reply).isSessionUsable)
    #expect(TransferExchange.Failure.truncated(reply).isSessionUsable)
    #expect(TransferExchange.Failure.cancelled(reply).isSessionUsable)
    #expect(!TransferExchange.Failure.cancelled(nil).isSessionUsable)
    #expect(!TransferExchange.Failure.unexpectedReply(reply).isSessionUsable)
    #expect(!TransferExchange.Failure.controlLost(isDataComplete: true).isSessionUsable)
    #expect(!TransferExchange.Failure.noFinalReply(isDataComplete: true).isSessionUsable)
  }
}
