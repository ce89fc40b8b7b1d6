import FTP

/// What happens where the target of a file exists.
package enum ConflictPolicy: String, Hashable, Sendable, CaseIterable {
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
