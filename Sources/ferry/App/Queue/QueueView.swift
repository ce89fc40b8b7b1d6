/// What the drawer knows of the queue: the rows around those on the screen, and the counts of all items.
struct QueueView: Hashable, Sendable {
  /// A stretch of one part, from `window.offset` on.
  var rows: [QueueRow] = []
  var window = QueueWindow()
  var running = 0
  /// Paused ones are among them.
  var waiting = 0
  var needsYou = 0
  var failed = 0
  /// Done, skipped and cancelled.
  var done = 0
  /// Bytes a second of all running items.
  var speed: Double = 0
  /// For everything that is still to be done; nil while it cannot be told.
  var secondsLeft: Int?
  /// Whether no item is started any more until the queue is resumed.
  var isPaused = false
  /// Bytes a second that all transfers together may move; nil without a limit.
  var limit: Double?

  /// Whether something is moving or will on its own.
  var isActive: Bool { running > 0 || (waiting > 0 && !isPaused) }

  /// Items of one part.
  func count(_ filter: QueueFilter) -> Int {
    switch filter {
    case .all: running + waiting + needsYou + failed + done
    case .running: running
    case .waiting: waiting
    case .needsYou: needsYou
    case .failed: failed
    case .done: done
    }
  }

  /// A row by its place in the part that the rows are of; nil while it is not known.
  subscript(index: Int) -> QueueRow? {
    let place = index - window.offset
    return rows.indices.contains(place) ? rows[place] : nil
  }
}
