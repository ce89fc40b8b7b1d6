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
    var mayGoOn = isAsPlanned && item.hasStarted
    let direct = try await sendBetweenServers(
      job, facts, from: server, to: farServer, isAsPlanned: isAsPlanned, mayGoOn: &mayGoOn)
    if let direct { return try await end(direct, of: job, facts) }
    let end = try await sessions.with(server, and: farServer) { [mayGoOn] near, far in
      let size = if let size = facts.size { size } else { try await near.size(of: item.source.remote) }
      let source = RemoteSource(
        path: item.source.remote, name: item.source.name, facts: facts, size: size, session: near, server: server,
        memory: memory)
      let upload = Upload(
        job: job, source: source, session: far, server: farServer, memory: memory,
        mayGoOn: mayGoOn)
      return try await upload.run()
    }
    return try await self.end(end, of: job, facts)
  }

  private func end(_ end: Upload.End, of job: Job, _ facts: FileFacts) async throws -> JobOutcome {
    guard case .done(let proof) = end.outcome else { return end.outcome }
    return try await afterProof(job, proof, of: .remote(facts), stood: end.tookPlace)
  }
}
