package import FTP

/// What the chosen rows come down to: folders to make, requests for the queue, and at last what is deleted.
package struct SyncPlan: Sendable {
  package struct Removal: Hashable, Sendable {
    package var path: [FileName]
    package var isFolder: Bool
    package var isLeft: Bool
    /// Of a file: as the comparison found it.
    package var facts: FileFacts?
  }

  /// Folders to make, each before those in it.
  package private(set) var folders: [(path: [FileName], isLeft: Bool)] = []
  /// One for each folder and direction.
  package private(set) var requests: [TransferRequest] = []
  /// Each folder after what was in it.
  package private(set) var removals: [Removal] = []

  /// The same for the queue, to be put there once everything else is done: what is gone cannot be fetched again. One for
  /// each side.
  package private(set) var removalRequests: [TransferRequest] = []

  /// - Parameters:
  ///   - rows: in the order in which a walk told them.
  ///   - isAttended: whether somebody is there to answer the queue's questions.
  package init(
    _ rows: [SyncRow], left: Location, right: Location, isAttended: Bool = false, verifies: Bool = false,
    keepsPermissions: Bool = false
  ) {
    var order: [Group] = []
    var files: [Group: [TransferRequest.Entry]] = [:]
    for row in rows {
      switch row.action {
      case .copyRight, .copyLeft:
        let toLeft = row.action == .copyLeft
        if row.isFolder {
          folders.append((row.path, toLeft))
          continue
        }
        guard let source = toLeft ? row.right : row.left else { continue }
        let group = Group(folder: Array(row.path.dropLast()), toLeft: toLeft)
        if files[group] == nil { order.append(group) }
        var entry = TransferRequest.Entry(source)
        entry.collides = row.collides
        files[group, default: []].append(entry)
      case .deleteRight, .deleteLeft:
        let isLeft = row.action == .deleteLeft
        let entry = row.isFolder ? nil : isLeft ? row.left : row.right
        removals.append(
          Removal(path: row.path, isFolder: row.isFolder, isLeft: isLeft, facts: entry.map { FileFacts($0) }))
      case .conflict, .equal, .leave: continue
      }
    }
    for isLeft in [true, false] {
      let listed = removals.filter { $0.isLeft == isLeft }.map(\.entry)
      if listed.isEmpty { continue }
      removalRequests.append(
        TransferRequest(removing: listed, below: isLeft ? left : right, isAttended: isAttended))
    }
    for group in order {
      let (left, right) = (left.appending(group.folder), right.appending(group.folder))
      requests.append(
        TransferRequest(
          from: group.toLeft ? right : left, files[group] ?? [], to: group.toLeft ? left : right,
          onConflict: .overwrite, isAttended: isAttended, verifies: verifies, keepsPermissions: keepsPermissions))
    }
  }

  private struct Group: Hashable {
    var folder: [FileName]
    var toLeft: Bool
  }
}

extension SyncPlan.Removal {
  fileprivate var entry: TransferRequest.Entry {
    var entry = TransferRequest.Entry(path[path.count - 1], kind: isFolder ? .folder : .file)
    entry.folders = path.dropLast()
    entry.expected = facts
    return entry
  }
}

extension Location {
  /// The place of something below this folder.
  package func appending(_ names: [FileName]) -> Location {
    switch self {
    case .local(let path):
      .local(names.reduce(ItemPath(bytes: path.bytes)) { $0.appending($1) }.local)
    case .remote(let server, let path): .remote(server, path.appending(names))
    }
  }
}
