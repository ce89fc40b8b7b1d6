import Transfers

/// A server that cannot be reached, or a disk without room: a person does something about it, and says so.
struct TroubleQuestion: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// Bytes that are free now, where that is known.
    case noRoom(free: Int64?)
    case server(String)
  }

  /// The queue's number of the item that asks.
  var item: Int64
  var kind: Kind
  var reason: String
  /// All that waits for it.
  var weight: QueueWeight
}
