/// How soon an item's turn comes: whatever waits with a higher priority goes first.
///
/// The raw value is what the journal keeps.
package enum Priority: Int, Hashable, Comparable, Sendable, CaseIterable {
  case lowest, low, normal, high, highest

  package static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }

  /// The next one above or below; the ends stay.
  package func moved(by steps: Int) -> Priority {
    Priority(rawValue: max(0, min(rawValue + steps, Self.highest.rawValue))) ?? self
  }

  /// From the highest to the lowest: the order in which items run.
  static let descending = allCases.reversed()
}
