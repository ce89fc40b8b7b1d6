/// A file on its way from one server to another, as their two control connections tell of it: brings together the
/// replies to RETR and to STOR, in whatever order they come.
///
/// None of the bytes pass by here, so both servers have to say that all went well. The first trouble decides; the other
/// server is then told to stop.
package struct FXPExchange: Equatable, Sendable {
  package typealias Side = FXPRoute.Side

  package enum Action: Equatable, Sendable {
    case wait
    /// Tell these servers to stop; their last replies are still to come.
    case abort([Side])
    /// Both have confirmed it.
    case complete
    case fail(Failure)
  }

  /// Why it did not come about.
  package enum Failure: Equatable, Sendable {
    /// A server said no, before or during the transfer.
    case refused(Side, Reply)
    /// A control connection went away.
    case lost(Side)
    /// A reply did not come in time.
    case silent(Side)
    /// Nothing has moved for too long.
    case stalled
    /// Stopped on purpose.
    case cancelled

    /// The server that it was about.
    package var side: Side? {
      switch self {
      case .refused(let side, _), .lost(let side), .silent(let side): side
      case .stalled, .cancelled: nil
      }
    }
  }

  /// What is being waited for, and so which deadline holds: ``overdue()``.
  package enum Wait: Equatable, Sendable {
    /// The first reply of both.
    case beginning
    /// The end of the data, which is watched in another way.
    case data
    /// The word of the second server, the first one being done.
    case secondReply
    /// The last replies of those that were told to stop.
    case farewell
    case nothing
  }

  private enum State: Equatable {
    case asked, begun
    case answered(Reply)
    case lost
  }

  private var states: [Side: State] = [.source: .asked, .target: .asked]
  private var failure: Failure?
  private var hasEnded = false

  package init() {}

  /// Whether a server has said its last word about the transfer, so that it holds its file no more.
  package func hasAnswered(_ side: Side) -> Bool { if case .answered = states[side] { true } else { false } }

  package var wait: Wait {
    if hasEnded { return .nothing }
    if failure != nil { return .farewell }
    if Side.allCases.contains(where: hasAnswered) { return .secondReply }
    return states.values.contains(.asked) ? .beginning : .data
  }

  // MARK: Events

  package mutating func received(_ reply: Reply, from side: Side) -> Action {
    guard !hasEnded, isOpen(side) else { return .wait }
    if reply.code == 421 { return lost(side) }
    if reply.isPreliminary {
      states[side] = .begun
      return .wait
    }
    states[side] = .answered(reply)
    return reply.isCompletion ? settle() : fail(.refused(side, reply))
  }

  package mutating func lost(_ side: Side) -> Action {
    guard !hasEnded, isOpen(side) else { return .wait }
    states[side] = .lost
    return fail(.lost(side))
  }

  package mutating func stalled() -> Action { hasEnded ? .wait : fail(.stalled) }

  package mutating func cancelled() -> Action { hasEnded ? .wait : fail(.cancelled) }

  /// The deadline of ``wait`` has passed.
  package mutating func overdue() -> Action {
    switch wait {
    case .data, .nothing: return .wait
    case .farewell:
      guard let failure else { return .wait }
      return end(failure)
    case .beginning: return fail(.silent(states[.source] == .asked ? .source : .target))
    case .secondReply: return fail(.silent(isOpen(.source) ? .source : .target))
    }
  }

  // MARK: Putting both together

  private var openSides: [Side] { Side.allCases.filter(isOpen) }

  private func isOpen(_ side: Side) -> Bool { states[side] == .asked || states[side] == .begun }

  private mutating func fail(_ reason: Failure) -> Action {
    let isFirst = failure == nil
    let failure = failure ?? reason
    self.failure = failure
    if openSides.isEmpty { return end(failure) }
    return isFirst ? .abort(openSides) : .wait
  }

  private mutating func settle() -> Action {
    guard openSides.isEmpty else { return .wait }
    if let failure { return end(failure) }
    hasEnded = true
    return .complete
  }

  private mutating func end(_ failure: Failure) -> Action {
    hasEnded = true
    return .fail(failure)
  }
}
