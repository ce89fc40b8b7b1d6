import DequeModule

/// Which session serves whom: the pool's rules, without any session in them.
///
/// At most ``limit`` sessions are open, being opened counted. Who browses goes before who transfers, so that a pane
/// never waits for the end of a queue; where ``reserved`` says so, transfers leave a session to it. A server that refuses
/// another connection teaches the limit. Where none is open, the first session is opened alone: what the server has
/// against it, such as a password that was changed since, it has against all.
struct PoolState: Equatable {
  typealias SessionID = Int
  typealias RequestID = Int

  /// What a request came from.
  enum Purpose: Int, Equatable {
    case browsing
    /// A transfer that has a session already, and cannot go on without another one.
    case second
    case transfer
  }

  /// What the pool has to do now.
  enum Action: Equatable {
    /// Hand an idle session to a request.
    case lease(SessionID, RequestID)
    /// Open a session for a request.
    case open(RequestID)
    /// Tell a request that no session can be had.
    case refuse(RequestID)
    /// Close a session that nobody may use any more.
    case close(SessionID)
  }

  private struct Request: Equatable {
    var id: RequestID
    var purpose: Purpose
  }

  /// Sessions that transfers leave to who browses, as long as there is more than one.
  let reserved: Int
  /// What the settings allow.
  let configuredLimit: Int
  /// What the server was seen to allow; never more than ``configuredLimit``.
  private(set) var limit: Int
  /// Idle sessions, the most recently used last: it is the one most likely to be alive.
  private(set) var idle: [SessionID] = []
  private(set) var leased: Set<SessionID> = []
  private(set) var opening: Set<RequestID> = []
  /// Those of them that are lent, or are being opened, for who browses.
  private var browsing: Set<SessionID> = []
  private var openingToBrowse: Set<RequestID> = []
  private var waiting: Deque<Request> = []
  private(set) var isClosed = false

  init(limit: Int, reserved: Int = 0) {
    self.reserved = max(0, reserved)
    configuredLimit = max(1, limit)
    self.limit = max(1, limit)
  }

  var openCount: Int { idle.count + leased.count + opening.count }
  /// Whether there is a session that the server has let in.
  private var isLetIn: Bool { !idle.isEmpty || !leased.isEmpty }
  /// Whether one session more may serve transfers.
  private var mayTransfer: Bool {
    leased.count - browsing.count + opening.count - openingToBrowse.count < max(1, limit - reserved)
  }

  /// Somebody wants a session.
  mutating func requested(_ id: RequestID, for purpose: Purpose) -> [Action] {
    if isClosed { return [.refuse(id)] }
    let position = waiting.firstIndex { $0.purpose.rawValue > purpose.rawValue } ?? waiting.endIndex
    waiting.insert(Request(id: id, purpose: purpose), at: position)
    return serve()
  }

  /// More than one session will be wanted soon: opens some beforehand.
  ///
  /// - Parameters:
  ///   - ids: of requests that nobody waits for, one for each session.
  ///   - count: sessions that should be open then.
  mutating func warmed(_ ids: [RequestID], upTo count: Int) -> [Action] {
    if isClosed { return [] }
    var actions: [Action] = []
    for id in ids where openCount < min(limit, count) && (isLetIn || opening.isEmpty) {
      opening.insert(id)
      actions.append(.open(id))
    }
    return actions
  }

  /// Whoever wanted a session does not any more.
  mutating func withdrawn(_ id: RequestID) {
    waiting.removeAll { $0.id == id }
  }

  /// A session was opened for a request.
  mutating func opened(_ session: SessionID, for request: RequestID) -> [Action] {
    opening.remove(request)
    let browses = openingToBrowse.remove(request) != nil
    if isClosed { return [.close(session), .refuse(request)] }
    leased.insert(session)
    if browses { browsing.insert(session) }
    return [.lease(session, request)] + serve()
  }

  /// A session could not be opened. Where the server has too many already and others of ours are open, the request
  /// waits for one of them. Where none is open, what failed would fail for all that wait: a wrong password is not said
  /// to the server again for each of them.
  ///
  /// - Parameter isCancelled: whoever wanted it had it given up, which says nothing of the server.
  mutating func openingFailed(
    for request: RequestID, purpose: Purpose, serverIsFull: Bool, isCancelled: Bool = false
  ) -> [Action] {
    opening.remove(request)
    openingToBrowse.remove(request)
    if !isLetIn, !isCancelled, opening.isEmpty {
      defer { waiting = [] }
      return [.refuse(request)] + waiting.map { .refuse($0.id) }
    }
    if serverIsFull, !isClosed, openCount > 0 {
      limit = max(1, openCount)
      return requested(request, for: purpose)
    }
    return [.refuse(request)] + serve()
  }

  /// A session came back, usable or not.
  mutating func returned(_ session: SessionID, isUsable: Bool) -> [Action] {
    leased.remove(session)
    browsing.remove(session)
    if isUsable, !isClosed, openCount < limit {
      idle.append(session)
      return serve()
    }
    return [.close(session)] + serve()
  }

  /// A session has ended by itself. One that is lent is only missed when it comes back.
  mutating func ended(_ session: SessionID) -> [Action] {
    guard let index = idle.firstIndex(of: session) else { return [] }
    idle.remove(at: index)
    return [.close(session)] + serve()
  }

  /// Time has passed. Sessions that have been idle all of it are not needed, but for the one that was used last: the
  /// next click of a person is to find it warm.
  ///
  /// - Parameter isUnused: whether a session has been idle for all that time.
  mutating func timePassed(isUnused: (SessionID) -> Bool) -> [Action] {
    let surplus = idle.dropLast().filter(isUnused)
    idle.removeAll { surplus.contains($0) }
    return surplus.map(Action.close)
  }

  /// Enough time has passed to see whether the server allows one session more again.
  mutating func limitMayGrow() -> [Action] {
    if limit < configuredLimit { limit += 1 }
    return serve()
  }

  /// No session is given out any more.
  mutating func closed() -> [Action] {
    isClosed = true
    let actions = idle.map(Action.close) + waiting.map { Action.refuse($0.id) }
    idle = []
    waiting = []
    return actions
  }

  private mutating func serve() -> [Action] {
    var actions: [Action] = []
    while let next = waiting.first, next.purpose != .transfer || mayTransfer {
      if let session = idle.popLast() {
        leased.insert(session)
        if next.purpose == .browsing { browsing.insert(session) }
        actions.append(.lease(session, next.id))
      } else if openCount < limit, isLetIn || opening.isEmpty {
        opening.insert(next.id)
        if next.purpose == .browsing { openingToBrowse.insert(next.id) }
        actions.append(.open(next.id))
      } else {
        break
      }
      waiting.removeFirst()
    }
    return actions
  }
}
