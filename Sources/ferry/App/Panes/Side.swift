/// Which of the two panes.
enum Side: Int, CaseIterable, Hashable, Sendable {
  case left, right

  var other: Side { self == .left ? .right : .left }
}
