/// Which items of the queue a command means.
enum QueueSelection: Hashable, Sendable {
  /// By their numbers.
  case items([Int64])
  /// All that were queued together.
  case order(Int64)
  /// All of one part.
  case part(QueueFilter)
}
