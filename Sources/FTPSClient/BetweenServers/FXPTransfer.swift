package import FTP
import NIOCore

/// One file that goes from one server directly to another: does what ``FXPExchange`` says, over two sessions.
package struct FXPTransfer: Sendable {
  package let source: FTPSession
  package let target: FTPSession
  package let route: FXPRoute

  package init(from source: FTPSession, to target: FTPSession, by route: FXPRoute) {
    precondition(source !== target, "a data connection between two servers needs two sessions")
    self.source = source
    self.target = target
    self.route = route
  }

  private enum Event: Sendable {
    case reply(Reply?, FXPRoute.Side)
    case overdue(Int)
    case stalled
    case cancelled
  }

  /// Has the source send a file, or its rest from an offset, to the target.
  ///
  /// Returns only when both servers have said 2xx; whether all of the file is there is for the caller to check. The
  /// sessions can be used for anything after that.
  ///
  /// - Parameter watch: looks whether anything moves, which cannot be seen from here. Begun when both servers have
  ///   begun, cancelled at the end; returns when nothing has moved for too long.
  /// - Throws: ``FXPFailure``, also where the task is cancelled.
  package func run(
    _ path: RemotePath, from offset: Int64, to targetPath: RemotePath, watch: @escaping @Sendable () async -> Void
  ) async throws {
    do {
      try await prepare()
      try await move(path, from: offset, to: targetPath, watch)
    } catch {
      await source.spend(because: nil)
      await target.spend(because: nil)
      throw error
    }
  }

  private func session(_ side: FXPRoute.Side) -> FTPSession { side == .source ? source : target }

  // MARK: The connection

  private func prepare() async throws {
    let (passive, active) = (route.passive, route.passive.other)
    let address = try await attempt(passive) {
      try await $0.awaitServer(route.tlsClient == passive ? route.negotiation : nil)
    }
    try await attempt(active) { try await $0.sendServer(to: address, isTLSClient: route.tlsClient == active) }
    await source.remark("the data goes to \(SafeText.escape(target.server.host)) directly, encrypted")
    await target.remark("the data comes from \(SafeText.escape(source.server.host)) directly, encrypted")
  }

  private func attempt<Value: Sendable>(
    _ side: FXPRoute.Side, _ body: @Sendable (FTPSession) async throws -> Value
  ) async throws -> Value {
    do { return try await body(session(side)) } catch {
      throw FXPFailure(
        stage: .preparation, side: side, cause: FTPSError(channelError: error), isTargetSettled: true)
    }
  }

  // MARK: The file

  private func move(
    _ path: RemotePath, from offset: Int64, to targetPath: RemotePath, _ watch: @escaping @Sendable () async -> Void
  ) async throws {
    let (events, feed) = AsyncStream.makeStream(of: Event.self)
    let (exchange, failure) = try await withTaskCancellationHandler {
      try await begin(.target, .stor(targetPath), offset, feed)
      do { try await begin(.source, .retr(path), offset, feed) } catch {
        await target.spend(because: .closed("the other server failed"))
        throw error
      }
      // A task of its own, because both servers have to be told to stop, and heard, also where this one is cancelled.
      return await Task { await follow(events, feed, watch) }.value
    } onCancel: {
      feed.yield(.cancelled)
    }
    guard let failure else { return }
    let cause = await cause(of: failure)
    for side in FXPRoute.Side.allCases where !exchange.hasAnswered(side) { await session(side).spend(because: cause) }
    throw FXPFailure(
      stage: .transfer, side: failure.side, cause: cause, isTargetSettled: exchange.hasAnswered(.target))
  }

  private func begin(
    _ side: FXPRoute.Side, _ command: Command, _ offset: Int64, _ feed: AsyncStream<Event>.Continuation
  ) async throws {
    do {
      try await session(side).beginFXP(command, restart: offset) { feed.yield(.reply($0, side)) }
    } catch {
      // The other one, if it is at it already, is told to stop by whoever ends its session.
      throw FXPFailure(
        stage: .preparation, side: side, cause: FTPSError(channelError: error), isTargetSettled: side == .target)
    }
  }

  /// - Returns: the exchange at its end, and nil where it is complete.
  private func follow(
    _ events: AsyncStream<Event>, _ feed: AsyncStream<Event>.Continuation,
    _ watch: @escaping @Sendable () async -> Void
  ) async -> (FXPExchange, FXPExchange.Failure?) {
    var exchange = FXPExchange()
    var deadline = FXPDeadline(eventLoop: source.eventLoop, timeouts: source.configuration.timeouts)
    var watching: Task<Void, Never>?
    defer {
      deadline.cancel()
      watching?.cancel()
      feed.finish()
    }
    deadline.set(for: exchange.wait) { feed.yield(.overdue($0)) }
    for await event in events {
      let action: FXPExchange.Action
      switch event {
      case .reply(let reply?, let side): action = exchange.received(reply, from: side)
      case .reply(nil, let side): action = exchange.lost(side)
      case .overdue(let number): action = deadline.isCurrent(number) ? exchange.overdue() : .wait
      case .stalled: action = exchange.stalled()
      case .cancelled: action = exchange.cancelled()
      }
      switch action {
      case .wait: break
      case .abort(let sides): for side in sides { await session(side).abortFXP() }
      case .complete: return (exchange, nil)
      case .fail(let failure): return (exchange, failure)
      }
      deadline.set(for: exchange.wait) { feed.yield(.overdue($0)) }
      if exchange.wait == .data, watching == nil {
        watching = Task {
          await watch()
          if !Task.isCancelled { feed.yield(.stalled) }
        }
      }
    }
    return (exchange, .cancelled)
  }

  // MARK: Failures

  private func cause(of failure: FXPExchange.Failure) async -> FTPSError {
    switch failure {
    case .refused(let side, let reply):
      let session = session(side)
      return session.refusal(of: side == .source ? "RETR" : "STOR", reply)
    case .lost(let side): return await session(side).failure ?? .closed("the connection is closed")
    case .silent: return .timeout("the reply to a transfer between two servers")
    case .stalled: return .dataConnection("nothing moved between the servers")
    case .cancelled: return .cancelled
    }
  }
}
