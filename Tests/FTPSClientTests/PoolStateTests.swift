import Testing

@testable import FTPSClient

@Suite("The pool of sessions")
struct PoolStateTests {
  @Test("opens sessions up to its limit, then lets requests wait")
  func limit() {
    var state = PoolState(limit: 2)
    #expect(state.requested(1, for: .transfer) == [.open(1)])
    #expect(state.opened(10, for: 1) == [.lease(10, 1)])
    #expect(state.requested(2, for: .transfer) == [.open(2)])
    #expect(state.requested(3, for: .transfer) == [])
    #expect(state.returned(10, isUsable: true) == [.lease(10, 3)])
  }

  @Test("opens the first session alone, and the others once it is there")
  func first() {
    var state = PoolState(limit: 3)
    #expect(state.requested(1, for: .transfer) == [.open(1)])
    for id in 2...4 { #expect(state.requested(id, for: .transfer) == []) }
    #expect(state.opened(10, for: 1) == [.lease(10, 1), .open(2), .open(3)])
    #expect(state.openingFailed(for: 2, purpose: .transfer, serverIsFull: false) == [.refuse(2), .open(4)])
  }

  @Test("what the server has against the first session, it has against all that wait")
  func firstFails() {
    var state = PoolState(limit: 3)
    for id in 1...3 { _ = state.requested(id, for: .transfer) }
    #expect(
      state.openingFailed(for: 1, purpose: .transfer, serverIsFull: false) == [.refuse(1), .refuse(2), .refuse(3)])
    #expect(state.requested(4, for: .transfer) == [.open(4)])
    _ = state.requested(5, for: .transfer)
    // That somebody did not want it any more says nothing of the server.
    #expect(
      state.openingFailed(for: 4, purpose: .transfer, serverIsFull: false, isCancelled: true) == [.refuse(4), .open(5)])
  }

  @Test("when all have ended, the next one is opened alone again: the password may be another one by now")
  func firstAgain() {
    var state = PoolState(limit: 3)
    _ = state.requested(1, for: .transfer)
    _ = state.opened(10, for: 1)
    _ = state.returned(10, isUsable: true)
    _ = state.ended(10)
    #expect(state.requested(2, for: .transfer) == [.open(2)])
    #expect(state.requested(3, for: .transfer) == [])
    #expect(state.warmed([7, 8], upTo: 3) == [])
    #expect(state.openingFailed(for: 2, purpose: .transfer, serverIsFull: false) == [.refuse(2), .refuse(3)])
  }

  @Test("serves who browses before who transfers, each in their order")
  func browsingGoesFirst() {
    var state = PoolState(limit: 1)
    _ = state.requested(1, for: .transfer)
    _ = state.opened(10, for: 1)
    _ = state.requested(2, for: .transfer)
    _ = state.requested(3, for: .browsing)
    _ = state.requested(4, for: .browsing)
    #expect(state.returned(10, isUsable: true) == [.lease(10, 3)])
    #expect(state.returned(10, isUsable: true) == [.lease(10, 4)])
    #expect(state.returned(10, isUsable: true) == [.lease(10, 2)])
  }

  @Test("leaves a session to who browses, whatever the server allows, unless it allows one only")
  func reserved() {
    var state = PoolState(limit: 3, reserved: 1)
    _ = state.requested(1, for: .transfer)
    #expect(state.opened(10, for: 1) == [.lease(10, 1)])
    #expect(state.requested(2, for: .transfer) == [.open(2)])
    #expect(state.requested(3, for: .transfer) == [])
    #expect(state.requested(4, for: .browsing) == [.open(4)])
    // The server allows two: one of them is the pane's.
    #expect(state.openingFailed(for: 4, purpose: .browsing, serverIsFull: true) == [])
    #expect(state.limit == 2)
    #expect(state.opened(11, for: 2) == [.lease(11, 2)])
    #expect(state.returned(10, isUsable: true) == [.lease(10, 4)])
    #expect(state.returned(11, isUsable: true) == [.lease(11, 3)])
    #expect(state.requested(5, for: .transfer) == [])
    #expect(state.returned(10, isUsable: true) == [])
    #expect(state.requested(6, for: .browsing) == [.lease(10, 6)])
    #expect(state.returned(11, isUsable: true) == [.lease(11, 5)])

    var single = PoolState(limit: 1, reserved: 1)
    #expect(single.requested(1, for: .transfer) == [.open(1)])
  }

  @Test("who has one session and needs another goes before who has none, and may have the pane's")
  func second() {
    var state = PoolState(limit: 2, reserved: 1)
    _ = state.requested(1, for: .transfer)
    _ = state.opened(10, for: 1)
    #expect(state.requested(2, for: .transfer) == [])
    #expect(state.requested(3, for: .second) == [.open(3)])
    #expect(state.opened(11, for: 3) == [.lease(11, 3)])
    #expect(state.returned(11, isUsable: true) == [])
    #expect(state.returned(10, isUsable: true) == [.lease(10, 2)])
  }

  @Test("replaces a session that came back unusable")
  func unusable() {
    var state = PoolState(limit: 1)
    _ = state.requested(1, for: .transfer)
    _ = state.opened(10, for: 1)
    _ = state.requested(2, for: .transfer)
    #expect(state.returned(10, isUsable: false) == [.close(10), .open(2)])
  }

  @Test("learns the server's limit, and lets the request wait for a session that is open")
  func serverIsFull() {
    var state = PoolState(limit: 4)
    _ = state.requested(1, for: .transfer)
    _ = state.opened(10, for: 1)
    _ = state.requested(2, for: .transfer)
    #expect(state.openingFailed(for: 2, purpose: .transfer, serverIsFull: true) == [])
    #expect(state.limit == 1)
    #expect(state.requested(3, for: .transfer) == [])
    #expect(state.returned(10, isUsable: true) == [.lease(10, 2)])
    #expect(state.limitMayGrow() == [.open(3)])
  }

  @Test("refuses a request when a full server leaves it no session at all")
  func serverIsFullForTheFirst() {
    var state = PoolState(limit: 4)
    _ = state.requested(1, for: .transfer)
    #expect(state.openingFailed(for: 1, purpose: .transfer, serverIsFull: true) == [.refuse(1)])
  }

  @Test("gives nothing out after it was closed")
  func closed() {
    var state = PoolState(limit: 2)
    _ = state.requested(1, for: .transfer)
    _ = state.opened(10, for: 1)
    _ = state.returned(10, isUsable: true)
    _ = state.requested(2, for: .transfer)
    _ = state.requested(3, for: .transfer)
    #expect(state.closed() == [])
    #expect(state.opened(11, for: 3) == [.close(11), .refuse(3)])
    #expect(state.returned(10, isUsable: true) == [.close(10)])
    #expect(state.requested(4, for: .browsing) == [.refuse(4)])
  }

  @Test("never loses or doubles a request, whatever happens in whatever order", arguments: 0..<200)
  func randomEvents(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var state = PoolState(limit: Int.random(in: 1...4, using: &random))
    var world = PoolModel()
    for _ in 0..<300 { world.step(&state, &random) }
    world.drain(&state)
    #expect(world.violations == [])
    #expect(world.unanswered.isEmpty)
  }
}

