import FTP
import FTPSClient

extension JobRunner {
  /// Has the servers bring a file from one to the other themselves, where a person lets both do so: one route after the
  /// other, until one works.
  ///
  /// Whatever fails between them is no failure of the item: the file then goes through this machine, which finds out
  /// what else is wrong with it, if anything is.
  ///
  /// - Parameter mayGoOn: whether what stands under the temporary name may be the beginning of this file; true after a
  ///   failure that has left such a beginning.
  /// - Returns: nil where it has to go through this machine.
  func sendBetweenServers(
    _ job: Job, _ facts: FileFacts, from server: ServerAddress, to farServer: ServerAddress, isAsPlanned: Bool,
    mayGoOn: inout Bool
  ) async throws -> Upload.End? {
    // What failed in this way before is brought in the other one; so is what gets no temporary name over there.
    guard job.item.attempts == 0, !memory.storesDirectly(farServer),
      await sessions.mayExchange(server, farServer)
    else { return nil }
    let attempt = FXPAttempt(job: job, facts: facts, server: server, farServer: farServer, runner: self)
    while true {
      switch try await attempt.run(mayGoOn: mayGoOn) {
      case .done(let end): return end
      case .noRoute(let reason):
        await job.note(.way(.throughHere(reason)))
        return nil
      case .failed(let failure):
        if failure.mayBeAboutTheFile {
          // The target may have made its file before the source refused its own.
          if !mayGoOn { await discardPart(of: job.item, in: job.batch) }
          await job.note(.way(.throughHere(attempt.sentence(failure))))
          return nil
        }
        if failure.stage == .transfer, isAsPlanned { mayGoOn = true }
      }
    }
  }
}

/// One route that is tried for one file.
private struct FXPAttempt {
  enum Result: Sendable {
    case done(Upload.End)
    case noRoute(String)
    /// Another one may do.
    case failed(FXPFailure)
  }

  let job: Job
  let facts: FileFacts
  let server: ServerAddress
  let farServer: ServerAddress
  let runner: JobRunner

  private var memory: ServerMemory { runner.memory }
  private var pair: FXPMemory.Pair { FXPMemory.Pair(source: server, target: farServer) }

  func run(mayGoOn: Bool) async throws -> Result {
    try await runner.sessions.with(server, and: farServer) { near, far in
      guard let source = near as? FTPSession, let target = far as? FTPSession else {
        return .noRoute(Self.sentence("they are none"))
      }
      let route: FXPRoute
      switch choose(source, target) {
      case .failure(let reason): return .noRoute(reason.text)
      case .success(let found): route = found
      }
      let size = if let size = facts.size { size } else { try await near.size(of: job.item.source.remote) }
      let upload = upload(from: source, to: target, by: route, size: size, mayGoOn: mayGoOn)
      do { return .done(try await upload.run()) } catch let failure as FXPFailure {
        if failure.cause == .cancelled { throw FTPSError.cancelled }
        learn(failure, route)
        await source.remark(sentence(failure))
        return .failed(failure)
      }
    }
  }

  private struct Reason: Error { var text: String }

  private func choose(
    _ source: FTPSession, _ target: FTPSession
  ) -> Swift.Result<FXPRoute, Reason> {
    if job.batch.verifies, HashAlgorithm.common(source.features, target.features) == nil {
      return .failure(Reason(text: Self.sentence("they have no digest in common that would prove the content")))
    }
    do {
      let routes = try FXPRoute.routes(from: source.fxpParty, to: target.fxpParty)
      if let route = memory.fxp.route(of: pair, among: routes) { return .success(route) }
      return .failure(Reason(text: memory.fxp.reason(of: pair) ?? Self.sentence("it did not work before")))
    } catch {
      return .failure(Reason(text: Self.sentence("\(error)")))
    }
  }

  private static func sentence(_ reason: String) -> String {
    "The servers do not exchange files directly, because \(reason)."
  }

  private func upload(
    from source: FTPSession, to target: FTPSession, by route: FXPRoute, size: Int64, mayGoOn: Bool
  ) -> Upload {
    let origin = RemoteSource(
      path: job.item.source.remote, name: job.item.source.name, facts: facts, size: size, session: source,
      server: server, memory: memory)
    var upload = Upload(
      job: job, source: origin, session: target, server: farServer, memory: memory, mayGoOn: mayGoOn)
    upload.fxp = FXPWay(
      transfer: FXPTransfer(from: source, to: target, by: route), path: origin.path,
      watch: GrowthWatch(sessions: runner.sessions, server: farServer, stall: target.stallLimit)
    ) { [memory, pair] in memory.fxp.learnWorked(route, of: pair) }
    return upload
  }

  func sentence(_ failure: FXPFailure) -> String {
    let host = failure.side.map { SafeText.escape(($0 == .source ? server : farServer).host) + ": " } ?? ""
    return "The servers do not exchange files directly. \(host)\(failure.cause)"
  }

  private func learn(_ failure: FXPFailure, _ route: FXPRoute) {
    if failure.mayBeAboutTheFile {
      memory.fxp.learnDoubt(route, of: pair, because: sentence(failure))
    } else {
      memory.fxp.learnFailed(route, of: pair, because: sentence(failure))
    }
    guard !failure.isTargetSettled, let part = job.item.target.remote.parent?.appending(job.item.partName) else {
      return
    }
    // It may write yet; a new file under the same name is free of that.
    memory.learnHeld(part, on: farServer)
  }
}
