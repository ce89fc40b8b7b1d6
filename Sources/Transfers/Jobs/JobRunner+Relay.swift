import FTP
import FTPSClient

extension JobRunner {
  /// Brings a file from one server to another, or from one folder of a server to another: directly, where that is
  /// allowed and works, else through memory, never touching the disk, by the code that sends a local file.
  func relay(_ job: Job, from server: ServerAddress, to farServer: ServerAddress) async throws -> JobOutcome {
    let item = job.item
    if server == farServer, item.source == item.target { throw TransferError.targetIsSource(item.source.name) }
    let planned = item.facts
    let facts = try await currentFacts(job, planned, isPart: item.hasStarted)
    let isAsPlanned = planned.isSameFile(as: facts)
    if !isAsPlanned, item.hasStarted, item.bytes >= Resumption.overlap {
      await job.note(.startsAgain(Resumption.sourceHasChanged))
    }
    let job = job.setting(try await keptPermissions(job))
    let stood = try await stands(job, on: farServer)
    var mayGoOn = isAsPlanned && item.hasStarted
    let direct = try await sendBetweenServers(
      job, facts, from: server, to: farServer, isAsPlanned: isAsPlanned, mayGoOn: &mayGoOn)
    if let direct {
      if case .done(let proof) = direct {
        return try await afterProof(job, proof, of: .remote(facts), stood: stood)
      }
      return direct
    }
    let outcome = try await sessions.with(server, and: farServer) { [mayGoOn] near, far in
      let size = if let size = facts.size { size } else { try await near.size(of: item.source.remote) }
      let source = RemoteSource(
        path: item.source.remote, name: item.source.name, facts: facts, size: size, session: near, server: server,
        memory: memory)
      let upload = Upload(
        job: job, source: source, session: far, server: farServer, memory: memory,
        mayGoOn: mayGoOn)
      return try await upload.run()
    }
    if case .done(let proof) = outcome {
      return try await afterProof(job, proof, of: .remote(facts), stood: stood)
    }
    return outcome
  }

  /// Whether something may stand at the target of a move that was there before: the source itself, perhaps.
  private func stands(_ job: Job, on farServer: ServerAddress) async throws -> Bool {
    guard job.batch.operation == .move, job.policy != .rename else { return false }
    if job.item.hasStarted { return true }
    let path = job.item.target.remote
    return try await sessions.with(farServer) { try await $0.status(of: path) } != nil
  }
}
