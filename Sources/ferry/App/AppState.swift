import SystemPackage
import Terminal
import Transfers

/// Everything the screen shows and every decision depends on. Changed by `update` only.
struct AppState: Sendable {
  /// Where keys go when no layer is open.
  enum Focus: Hashable, Sendable {
    case panes, drawer
  }

  /// A line about what happened, shown until the next key.
  struct Notice: Hashable, Sendable {
    var text: String
    var isError = false
  }

  var size: Size
  private var left: PaneState
  private var right: PaneState
  var active = Side.left
  var focus = Focus.panes
  /// Going into a folder or out of it goes the same way in the other pane.
  var movesTogether = false
  var drawer = DrawerState()
  /// What lies over the panes; the last one is on top and gets the keys.
  var layers: [Layer] = []
  /// Questions that wait until no layer is open, so that nobody answers one by typing something else.
  var questions: [Question] = []
  /// Whether the next key is the second of two.
  var isAfterPrefix = false
  /// The item of the queue whose question a person asked to answer.
  var invitedItem: Int64?
  var notice: Notice?
  var drag = DragState()
  var clicks = ClickCounter()
  var keymap: Keymap
  var sites: [SiteChoice] = []
  /// What happens when nothing is left to be transferred.
  var whenDone = WhenDone()
  /// What transfers begin with that nobody has chosen anything for.
  var usualPolicy = ConflictPolicy.ask
  /// Whether the content of transfers is compared, unless a person says otherwise.
  var usuallyVerifies = false
  /// Whether it keeps permissions.
  var usuallyKeepsPermissions = false
  /// What the settings say about the speed of transfers.
  var speedSchedule = SpeedSchedule()
  /// What a person has said about the speed of transfers.
  var speedChoice = SpeedChoice.schedule
  /// The person's client certificates.
  var identities: [IdentityRow] = []
  /// What is connected to once a certificate for it is made.
  var pendingConnection: NamedConnection?
  /// The person's home folder, shown as `~`.
  var home: FilePath?
  /// Milliseconds of a clock that never goes back.
  var now: Int64 = 0
  /// The time of day: seconds since 1970, UTC.
  var date: Int64 = 0
  var zone = TimeZone.system
  /// Numbers for viewers and counts, so that late answers find out that nobody waits for them.
  var lastTicket = 0
  var isFinished = false

  init(size: Size, left: Place, right: Place, keymap: Keymap = .standard) {
    self.size = size
    self.left = PaneState(place: left)
    self.right = PaneState(place: right)
    self.keymap = keymap
  }

  subscript(side: Side) -> PaneState {
    get { side == .left ? left : right }
    _modify { if side == .left { yield &left } else { yield &right } }
  }

  /// Where everything is on the screen; what the mouse hits is what was drawn.
  var layout: ScreenLayout { ScreenLayout(size: size, drawer: drawer) }

  /// Whether something on the screen changes with time alone, so that ticks are needed.
  var needsTicks: Bool {
    self[.left].isBusy || self[.right].isBusy || drag.scrollDirection != 0 || layers.contains { $0.isBusy }
  }

  mutating func nextTicket() -> Int {
    lastTicket += 1
    return lastTicket
  }

  mutating func say(_ text: String, isError: Bool = false) { notice = Notice(text: text, isError: isError) }
}
