import Transfers

/// The parts of the queue that the drawer lists by themselves.
enum QueueFilter: Int, CaseIterable, Hashable, Sendable {
  case all, running, waiting, needsYou, failed, done

  var title: String {
    switch self {
    case .all: "All"
    case .running: "Running"
    case .waiting: "Waiting"
    case .needsYou: "Needs you"
    case .failed: "Failed"
    case .done: "Done"
    }
  }

  /// Where there is little room.
  var shortTitle: String {
    switch self {
    case .all: "All"
    case .running: "Run"
    case .waiting: "Wait"
    case .needsYou: "You"
    case .failed: "Fail"
    case .done: "Done"
    }
  }

  /// The lists of the queue that are shown, in their order.
  var tabs: [QueueTab] {
    switch self {
    case .all: [.running, .needsYou, .failed, .waiting, .finished]
    case .running: [.running]
    case .waiting: [.waiting]
    case .needsYou: [.needsYou]
    case .failed: [.failed]
    case .done: [.finished]
    }
  }
}

/// A stretch of one part of the queue: what the drawer wants to have at hand.
struct QueueWindow: Hashable, Sendable {
  static let step = 100
  /// Rows that are asked for: what is on the screen, and some before and behind.
  static let length = 4 * step

  var filter = QueueFilter.all
  /// The first row; a multiple of the step.
  var offset = 0

  init() {}

  /// The window around the rows on the screen, the first of which is `top`.
  init(_ filter: QueueFilter, around top: Int) {
    self.filter = filter
    offset = max(0, top / Self.step * Self.step - Self.step)
  }
}
