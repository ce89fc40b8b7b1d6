import FTP
package import NIOCore

/// Sessions with one server, lent out one operation at a time and kept warm in between.
package actor SessionPool {
  /// What a session is wanted for; browsing goes first.
  package enum Purpose: Sendable {
    case browsing, transfer
    /// A transfer that has one session already and cannot go on without another one. It is refused, and does not wait
    /// for itself, where the server allows one only.
    case second
  }

  package nonisolated let configuration: SessionConfiguration
  private let group: any EventLoopGroup
  private var state: PoolState
  private var sessions: [PoolState.SessionID: Entry] = [:]
  private var requests: [PoolState.RequestID: Waiting] = [:]
  private var lastRequest = 0
  private var growing: Task<Void, Never>?
  private var retiring: Task<Void, Never>?
  /// Looks whether the trust of lent sessions stands.
  private var watching: Task<Void, Never>?
  /// Sessions that are taking leave.
  private var leaving: [PoolState.SessionID: Task<Void, Never>] = [:]

  private struct Entry {
    var session: FTPSession
    var idleSince: ContinuousClock.Instant
    /// Whether it has been lent before. A new one has just been judged.
    var hasServed = false
  }

  private struct Waiting {
    var purpose: Purpose
    var continuation: CheckedContinuation<FTPSession, any Error>?
    var failure: FTPSError?
    var opening: Task<Void, Never>?
  }

  /// A session that was idle for longer is asked whether it is alive before it is lent.
  private static let trustedIdleTime = Duration.seconds(30)
  /// Servers that refused a connection are asked for one more after this time.
  private static let limitGrowthInterval = Duration.seconds(600)

  private let idleLimit: Duration
  private let trustInterval: Duration

  /// - Parameters:
  ///   - limit: sessions open at the same time, at least 1.
  ///   - reserved: sessions of those that transfers leave to who browses; where there is only one, they may have it.
  ///   - idleLimit: idle sessions are closed after this time, all but the one that was used last.
  ///   - trustInterval: how long a transfer may go on after somebody has taken back the trust that it began with.
  package init(
    configuration: SessionConfiguration, group: any EventLoopGroup, limit: Int, reserved: Int = 0,
    idleLimit: Duration = .seconds(60), trustInterval: Duration = .seconds(1)
  ) {
    self.configuration = configuration
    self.group = group
    self.idleLimit = idleLimit
    self.trustInterval = trustInterval
    self.state = PoolState(limit: limit, reserved: reserved)
  }

  /// Lends a session to `body`, opening one if need be.
  ///
  /// - Throws: ``FTPSError`` if there is none to be had, else what `body` throws.
  package func withSession<Value: Sendable>(
    for purpose: Purpose = .transfer, _ body: @Sendable (FTPSession) async throws -> Value
  ) async throws -> Value {
    let session = try await lease(for: purpose)
    do {
      let value = try await body(session)
      await giveBack(session)
      return value
    } catch {
      await giveBack(session)
      throw error
    }
  }

  /// What is known of the server, from the session that was opened last.
  package private(set) var facts: SessionFacts?
  /// Whether the last data connection resumed its session's TLS session; `nil` before the first one, and in plaintext.
  package private(set) var dataWasResumed: Bool?
  /// How long a command took lately.
  package private(set) var roundTrip: Duration?
  /// Sessions that are open, idle ones counted, those not that are still being opened.
  package var openSessions: Int { sessions.count }

  /// Opens sessions beforehand, as many as there will be work for: once one was opened, so that nobody is asked about a
  /// certificate twice. Those that the server does not let in are not missed.
  package func warm(upTo count: Int) {
    guard facts != nil else { return }
    let ids = (0..<count).map { lastRequest + 1 + $0 }
    lastRequest += count
    let actions = state.warmed(ids, upTo: count)
    for action in actions {
      if case .open(let id) = action { requests[id] = Waiting(purpose: .transfer, continuation: nil) }
    }
    perform(actions)
  }

  /// Closes every session; those that are lent close when they come back, and those not yet open are given up.
  package func close() async {
    growing?.cancel()
    retiring?.cancel()
    for waiting in requests.values { waiting.opening?.cancel() }
    perform(state.closed())
    for task in leaving.values { await task.value }
  }

  /// Closes every session at once, those too that are lent: whoever uses one gets `reason`.
  package func end(because reason: FTPSError) async {
    for entry in sessions.values { await entry.session.close(because: reason) }
    await close()
  }

  // MARK: Lending

  private func lease(for purpose: Purpose) async throws -> FTPSession {
    while true {
      let session = try await request(purpose)
      // Trust may have been taken back while it was idle, also by another program.
      if sessions[session.number]?.hasServed == true {
        while await !session.endUnlessTrusted() { try? await Task.sleep(for: trustInterval / 10) }
      }
      let idleTime = sessions[session.number].map { ContinuousClock.now - $0.idleSince } ?? .zero
      if idleTime < Self.trustedIdleTime ? await session.isUsable : await session.isAlive() { return session }
      // It was lost, or lost its trust, while nobody used it, which is no reason to trouble anybody.
      await giveBack(session)
      if Task.isCancelled { throw FTPSError.cancelled }
    }
  }

  private func request(_ purpose: Purpose) async throws -> FTPSession {
    if purpose == .second, state.limit < 2 { throw FTPSError.onlyOneSession }
    lastRequest += 1
    let id = lastRequest
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if Task.isCancelled { return continuation.resume(throwing: FTPSError.cancelled) }
        requests[id] = Waiting(purpose: purpose, continuation: continuation)
        perform(state.requested(id, for: purpose.state))
      }
    } onCancel: {
      Task { await self.withdraw(id) }
    }
  }

  private func withdraw(_ id: PoolState.RequestID) {
    state.withdrawn(id)
    guard let waiting = requests[id] else { return }
    waiting.continuation?.resume(throwing: FTPSError.cancelled)
    requests[id]?.continuation = nil
    if let opening = waiting.opening { opening.cancel() } else { requests[id] = nil }
  }

  private func giveBack(_ session: FTPSession) async {
    let condition = await session.condition
    dataWasResumed = condition.dataWasResumed ?? dataWasResumed
    roundTrip = condition.roundTrip
    sessions[session.number]?.idleSince = .now
    sessions[session.number]?.hasServed = true
    perform(state.returned(session.number, isUsable: condition.isUsable))
  }

  // MARK: Doing what the state says

  /// - Parameter refusal: why a request is refused that has had no attempt of its own.
  private func perform(_ actions: [PoolState.Action], refusal: FTPSError? = nil) {
    for action in actions {
      switch action {
      case .lease(let session, let request): hand(session, to: request)
      case .open(let request): open(for: request)
      case .refuse(let request):
        let waiting = requests.removeValue(forKey: request)
        waiting?.continuation?.resume(
          throwing: waiting?.failure ?? refusal ?? FTPSError.closed("the sessions were ended"))
      case .close(let session):
        guard let entry = sessions.removeValue(forKey: session) else { break }
        leaving[session] = Task {
          await entry.session.quit()
          leaving[session] = nil
        }
      }
    }
    retireLater()
  }

  private func hand(_ number: PoolState.SessionID, to request: PoolState.RequestID) {
    guard let entry = sessions[number] else { preconditionFailure("a session is lent that is not there") }
    if let continuation = requests.removeValue(forKey: request)?.continuation {
      continuation.resume(returning: entry.session)
      watchTrust()
    } else {
      // Whoever wanted it was cancelled while it was being opened, or nobody wants it yet: it was judged now, and not
      // when it is lent.
      sessions[number]?.hasServed = true
      sessions[number]?.idleSince = .now
      perform(state.returned(number, isUsable: true))
    }
  }

  private func open(for request: PoolState.RequestID) {
    requests[request]?.opening = Task {
      do {
        let session = try await FTPSession.open(configuration, on: group)
        facts = session.facts
        roundTrip = session.facts.roundTrip
        sessions[session.number] = Entry(session: session, idleSince: .now)
        requests[request]?.opening = nil
        perform(state.opened(session.number, for: request))
        let number = session.number
        await session.whenEnded { [weak self] in Task { await self?.ended(number) } }
      } catch {
        openingFailed(for: request, FTPSError(channelError: error))
      }
    }
  }

  private func openingFailed(for request: PoolState.RequestID, _ error: FTPSError) {
    requests[request]?.failure = error
    requests[request]?.opening = nil
    var serverIsFull = false
    if case .tooManyConnections = error { serverIsFull = requests[request]?.continuation != nil }
    let purpose = requests[request]?.purpose.state ?? .transfer
    perform(
      state.openingFailed(
        for: request, purpose: purpose, serverIsFull: serverIsFull, isCancelled: error == .cancelled),
      refusal: error)
    if serverIsFull {
      refuseSeconds()
      growLater()
    }
  }

  /// Whoever holds the only session that the server allows would wait for itself.
  private func refuseSeconds() {
    guard state.limit < 2 else { return }
    for (id, waiting) in requests where waiting.purpose == .second && waiting.opening == nil {
      state.withdrawn(id)
      requests[id] = nil
      waiting.continuation?.resume(throwing: FTPSError.onlyOneSession)
    }
  }

  private func ended(_ session: PoolState.SessionID) {
    perform(state.ended(session))
  }

  // MARK: Time

  /// Another program may take trust back while a long transfer is under way.
  private func watchTrust() {
    guard watching == nil else { return }
    watching = Task { [weak self, trustInterval] in
      repeat {
        do { try await Task.sleep(for: trustInterval) } catch { return }
      } while await self?.checkTrust() == true
    }
  }

  /// - Returns: whether there is anything to look at again.
  private func checkTrust() async -> Bool {
    for number in state.leased { await sessions[number]?.session.endUnlessTrusted() }
    if state.leased.isEmpty { watching = nil }
    return watching != nil
  }

  private func growLater() {
    guard growing == nil else { return }
    growing = Task { [weak self] in
      do { try await Task.sleep(for: Self.limitGrowthInterval) } catch { return }
      await self?.grow()
    }
  }

  private func grow() {
    growing = nil
    perform(state.limitMayGrow())
    if state.limit < state.configuredLimit { growLater() }
  }

  /// Has the sessions looked at that nobody needs, once there are such.
  private func retireLater() {
    guard retiring == nil, state.idle.count > 1 else { return }
    retiring = Task { [weak self, idleLimit] in
      do { try await Task.sleep(for: idleLimit) } catch { return }
      await self?.retire()
    }
  }

  private func retire() {
    retiring = nil
    perform(state.timePassed { ContinuousClock.now - (sessions[$0]?.idleSince ?? .now) >= idleLimit })
  }
}

extension FTPSession {
  /// What its pool wants to know when it comes back.
  fileprivate var condition: (isUsable: Bool, dataWasResumed: Bool?, roundTrip: Duration) {
    (isUsable, dataWasResumed, roundTrip)
  }
}

extension SessionPool.Purpose {
  fileprivate var state: PoolState.Purpose {
    switch self {
    case .browsing: .browsing
    case .second: .second
    case .transfer: .transfer
    }
  }
}
