package import NIOCore

/// Sessions with one server, lent out one operation at a time and kept warm in between.
package actor SessionPool {
  /// What a session is wanted for; browsing goes first.
  package enum Purpose: Sendable { case browsing, transfer }

  package nonisolated let configuration: SessionConfiguration
  private let group: any EventLoopGroup
  private var state: PoolState
  private var sessions: [PoolState.SessionID: Entry] = [:]
  private var requests: [PoolState.RequestID: Waiting] = [:]
  private var lastRequest = 0
  private var growing: Task<Void, Never>?

  private struct Entry {
    var session: FTPSession
    var idleSince: ContinuousClock.Instant
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

  /// - Parameter limit: sessions open at the same time, at least 1.
  package init(configuration: SessionConfiguration, group: any EventLoopGroup, limit: Int) {
    self.configuration = configuration
    self.group = group
    self.state = PoolState(limit: limit)
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

  /// What is known of the server, from any session that is or was open.
  package private(set) var facts: SessionFacts?

  /// Closes every session; those that are lent close when they come back.
  package func close() async {
    growing?.cancel()
    let idle = sessions.filter { state.idle.contains($0.key) }.map(\.value.session)
    perform(state.closed())
    for session in idle { await session.quit() }
  }

  // MARK: Lending

  private func lease(for purpose: Purpose) async throws -> FTPSession {
    while true {
      let session = try await request(purpose)
      guard let entry = sessions[session.number] else { return session }
      if ContinuousClock.now - entry.idleSince < Self.trustedIdleTime, await session.isUsable { return session }
      if (try? await session.noop()) != nil { return session }
      if Task.isCancelled {
        await giveBack(session)
        throw FTPSError.cancelled
      }
      await giveBack(session)
    }
  }

  private func request(_ purpose: Purpose) async throws -> FTPSession {
    lastRequest += 1
    let id = lastRequest
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if Task.isCancelled { return continuation.resume(throwing: FTPSError.cancelled) }
        requests[id] = Waiting(purpose: purpose, continuation: continuation)
        perform(state.requested(id, for: purpose == .browsing ? .browsing : .transfer))
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
    let isUsable = await session.isUsable
    sessions[session.number]?.idleSince = .now
    perform(state.returned(session.number, isUsable: isUsable))
  }

  // MARK: Doing what the state says

  private func perform(_ actions: [PoolState.Action]) {
    for action in actions {
      switch action {
      case .lease(let session, let request): hand(session, to: request)
      case .open(let request): open(for: request)
      case .refuse(let request):
        let waiting = requests.removeValue(forKey: request)
        waiting?.continuation?.resume(throwing: waiting?.failure ?? FTPSError.closed("the sessions were ended"))
      case .close(let session):
        if let entry = sessions.removeValue(forKey: session) { Task { await entry.session.quit() } }
      }
    }
  }

  private func hand(_ number: PoolState.SessionID, to request: PoolState.RequestID) {
    guard let entry = sessions[number] else { preconditionFailure("a session is lent that is not there") }
    if let continuation = requests.removeValue(forKey: request)?.continuation {
      continuation.resume(returning: entry.session)
    } else {
      // Whoever wanted it was cancelled while it was being opened.
      perform(state.returned(number, isUsable: true))
    }
  }

  private func open(for request: PoolState.RequestID) {
    requests[request]?.opening = Task {
      do {
        let session = try await FTPSession.open(configuration, on: group)
        facts = session.facts
        sessions[session.number] = Entry(session: session, idleSince: .now)
        requests[request]?.opening = nil
        perform(state.opened(session.number, for: request))
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
    let purpose: PoolState.Purpose = requests[request]?.purpose == .browsing ? .browsing : .transfer
    perform(state.openingFailed(for: request, purpose: purpose, serverIsFull: serverIsFull))
    if serverIsFull { growLater() }
  }

  private func growLater() {
    guard growing == nil else { return }
    growing = Task {
      try? await Task.sleep(for: Self.limitGrowthInterval)
      growing = nil
      guard !Task.isCancelled else { return }
      perform(state.limitMayGrow())
      if state.limit < state.configuredLimit { growLater() }
    }
  }
}
