import FTP
import FTPSClient

/// Walks two trees side by side, folder by folder, and tells a row for each thing that is on either side.
///
/// Nothing is said to be missing on a side whose list was not read whole: what is there only on the other side is left as
/// it is then, and so is every folder around it.
package struct SyncWalk: Sendable {
  package let left: any SyncSide
  package let right: any SyncSide
  package let rules: SyncRules

  package init(left: any SyncSide, right: any SyncSide, rules: SyncRules) {
    self.left = left
    self.right = right
    self.rules = rules
  }

  /// - Parameter tell: takes rows as they are found: a folder that is copied before what is in it, one that is deleted
  ///   after it.
  /// - Throws: ``SyncProblem`` where a top folder cannot be read, `CancellationError`, and what a lost server says.
  package func rows(_ tell: (SyncRow) -> Void) async throws {
    let lists = (try await left.list([]), try await right.list([]))
    _ = try await compare([], lists.0, lists.1, tell)
  }

  /// Compares the contents of one folder; nil where it is not there.
  ///
  /// - Returns: whether all of it, below too, is to be deleted or is gone.
  private func compare(
    _ path: [FileName], _ leftList: FolderList?, _ rightList: FolderList?, _ tell: (SyncRow) -> Void
  ) async throws -> Bool {
    var isEmptied = true
    let (lefts, leftTwice) = Self.byName(leftList?.entries ?? [])
    let (rights, rightTwice) = Self.byName(rightList?.entries ?? [])
    let perhapsLinks = (leftList?.perhapsLinks ?? []).union(rightList?.perhapsLinks ?? [])
    let namesakes = Namesakes(left: Set(lefts.keys), right: Set(rights.keys))
    for name in Set(lefts.keys).union(rights.keys).sorted() {
      try Task.checkCancellation()
      let path = path + [name]
      let (left, right) = (lefts[name], rights[name])
      guard rules.filter.admits(path, isFolder: (left ?? right)?.isDirectory == true) else {
        isEmptied = false
        continue
      }
      if leftTwice.contains(name) || rightTwice.contains(name) {
        tell(SyncRow(path, left: left, right: right, .leave, "the name comes twice in its folder", isProblem: true))
        isEmptied = false
        continue
      }
      // What is only copied takes nothing away from behind a link; of both ways, a person may make each row a deletion.
      if rules.deletes || rules.mode == .bothWays, perhapsLinks.contains(name) {
        tell(
          SyncRow(
            path, isFolder: true, left: left, right: right, .leave,
            "the server does not tell whether it is a folder or a link to one", isProblem: true))
        isEmptied = false
        continue
      }
      if !name.isCarriedByFTP, self.left.isRemote || self.right.isRemote {
        tell(SyncRow(path, left: left, right: right, .leave, "the name cannot be said in FTP", isProblem: true))
        isEmptied = false
        continue
      }
      if namesakes.mayBeOne(name) {
        tell(
          SyncRow(
            path, isFolder: (left ?? right)?.isDirectory == true, left: left, right: right, .leave,
            "its name on the other side differs only in case or in an accent; rename one", isProblem: true))
        isEmptied = false
        continue
      }
      let isDeleted = try await compare(path, left, right) { row in
        var row = row
        if row.path.count == path.count { row.collides = namesakes.has(name) }
        tell(row)
      }
      isEmptied = isEmptied && isDeleted
    }
    return isEmptied
  }

  /// Compares what stands under one name.
  ///
  /// - Returns: whether it is to be deleted.
  private func compare(
    _ path: [FileName], _ left: ListingEntry?, _ right: ListingEntry?, _ tell: (SyncRow) -> Void
  ) async throws -> Bool {
    var (left, right) = (left, right)
    var evidence = SyncComparer.Evidence()
    let comparer = SyncComparer(rules)
    while true {
      switch comparer.compare(left, right, evidence) {
      case .needsTimes:
        let times = (try await time(of: left, path, self.left), try await time(of: right, path, self.right))
        left?.modified = times.0
        right?.modified = times.1
        evidence.timesAreFinal = true
      case .needsContent:
        evidence.sameContent = try await isSameContent(path, left, right)
        evidence.contentIsFinal = true
      case .row(let action, let reason):
        tell(
          SyncRow(
            path, isFolder: (left ?? right)?.isDirectory == true, left: left, right: right, action, reason))
        return action == .deleteRight
      case .descend(let action, let reason):
        return try await descend(SyncRow(path, isFolder: true, left: left, right: right, action, reason), tell)
      }
    }
  }

  private func descend(_ row: SyncRow, _ tell: (SyncRow) -> Void) async throws -> Bool {
    guard row.path.count <= FolderWalk.depthLimit else {
      tell(SyncRow(row.path, isFolder: true, .leave, "nested too deep", isProblem: true))
      return false
    }
    let lists: (FolderList?, FolderList?)
    do {
      lists = (
        row.left == nil ? nil : try await left.list(row.path),
        row.right == nil ? nil : try await right.list(row.path)
      )
    } catch let problem as SyncProblem {
      tell(
        SyncRow(
          row.path, isFolder: true, left: row.left, right: row.right, .leave, "\(problem)", isProblem: true))
      return false
    }
    switch row.action {
    case .deleteRight:
      let isEmptied = try await compare(row.path, lists.0, lists.1, tell)
      var row = row
      if !isEmptied {
        row.action = .leave
        row.reason = "something in it is kept"
      }
      tell(row)
      return isEmptied
    case .equal:
      _ = try await compare(row.path, lists.0, lists.1, tell)
      return false
    default:
      tell(row)
      _ = try await compare(row.path, lists.0, lists.1, tell)
      return false
    }
  }

  // MARK: Finding out

  private func time(of entry: ListingEntry?, _ path: [FileName], _ side: any SyncSide) async throws -> Timestamp? {
    guard let entry else { return nil }
    if let modified = entry.modified, modified.isUTC { return modified }
    return try await side.modified(path)
  }

  private func isSameContent(
    _ path: [FileName], _ left: ListingEntry?, _ right: ListingEntry?
  ) async throws -> Bool? {
    async let mine = self.left.digest(of: path, size: left?.size)
    async let theirs = self.right.digest(of: path, size: right?.size)
    guard let mine = try await mine, let theirs = try await theirs else { return nil }
    return mine == theirs
  }

  /// The entries by name, and the names that come more than once.
  private static func byName(_ entries: [ListingEntry]) -> ([FileName: ListingEntry], Set<FileName>) {
    var twice: Set<FileName> = []
    let entries = Dictionary(entries.map { ($0.name, $0) }) { first, _ in
      twice.insert(first.name)
      return first
    }
    return (entries, twice)
  }
}
