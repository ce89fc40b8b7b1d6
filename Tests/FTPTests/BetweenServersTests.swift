import FTP
import Testing

@Suite("Files from server to server")
struct BetweenServersTests {
  // MARK: Routes

  private static let (near, far): ([UInt8], [UInt8]) = ([192, 0, 2, 1], [198, 51, 100, 7])

  private func party(
    _ features: String..., mode: TLSMode = .explicit, at host: [UInt8]? = [192, 0, 2, 1]
  ) -> FXPParty {
    let lines = ["Features:"] + features.map { " " + $0 } + ["End"]
    return FXPParty(mode: mode, features: Features(Reply(211, lines: lines.map { Array($0.utf8) })), host: host)
  }

  private func route(_ passive: FXPRoute.Side, _ client: FXPRoute.Side, _ way: FXPRoute.Negotiation) -> FXPRoute {
    FXPRoute(passive: passive, tlsClient: client, by: way)
  }

  @Test("the target is the TLS client if it can be, and the active side")
  func order() throws {
    let (both, none) = (party("SSCN", "CPSV"), party("EPSV"))
    #expect(
      try FXPRoute.routes(from: party("SSCN"), to: party("SSCN")) == [
        route(.source, .target, .sscn), route(.target, .target, .sscn), route(.target, .source, .sscn),
        route(.source, .source, .sscn),
      ])
    #expect(
      try FXPRoute.routes(from: none, to: both) == [
        route(.source, .target, .sscn), route(.target, .target, .cpsv), route(.target, .target, .sscn),
      ])
    #expect(
      try FXPRoute.routes(from: party("SSCN"), to: none) == [
        route(.target, .source, .sscn), route(.source, .source, .sscn),
      ])
    #expect(
      try FXPRoute.routes(from: party("CPSV"), to: party("CPSV")) == [
        route(.target, .target, .cpsv), route(.source, .source, .cpsv),
      ])
  }

  @Test("what cannot be encrypted at both ends is not tried")
  func obstacles() {
    #expect(throws: FXPObstacle.noTLSClient) { try FXPRoute.routes(from: party(), to: party("EPSV")) }
    for (source, target) in [(TLSMode.plaintext, TLSMode.explicit), (.implicit, .plaintext), (.plaintext, .plaintext)] {
      #expect(throws: FXPObstacle.plaintext) {
        try FXPRoute.routes(from: party("SSCN", mode: source), to: party("SSCN", mode: target))
      }
    }
    let six = [UInt8](repeating: 0x20, count: 16)
    for other in [six, nil] {
      #expect(throws: FXPObstacle.unlikeAddresses) {
        try FXPRoute.routes(from: party("SSCN"), to: party("SSCN", at: other))
      }
    }
  }

  @Test(
    "nobody is sent to an address that is another machine's for him",
    arguments: [
      // The two addresses, and who may wait for the other one.
      ([192, 0, 2, 1], [198, 51, 100, 7], [.source, .target]),
      ([10, 0, 0, 1], [10, 9, 9, 9], [.source, .target]),
      ([192, 168, 1, 2], [198, 51, 100, 7], [.target]),
      ([198, 51, 100, 7], [100, 64, 0, 1], [.source]),
      ([127, 0, 0, 1], [10, 0, 0, 1], [.target]),
      ([127, 0, 0, 2], [127, 0, 0, 3], [.source, .target]),
      ([169, 254, 1, 1], [169, 254, 1, 2], []),
      ([0, 0, 0, 0], [198, 51, 100, 7], []),
      ([198, 51, 100, 7], [224, 0, 0, 1], []),
      ([198, 51, 100, 7], [255, 255, 255, 255], []),
    ] as [([UInt8], [UInt8], Set<FXPRoute.Side>)])
  func reach(_ source: [UInt8], _ target: [UInt8], _ passive: Set<FXPRoute.Side>) {
    let routes = try? FXPRoute.routes(from: party("SSCN", "CPSV", at: source), to: party("SSCN", "CPSV", at: target))
    #expect(Set((routes ?? []).map(\.passive)) == passive)
  }

  @Test(
    "how far IPv6 addresses reach",
    arguments: [
      ([0x20, 0x01], 1, .everywhere), ([0xFD, 0], 1, .site), ([0xFC, 0], 1, .site), ([0xFE, 0x80], 1, .link),
      ([0xFE, 0xBF], 1, .link), ([0xFF, 0x02], 1, nil), ([0, 0], 1, .machine), ([0, 0], 0, nil),
    ] as [([UInt8], UInt8, HostReach?)])
  func reach6(_ start: [UInt8], _ last: UInt8, _ reach: HostReach?) {
    #expect(HostReach(start + [UInt8](repeating: 0, count: 13) + [last]) == reach)
  }

  @Test("an IPv4 address in IPv6's form is judged as what it is; anything else is none")
  func mapped() {
    let prefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    #expect(HostReach(prefix + [10, 0, 0, 1]) == .site)
    #expect(HostReach(prefix + [0, 0, 0, 0]) == nil)
    #expect(HostReach([1, 2, 3]) == nil)
  }

  // MARK: The exchange

  private static let begun = Reply(150, "go")
  private static let done = Reply(226, "done")
  private static let no = Reply(425, "no")

  private func begunExchange() -> FXPExchange {
    var exchange = FXPExchange()
    #expect(exchange.wait == .beginning)
    #expect(exchange.received(Self.begun, from: .target) == .wait)
    #expect(exchange.wait == .beginning)
    #expect(exchange.received(Self.begun, from: .source) == .wait)
    #expect(exchange.wait == .data)
    return exchange
  }

  @Test("it is complete when both have said so", arguments: FXPRoute.Side.allCases)
  func complete(_ first: FXPRoute.Side) {
    var exchange = begunExchange()
    #expect(exchange.received(Self.done, from: first) == .wait)
    #expect(exchange.wait == .secondReply)
    #expect(exchange.received(Self.done, from: first.other) == .complete)
    #expect(exchange.wait == .nothing)
    // Whatever comes later changes nothing.
    #expect(exchange.received(Self.no, from: first) == .wait)
    #expect(exchange.lost(first) == .wait && exchange.cancelled() == .wait && exchange.overdue() == .wait)
  }

  @Test("who refuses first has the other one stopped, and its word is waited for", arguments: FXPRoute.Side.allCases)
  func refused(_ first: FXPRoute.Side) {
    var exchange = FXPExchange()
    #expect(exchange.received(Self.no, from: first) == .abort([first.other]))
    #expect(exchange.wait == .farewell)
    #expect(exchange.received(Self.begun, from: first.other) == .wait)
    #expect(!exchange.hasAnswered(first.other))
    // That it has all of it does not help any more.
    #expect(exchange.received(Self.done, from: first.other) == .fail(.refused(first, Self.no)))
    #expect(exchange.hasAnswered(first.other))
  }

  @Test("a source that has sent everything is no proof", arguments: [425, 426, 451, 522, 552])
  func oneSide(_ code: Int) {
    var exchange = begunExchange()
    #expect(exchange.received(Self.done, from: .source) == .wait)
    let reply = Reply(code, "reset")
    #expect(exchange.received(reply, from: .target) == .fail(.refused(.target, reply)))
  }

  @Test("a control connection that goes away, with 421 or without a word, ends it")
  func lost() {
    var exchange = begunExchange()
    #expect(exchange.received(Reply(421, "bye"), from: .source) == .abort([.target]))
    #expect(exchange.lost(.source) == .wait)
    #expect(exchange.lost(.target) == .fail(.lost(.source)))
    var other = begunExchange()
    #expect(other.lost(.target) == .abort([.source]))
    #expect(other.overdue() == .fail(.lost(.target)))
    #expect(!other.hasAnswered(.source))
  }

  @Test("both are stopped when a person says so, or nothing moves; the first reason stays")
  func stopped() {
    var exchange = begunExchange()
    #expect(exchange.cancelled() == .abort([.source, .target]))
    #expect(exchange.stalled() == .wait)
    #expect(exchange.received(Self.no, from: .source) == .wait)
    #expect(exchange.received(Self.no, from: .target) == .fail(.cancelled))
    var other = begunExchange()
    #expect(other.stalled() == .abort([.source, .target]))
    #expect(other.overdue() == .fail(.stalled))
  }

  @Test("who does not answer is not waited for, but data may take their time")
  func overdue() {
    var exchange = FXPExchange()
    #expect(exchange.received(Self.begun, from: .source) == .wait)
    #expect(exchange.overdue() == .abort([.source, .target]))
    #expect(exchange.overdue() == .fail(.silent(.target)))
    var moving = begunExchange()
    #expect(moving.overdue() == .wait)
    #expect(moving.received(Self.done, from: .target) == .wait)
    #expect(moving.overdue() == .abort([.source]))
    #expect(moving.received(Self.done, from: .source) == .fail(.silent(.source)))
  }

  @Test("any order of events ends once, and only two 226 make it complete")
  func randomOrders() {
    for seed in 0..<2_000 {
      var random = Seeded(seed: UInt64(seed))
      var exchange = FXPExchange()
      var ends = 0
      var completions: Set<FXPRoute.Side> = []
      var aborted = false
      for _ in 0..<30 {
        let side = FXPRoute.Side.allCases.randomElement(using: &random)!
        let action: FXPExchange.Action
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<4: action = exchange.received(Self.begun, from: side)
        case 4..<8:
          if exchange.wait != .nothing, !exchange.hasAnswered(side) { completions.insert(side) }
          action = exchange.received(Self.done, from: side)
        case 8: action = exchange.received(Self.no, from: side)
        case 9: action = exchange.lost(side)
        case 10: action = exchange.overdue()
        default: action = Bool.random(using: &random) ? exchange.cancelled() : exchange.stalled()
        }
        switch action {
        case .wait: break
        case .abort(let sides):
          #expect(!aborted && !sides.isEmpty)
          aborted = true
        case .complete:
          #expect(completions.count == 2 && !aborted)
          ends += 1
        case .fail: ends += 1
        }
      }
      #expect(ends <= 1)
      if ends == 1 { #expect(exchange.wait == .nothing) }
    }
  }
}
