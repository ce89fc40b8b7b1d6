/// Everything a person can do in the panes and in the drawer; what keys, the menu, the palette and the key bar name.
enum Action: String, CaseIterable, Hashable, Sendable {
  // Moving about
  case up, down
  case pageUp = "page-up"
  case pageDown = "page-down"
  case halfUp = "half-up"
  case halfDown = "half-down"
  case first, last, open, parent, home
  case otherPane = "other-pane"
  case goTo = "go-to"
  case refresh
  case sameFolder = "same-folder"
  case swap, search
  // Marking
  case mark
  case markUp = "mark-up"
  case markPattern = "mark-pattern"
  case unmarkPattern = "unmark-pattern"
  case invertMarks = "invert-marks"
  case unmarkAll = "unmark-all"
  // Looks
  case sortName = "sort-name"
  case sortSize = "sort-size"
  case sortModified = "sort-modified"
  case sortExtension = "sort-extension"
  case hidden
  // Files
  case view, edit, copy, move, rename, permissions
  case makeFolder = "make-folder"
  case delete
  case synchronize
  case moveTogether = "move-together"
  // Servers
  case connect, disconnect, identities
  case saveSite = "save-site"
  case trust = "trusted-certificates"
  // The drawer
  case drawer
  case drawerFocus = "drawer-focus"
  case drawerBack = "drawer-back"
  case drawerTaller = "drawer-taller"
  case drawerShorter = "drawer-shorter"
  case drawerZoom = "drawer-zoom"
  case queueTab = "queue-tab"
  case logTab = "log-tab"
  case sessionTab = "session-tab"
  case nextTab = "next-tab"
  case nextSession = "next-session"
  case previousSession = "previous-session"
  case saveSession = "save-session"
  case pause
  case pauseAll = "pause-all"
  case cancelTransfer = "cancel-transfer"
  case retry, clear, answer, details
  case retryFailed = "retry-failed"
  case moveUp = "move-up"
  case moveDown = "move-down"
  case moveTop = "move-top"
  case moveBottom = "move-bottom"
  case raise, lower
  case markOrder = "mark-order"
  case markPart = "mark-part"
  case nextPart = "next-part"
  case previousPart = "previous-part"
  case speedLimit = "speed-limit"
  case whenDone = "when-done"
  // The program
  case help, menu, redraw, suspend, quit
  /// The first of two keys.
  case prefix

  /// A few words, as in the menu and the palette.
  var title: String {
    switch self {
    case .up: "One row up"
    case .down: "One row down"
    case .pageUp: "One page up"
    case .pageDown: "One page down"
    case .halfUp: "Half a page up"
    case .halfDown: "Half a page down"
    case .first: "First row"
    case .last: "Last row"
    case .open: "Open the folder, view the file"
    case .parent: "Folder above"
    case .home: "Home folder"
    case .otherPane: "Other pane"
    case .goTo: "Go to a folder…"
    case .refresh: "Read the folder again"
    case .sameFolder: "Show this folder in the other pane"
    case .swap: "Swap the panes"
    case .search: "Quick search"
    case .mark: "Mark, and go down"
    case .markUp: "Mark, and go up"
    case .markPattern: "Mark by pattern…"
    case .unmarkPattern: "Unmark by pattern…"
    case .invertMarks: "Invert the marks"
    case .unmarkAll: "Unmark all"
    case .sortName: "Sort by name"
    case .sortSize: "Sort by size"
    case .sortModified: "Sort by time"
    case .sortExtension: "Sort by extension"
    case .hidden: "Show or hide hidden files"
    case .view: "View"
    case .edit: "Edit"
    case .copy: "Copy to the other pane…"
    case .move: "Move to the other pane…"
    case .rename: "Rename…"
    case .permissions: "Permissions…"
    case .makeFolder: "New folder…"
    case .delete: "Delete…"
    case .synchronize: "Compare and synchronise…"
    case .moveTogether: "Move both panes together, or not"
    case .connect: "Sites: connect to a server…"
    case .disconnect: "Disconnect"
    case .saveSite: "Save as a site…"
    case .trust: "Trusted certificates…"
    case .identities: "Client certificates…"
    case .drawer: "Show or hide the drawer"
    case .drawerFocus: "Go to the drawer and back"
    case .drawerBack: "Unmark, or leave the drawer"
    case .drawerTaller: "Taller drawer"
    case .drawerShorter: "Lower drawer"
    case .drawerZoom: "Tallest drawer, and back"
    case .queueTab: "Show the queue"
    case .logTab: "Show the log"
    case .sessionTab: "Show the session as a diagram"
    case .nextTab: "Next tab of the drawer"
    case .nextSession: "Next session"
    case .previousSession: "Session before"
    case .saveSession: "Save the session's diagram…"
    case .pause: "Pause or resume the transfer"
    case .pauseAll: "Pause or resume the whole queue"
    case .cancelTransfer: "Cancel the transfer"
    case .retry: "Try the transfer again"
    case .clear: "Clear what is finished"
    case .answer: "Answer the transfer's question, or show it"
    case .details: "Show all about the transfer…"
    case .retryFailed: "Try all failed transfers again"
    case .moveUp: "Transfer earlier"
    case .moveDown: "Transfer later"
    case .moveTop: "Transfer first"
    case .moveBottom: "Transfer last"
    case .raise: "Higher priority"
    case .lower: "Lower priority"
    case .markOrder: "Mark all that was queued together"
    case .markPart: "Mark all in this part of the queue"
    case .nextPart: "Next part of the queue"
    case .previousPart: "Previous part of the queue"
    case .speedLimit: "Speed limit…"
    case .whenDone: "When the queue is done…"
    case .help: "Help: all keys"
    case .menu: "Menu"
    case .redraw: "Draw the screen again"
    case .suspend: "Suspend Ferry"
    case .quit: "Quit"
    case .prefix: "First of two keys"
    }
  }
}
