package import FTP
import Synchronization

/// What sessions have found out about the way in which their server works, for all other sessions with it; forgotten
/// with the process.
package final class ServerHabits: Sendable {
  /// When a server answers a command that comes while a transfer runs.
  package enum Answering: Sendable {
    case unknown
    /// After the transfer, as RFC 959 has it: what will be needed next can be asked for ahead.
    case inTurn
    /// At once, or not at all: it is left alone while a transfer runs.
    case atOnce
  }

  private struct State {
    var answering = Answering.unknown
    var takesEarlyEnd = true
    var answersAhead = true
    var keyGroup: Int32?
    var takesListOption = true
    var lacksMFF = false
    var zone = ListingZone()
  }

  private let state = Mutex(State())

  package init() {}

  package var answering: Answering { state.withLock { $0.answering } }

  /// Whether our half of a download may end, with close_notify, before the server has sent anything: some servers wait
  /// for that before they say that the transfer is over.
  var takesEarlyEnd: Bool { state.withLock { $0.takesEarlyEnd && $0.answering == .inTurn } }

  /// A server that was once too quick is never trusted to wait again.
  func learn(_ answering: Answering) {
    state.withLock { if $0.answering != .atOnce { $0.answering = answering } }
  }

  /// Whether what follows a log-in may be asked all at once. A session that is lost over it teaches otherwise.
  var answersAhead: Bool { state.withLock { $0.answersAhead } }

  func learnNoAnswersAhead() { state.withLock { $0.answersAhead = false } }

  /// OpenSSL's number of the group in which the last session's keys were agreed on: a server that wants another one than
  /// is offered first costs a round trip more.
  var keyGroup: Int32? {
    get { state.withLock { $0.keyGroup } }
    set { state.withLock { $0.keyGroup = newValue } }
  }

  /// Whether `LIST` gets the "-a" by which it is to show hidden names, too: some servers refuse it, or take it for the
  /// name of what is to be listed.
  var takesListOption: Bool {
    get { state.withLock { $0.takesListOption } }
    set { state.withLock { $0.takesListOption = newValue } }
  }

  /// MFF was announced for permissions, and is not there.
  var lacksMFF: Bool { state.withLock { $0.lacksMFF } }

  /// The zone of the times in its lists.
  package var zone: ListingZone { state.withLock { $0.zone } }

  func learnZone(_ learn: (inout ListingZone) -> Void) { state.withLock { learn(&$0.zone) } }

  func learnNoMFF() { state.withLock { $0.lacksMFF = true } }

  func learnRefusedEarlyEnd() { state.withLock { $0.takesEarlyEnd = false } }
}
