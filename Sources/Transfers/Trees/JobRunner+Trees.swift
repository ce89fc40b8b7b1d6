import FTP

/// Work on files and folders where they are.
extension JobRunner {
  func work(_ task: TreeTask, _ job: Job) async throws -> JobResult {
    let item = job.item
    let report: TreeReport
    switch job.batch.source {
    case .local:
      let tree = LocalTree(disk: disk, base: item.source.removingLast(item.depth))
      report = try await TreeWork(tree, progress: job.entries).run(task, on: item.source)
    case .remote(let server):
      report = try await sessions.with(server) { session in
        try await TreeWork(
          RemoteTree(server: server, session: session, batch: job.batch.id, known: knownKinds), progress: job.entries
        ).run(task, on: item.source)
      }
    }
    guard report.failureCount > 0 else {
      let count = Int64(job.entries.changed)
      return .outcome(.done(task == .remove ? .removed(count) : .changed(count)))
    }
    // A single file that failed is its own reason.
    if report.failureCount == 1, let only = report.failures.first, only.path == item.source { throw only.error }
    let what = task == .remove ? "deleted" : "changed"
    let reason =
      "\(report.failureCount) of \(job.entries.found) files and folders could not be \(what): each is listed with the reason."
    return .partly(reason, report.failures.map { $0.newItem(below: item) })
  }
}

extension TreeReport.Failure {
  /// The same as an item of its own, which can be tried again by itself.
  fileprivate func newItem(below item: TransferItem) -> NewItem {
    NewItem(
      kind: kind, source: path, target: path, depth: item.depth + path.depth - item.source.depth,
      state: .failed(TransferFailure(error)))
  }
}
