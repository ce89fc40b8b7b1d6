package import FTP

/// Compares two files, or what else stands under one name on each side. Pure: what has to be found out elsewhere comes as
/// ``Evidence``.
package struct SyncComparer: Sendable {
  package let rules: SyncRules

  package init(_ rules: SyncRules) { self.rules = rules }

  /// What was found out beyond the listings.
  package struct Evidence: Hashable, Sendable {
    /// Both times were asked for, and are in the entries as far as they are known.
    package var timesAreFinal = false
    /// Whether the content is the same; nil for not known.
    package var sameContent: Bool?
    /// The content was looked at.
    package var contentIsFinal = false

    package init() {}
  }

  package enum Verdict: Hashable, Sendable {
    case row(SyncRow.Action, String)
    /// The times have to be asked for, then again.
    case needsTimes
    /// The contents have to be compared, then again.
    case needsContent
    /// Folders on both sides, or on one whose files are to be looked at: a row for the folder itself, and its contents
    /// one by one.
    case descend(SyncRow.Action, String)
  }

  /// - Parameters: what is there on each side; not both are nil.
  package func compare(_ left: ListingEntry?, _ right: ListingEntry?, _ evidence: Evidence = Evidence()) -> Verdict {
    for entry in [left, right].compactMap(\.self) {
      switch entry.kind {
      case .symbolicLink: return .row(.leave, "a symbolic link, which is not followed")
      case .other: return .row(.leave, "neither a file nor a folder")
      case .file, .directory: continue
      }
    }
    switch (left, right) {
    case (let left?, let right?):
      guard left.isDirectory == right.isDirectory else {
        return .row(.conflict, "a file on one side, a folder on the other")
      }
      return left.isDirectory ? .descend(.equal, "") : compareFiles(left, right, evidence)
    case (let left?, nil): return alone(left, .copyRight, "not there yet")
    case (nil, let right?):
      switch (rules.mode, rules.deletes) {
      case (.bothWays, _): return alone(right, .copyLeft, "not here yet")
      case (.leftToRight, true): return alone(right, .deleteRight, "not in the source")
      case (.leftToRight, false): return .row(.leave, "only at the destination")
      }
    case (nil, nil): preconditionFailure("a name that is on no side")
    }
  }

  private func alone(_ entry: ListingEntry, _ action: SyncRow.Action, _ reason: String) -> Verdict {
    entry.isDirectory ? .descend(action, reason) : .row(action, reason)
  }

  // MARK: Files

  private func compareFiles(_ left: ListingEntry, _ right: ListingEntry, _ evidence: Evidence) -> Verdict {
    let sizesDiffer: Bool? =
      if let left = left.size, let right = right.size { left != right } else { nil }
    switch rules.comparison {
    case .size:
      guard let sizesDiffer else { return .row(.conflict, "a size is not known") }
      return sizesDiffer ? differ(left, right, "another size", evidence) : .row(.equal, "same size")
    case .time:
      guard let order = order(left, right) else {
        if !evidence.timesAreFinal { return .needsTimes }
        if sizesDiffer == true { return differ(left, right, "another size", evidence) }
        return .row(.conflict, "no time is known of one side; compare by size or hash")
      }
      if order == .same, sizesDiffer != true {
        return .row(.equal, sizesDiffer == false ? "same size and time" : "same time")
      }
      return differ(left, right, order == .same ? "another size" : "another time", evidence)
    case .hash:
      if sizesDiffer == true { return differ(left, right, "another size", evidence) }
      switch evidence.sameContent {
      case true?: return .row(.equal, "same content")
      case false?: return differ(left, right, "other content", evidence)
      case nil: return evidence.contentIsFinal ? .row(.conflict, "the contents could not be compared") : .needsContent
      }
    }
  }

  /// They are not equal: which one goes where.
  private func differ(
    _ left: ListingEntry, _ right: ListingEntry, _ reason: String, _ evidence: Evidence
  ) -> Verdict {
    let order = order(left, right)
    switch rules.mode {
    case .leftToRight:
      if rules.comparison == .time, order == .earlier, !rules.overwritesNewer {
        return .row(.conflict, "the destination is newer")
      }
      return .row(.copyRight, order == .later ? "newer" : reason)
    case .bothWays:
      switch order {
      case .later?: return .row(.copyRight, "newer")
      case .earlier?: return .row(.copyLeft, "newer there")
      case .same?: return .row(.conflict, "\(reason), but as old")
      case nil: return evidence.timesAreFinal ? .row(.conflict, "\(reason), and no times to go by") : .needsTimes
      }
    }
  }

  /// The left time against the right one; nil where they cannot be compared.
  private func order(_ left: ListingEntry, _ right: ListingEntry) -> Timestamp.Order? {
    guard let left = left.modified, let right = right.modified, left.isUTC, right.isUTC else { return nil }
    return left.order(against: right)
  }
}
