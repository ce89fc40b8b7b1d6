import FTP

/// Names of one folder, on both sides of a comparison, that differ only in case or in the form of an accent: some file
/// systems take them for one.
struct Namesakes {
  private struct Group {
    var left: Set<FileName> = []
    var right: Set<FileName> = []
  }

  private var groups: [FoldedName: Group] = [:]

  init(left: Set<FileName>, right: Set<FileName>) {
    var seen: Set<FoldedName> = []
    for name in left.union(right) where !seen.insert(FoldedName(name)).inserted { groups[FoldedName(name)] = Group() }
    // There are few such, if any.
    if groups.isEmpty { return }
    for name in left { groups[FoldedName(name)]?.left.insert(name) }
    for name in right { groups[FoldedName(name)]?.right.insert(name) }
  }

  /// Whether a name has namesakes at all, so that a copy of it may meet one of them.
  func has(_ name: FileName) -> Bool { !groups.isEmpty && groups[FoldedName(name)] != nil }

  /// Whether what is missing under this name may be there under another one: each side has a name that the other one
  /// has not. If so, the one may not be deleted, as the copy of the other may have become the same file. A side that
  /// lists all of the names keeps them apart.
  func mayBeOne(_ name: FileName) -> Bool {
    guard !groups.isEmpty, let group = groups[FoldedName(name)] else { return false }
    guard group.left.contains(name) != group.right.contains(name) else { return false }
    return !group.left.isSubset(of: group.right) && !group.right.isSubset(of: group.left)
  }
}
