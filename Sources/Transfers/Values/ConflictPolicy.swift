import FTP

/// What happens where the target of a file exists.
package enum ConflictPolicy: Hashable, Sendable {
  case ask
  case overwrite
  case skip
  /// Both are kept; the new one gets a number.
  case rename
  /// Overwritten where the source is newer, else skipped.
  case newer
  /// Overwritten where the sizes differ, else skipped.
  case size
  /// What is there is the beginning of the source, and its rest is added.
  case resume
  /// By age and size.
  case table(ConflictTable)

  /// What a policy means for two given files.
  package enum Decision: Hashable, Sendable {
    case ask, overwrite, rename
    /// The target stays; why.
    case skip(String)
    /// The rest is added at this offset.
    case resume(Int64)
  }

  /// Decides about an existing regular file. Where the policy needs what is not known of both, a person is asked.
  package func decide(source: FileFacts, target: FileFacts) -> Decision {
    switch self {
    case .ask: .ask
    case .overwrite: .overwrite
    case .skip: .skip("The target exists already.")
    case .rename: .rename
    case .newer: decideByTime(source.modified, target.modified)
    case .size: decideBySize(source.size, target.size)
    case .resume: decideRest(source.size, target.size)
    case .table(let table): decide(by: table, source, target)
    }
  }

  private func decide(by table: ConflictTable, _ source: FileFacts, _ target: FileFacts) -> Decision {
    var age: ConflictTable.Age?
    if let new = source.modified, let old = target.modified, new.isUTC, old.isUTC {
      switch new.order(against: old) {
      case .later: age = .newer
      case .same: age = .same
      case .earlier: age = .older
      }
    }
    var size: ConflictTable.Size?
    if let new = source.size, let old = target.size { size = new > old ? .larger : new == old ? .same : .smaller }
    switch table.action(age, size) {
    case .ask: return .ask
    case .overwrite: return .overwrite
    case .rename: return .rename
    case .skip: return .skip("The rules for existing files leave it out.")
    case .resume: return decideRest(source.size, target.size)
    }
  }

  private func decideByTime(_ source: Timestamp?, _ target: Timestamp?) -> Decision {
    guard let source, let target, source.isUTC, target.isUTC else { return .ask }
    switch source.order(against: target) {
    case .later: return .overwrite
    case .same: return .skip("The target is as new as the source.")
    case .earlier: return .skip("The target is newer than the source.")
    }
  }

  private func decideBySize(_ source: Int64?, _ target: Int64?) -> Decision {
    guard let source, let target else { return .ask }
    return source == target ? .skip("The target has the same size.") : .overwrite
  }

  private func decideRest(_ source: Int64?, _ target: Int64?) -> Decision {
    guard let source, let target else { return .ask }
    if source == target { return .skip("The target is complete already: it has the same size.") }
    return target < source ? .resume(target) : .ask
  }
}

extension ConflictPolicy: RawRepresentable, CaseIterable {
  /// Those with a name of their own.
  package static let allCases: [ConflictPolicy] = [.ask, .overwrite, .skip, .rename, .newer, .size, .resume]

  /// The name, as options, settings and the journal have it; `table:` and nine letters for a table.
  package var rawValue: String {
    switch self {
    case .ask: "ask"
    case .overwrite: "overwrite"
    case .skip: "skip"
    case .rename: "rename"
    case .newer: "newer"
    case .size: "size"
    case .resume: "resume"
    case .table(let table): Self.tablePrefix + table.text
    }
  }

  package init?(rawValue: String) {
    if rawValue.hasPrefix(Self.tablePrefix) {
      guard let table = ConflictTable(rawValue.dropFirst(Self.tablePrefix.count)) else { return nil }
      self = .table(table)
    } else {
      guard let named = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
      self = named
    }
  }

  private static let tablePrefix = "table:"
}

extension Timestamp {
  enum Order { case earlier, same, later }

  /// Compares as exactly as the less exact of both allows.
  func order(against other: Timestamp) -> Order {
    let (mine, others) = (rounded(as: other), other.rounded(as: self))
    return mine == others ? .same : mine < others ? .earlier : .later
  }

  /// Whether both may be the same moment.
  func agrees(with other: Timestamp?) -> Bool {
    guard let other, isUTC, other.isUTC else { return false }
    return order(against: other) == .same
  }

  /// Nanoseconds would overflow 64 bits far from now, so the parts stay apart.
  private func rounded(as other: Timestamp) -> (Int64, Int32) {
    switch max(precision, other.precision) {
    case .nanosecond:
      // A server may state milliseconds and call it a fraction; nothing finer is worth a difference.
      return (seconds, nanoseconds / 1_000_000)
    case .second: return (seconds, 0)
    case .minute: return (floored(60), 0)
    case .day: return (floored(86_400), 0)
    }
  }

  private func floored(_ unit: Int64) -> Int64 {
    let rest = seconds % unit
    return seconds - (rest < 0 ? rest + unit : rest)
  }
}
