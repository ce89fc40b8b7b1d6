import FTP

/// What makes two trees equal, and what may be done to make them so.
package struct SyncRules: Hashable, Sendable {
  /// How two files of the same name are compared.
  package enum Comparison: String, Hashable, Sendable, CaseIterable {
    /// They are equal where their sizes are.
    case size
    /// Sizes, and times as exactly as both sides tell them.
    case time
    /// Sizes, and what is in them.
    case hash
  }

  /// Which side decides.
  package enum Mode: Hashable, Sendable {
    /// The right side is to become as the left one is.
    case leftToRight
    /// What is new or newer on either side goes to the other one. Nothing is deleted: nobody knows whether a file that
    /// is missing was deleted here or made there.
    case bothWays
  }

  package var comparison: Comparison
  package var mode: Mode
  /// Whether what is on the right side only is deleted there; in ``Mode/leftToRight`` only.
  package var deletes: Bool
  /// Whether a file on the right side gives way though it is newer.
  package var overwritesNewer: Bool
  package var filter: SyncFilter

  package init(
    _ comparison: Comparison = .time, mode: Mode = .leftToRight, deletes: Bool = false, overwritesNewer: Bool = false,
    filter: SyncFilter = SyncFilter()
  ) {
    self.comparison = comparison
    self.mode = mode
    self.deletes = deletes
    self.overwritesNewer = overwritesNewer
    self.filter = filter
  }
}