/// Plays the sessions and those who want them, and notes every action of the pool that is not legal.
private struct PoolModel {
  var nextRequest = 0
  var nextSession = 1000
  var unanswered: Set<Int> = []
  var opening: [Int] = []
  var leased: [Int: Int] = [:]
  var live: Set<Int> = []
  var violations: [String] = []

  mutating func step(_ state: inout PoolState, _ random: inout SplitMix) {
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1:
      nextRequest += 1
      unanswered.insert(nextRequest)
      take(state.requested(nextRequest, for: Bool.random(using: &random) ? .browsing : .transfer))
    case 2 where !opening.isEmpty:
      let request = opening.remove(at: Int.random(in: opening.indices, using: &random))
      nextSession += 1
      live.insert(nextSession)
      take(state.opened(nextSession, for: request))
    case 3 where !opening.isEmpty:
      let request = opening.remove(at: Int.random(in: opening.indices, using: &random))
      take(state.openingFailed(for: request, purpose: .transfer, serverIsFull: Bool.random(using: &random)))
    case 4 where !leased.isEmpty:
      let session = leased.keys.sorted()[Int.random(in: 0..<leased.count, using: &random)]
      leased[session] = nil
      take(state.returned(session, isUsable: Int.random(in: 0..<4, using: &random) > 0))
    default: take(state.limitMayGrow())
    }
    if state.openCount > state.configuredLimit { violations.append("\(state.openCount) sessions are open") }
  }

  mutating func drain(_ state: inout PoolState) {
    while !opening.isEmpty || !leased.isEmpty {
      if let request = opening.popLast() {
        nextSession += 1
        live.insert(nextSession)
        take(state.opened(nextSession, for: request))
      } else if let session = leased.keys.first {
        leased[session] = nil
        take(state.returned(session, isUsable: true))
      }
    }
  }

  private mutating func take(_ actions: [PoolState.Action]) {
    for action in actions {
      switch action {
      case .lease(let session, let request):
        if !live.contains(session) { violations.append("session \(session) is not live") }
        if leased.updateValue(request, forKey: session) != nil { violations.append("session \(session) lent twice") }
        if unanswered.remove(request) == nil { violations.append("request \(request) answered twice") }
      case .open(let request): opening.append(request)
      case .refuse(let request):
        if unanswered.remove(request) == nil { violations.append("request \(request) answered twice") }
      case .close(let session):
        if live.remove(session) == nil { violations.append("session \(session) closed twice") }
      }
    }
  }
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
