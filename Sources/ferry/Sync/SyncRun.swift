import FTP
import FTPSClient
import Transfers

/// One run of `ferry sync`: compares, shows, and does what is to be done.
struct SyncRun {
  let left: SyncPlaces.End
  let right: SyncPlaces.End
  let rules: SyncRules
  let engine: Engine
  let output: Output
  let options: TransferOptions
  let isDry: Bool

  func run() async throws -> ExitStatus {
    var rows: [SyncRow] = []
    do {
      try await SyncWalk(left: left.side, right: right.side, rules: rules).rows { rows.append($0) }
    } catch let problem as SyncProblem {
      throw ItemProblem("\(problem)")
    }
    var hasProblem = false
    for row in rows {
      let report = SyncReport(row)
      if isDry { report.tell(output) }
      guard row.isProblem || row.action == .conflict else { continue }
      hasProblem = true
      if !isDry { report.complain(output) }
    }
    if isDry { return hasProblem ? .itemsFailed : .done }
    let plan = SyncPlan(
      rows, left: left.location, right: right.location, verifies: options.verify,
      keepsPermissions: options.permissions == .keep)
    for folder in plan.folders { try await (folder.isLeft ? left : right).side.makeFolder(folder.path) }
    var status = try await HeadlessTransfers(output: output, engine: engine, options: options).run(
      plan.requests, atOnce: true)
    // What is gone cannot be fetched again: only once everything else is there.
    if status == .done {
      status = try await HeadlessTransfers(output: output, engine: engine, options: options).run(plan.removalRequests)
    } else if !plan.removals.isEmpty {
      output.problem("Nothing was deleted, because not everything was copied.")
    }
    return status == .done && hasProblem ? .itemsFailed : status
  }
}
