import ArgumentParser
import Storage

/// The states of transfers as the command line names them, in the order in which they are listed.
enum JournalPart: String, CaseIterable, ExpressibleByArgument {
  case running, waiting, paused
  case needsYou = "needs-you"
  case failed, done

  var states: Set<JournalItem.State> {
    switch self {
    case .running: [.running]
    case .waiting: [.waiting]
    case .paused: [.paused]
    case .needsYou: [.needsYou]
    case .failed: [.failed]
    case .done: [.done, .skipped, .cancelled]
    }
  }
}
