import FTP
import Transfers

/// Compares the panes' folders, and makes them alike through the screen's queue.
struct ScreenCompare: CompareService {
  let sessions: SessionDirectory
  let transfers: ScreenTransfers
  let keepsPermissions: Bool

  func compare(_ left: Place, _ right: Place, _ comparison: SyncRules.Comparison) async throws -> [SyncRow] {
    var rows: [SyncRow] = []
    try await SyncWalk(left: side(left), right: side(right), rules: SyncRules(comparison, mode: .bothWays)).rows {
      rows.append($0)
    }
    return rows
  }

  func synchronize(_ rows: [SyncRow], _ left: Place, _ right: Place) async throws {
    let plan = SyncPlan(
      rows, left: left.location, right: right.location, isAttended: true,
      keepsPermissions: keepsPermissions)
    let (left, right) = (side(left), side(right))
    for folder in plan.folders { try await (folder.isLeft ? left : right).makeFolder(folder.path) }
    let isWhole = try await transfers.run(plan.requests)
    guard isWhole else {
      throw Complaint(
        plan.removals.isEmpty
          ? "Not everything was copied: the queue says why."
          : "Nothing was deleted, because not everything was copied: the queue says why. Then compare again.")
    }
    if try await !transfers.run(plan.removalRequests) {
      throw Complaint("Not everything was deleted: the queue says why. Then compare again.")
    }
  }

  private func side(_ place: Place) -> any SyncSide {
    switch place {
    case .local(let path): LocalSyncSide(path, disk: LocalDisk(files: PosixFiles(umask: ProcessHygiene.personsUmask)))
    case .remote(let server, let folder): RemoteSyncSide(server, folder, sessions: sessions)
    }
  }
}
