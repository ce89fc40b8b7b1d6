import Terminal

/// All actions with their keys; typing filters them and Enter runs the chosen one, so it is a palette too.
struct HelpOverlay: ScrollingList, Equatable, Sendable {
  struct Row: Equatable, Sendable {
    var action: Action
    var title: String
    var keys: String
  }

  var filter = TextField()
  var cursor = 0
  var top = 0
  /// Every action that can be run now.
  let all: [Row]

  init(_ keymap: Keymap, context: Keymap.Context) {
    // In the queue, what concerns transfers comes first.
    let actions = Action.allCases.sorted {
      Self.group($0, in: context) < Self.group($1, in: context)
    }
    all = actions.map { action in
      var keys = keymap.keyTexts(for: action, in: context)
      if keys.isEmpty { keys = keymap.keyTexts(for: action, in: context == .panes ? .queue : .panes) }
      return Row(action: action, title: action.title, keys: keys.joined(separator: "  "))
    }
  }

  /// The rows that hold every word of the filter.
  var rows: [Row] {
    filter.matches(in: all) { "\($0.title) \($0.keys) \($0.action.rawValue)" }
  }

  var rowCount: Int { rows.count }

  /// Those on the function keys first, moving about last.
  private static func group(_ action: Action, in context: Keymap.Context) -> Int {
    if context == .queue, group(action) == transfers { return -1 }
    return group(action)
  }

  private static let transfers = 4

  private static func group(_ action: Action) -> Int {
    switch action {
    case .help, .connect, .view, .edit, .copy, .move, .makeFolder, .delete, .menu, .quit: 0
    case .rename, .permissions, .mark, .markUp, .markPattern, .unmarkPattern, .invertMarks, .unmarkAll, .search, .goTo,
      .refresh:
      1
    case .open, .parent, .home, .otherPane, .synchronize, .moveTogether, .sameFolder, .swap, .hidden, .disconnect,
      .saveSite, .trust, .identities:
      2
    case .sortName, .sortSize, .sortModified, .sortExtension: 3
    case .answer, .details, .pause, .pauseAll, .cancelTransfer, .retry, .retryFailed, .clear, .moveUp, .moveDown,
      .moveTop, .moveBottom, .raise, .lower, .markOrder, .markPart, .nextPart, .previousPart, .speedLimit, .whenDone:
      transfers
    case .drawer, .drawerFocus, .drawerBack, .drawerTaller, .drawerShorter, .drawerZoom, .queueTab, .logTab,
      .sessionTab,
      .nextTab, .nextSession, .previousSession, .saveSession:
      5
    case .redraw, .suspend, .prefix: 6
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .first, .last: 7
    }
  }
}
