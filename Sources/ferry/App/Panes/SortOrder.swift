/// In which order a pane shows its rows. Folders always come before files.
struct SortOrder: Hashable, Sendable {
  enum Key: String, CaseIterable, Sendable {
    case name, size, modified, `extension`
  }

  var key: Key = .name
  var isReversed = false

  /// The order after its column's head was chosen: the other direction if it was this column's already.
  func choosing(_ key: Key) -> SortOrder {
    key == self.key ? SortOrder(key: key, isReversed: !isReversed) : SortOrder(key: key)
  }
}
