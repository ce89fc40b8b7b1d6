/// What the drawer knows of the queue: the rows worth showing, running ones first, and the counts of all items.
struct QueueView: Hashable, Sendable {
  var rows: [QueueRow] = []
  var running = 0
  var waiting = 0
  var paused = 0
  var needsYou = 0
  var failed = 0
  var done = 0
  /// Bytes a second of all running items.
  var speed: Double = 0
  /// For everything that is still to be done; nil while it cannot be told.
  var secondsLeft: Int?
  /// Whether no item is started any more until the queue is resumed.
  var isPaused = false

  /// Whether something is moving or will on its own.
  var isActive: Bool { running > 0 || (waiting > 0 && !isPaused) }
}
