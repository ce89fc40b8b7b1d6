import FTP

/// What is done to a file, or to a folder with all that is in it.
enum TreeTask: Hashable, Sendable {
  case remove
  case setPermissions(PermissionChange)
}

/// How the work on a tree ended.
struct TreeReport: Sendable {
  /// What could not be done.
  struct Failure: Sendable {
    var path: ItemPath
    var kind: TransferItem.Kind
    var error: TransferError
  }

  /// The first of them.
  var failures: [Failure] = []
  /// All of them.
  var failureCount = 0
}
