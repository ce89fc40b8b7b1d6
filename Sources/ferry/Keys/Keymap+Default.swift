import Terminal

extension Keymap {
  /// The keys of Midnight Commander, those of vi beside them.
  static let standard = Keymap([.panes: panes, .prefix: prefix, .queue: queue, .log: log, .session: session])

  private static let moving: [Key: Action] = [
    Key(.up): .up, "k": .up, Key(.down): .down, "j": .down,
    Key(.pageUp): .pageUp, Key(.pageDown): .pageDown, "C-b": .pageUp, "C-f": .pageDown,
    "C-u": .halfUp, "C-d": .halfDown,
    Key(.home): .first, "g": .first, Key(.end): .last, "G": .last,
  ]

  private static let panes: [Key: Action] = moving.merging([
    Key(.enter): .open, "l": .open, Key(.right): .open,
    Key(.backspace): .parent, "h": .parent, Key(.left): .parent, "~": .home,
    Key(.tab): .otherPane, Key(.backTab): .otherPane,
    "C-g": .goTo, ":": .goTo, "C-r": .refresh, "=": .sameFolder, "C-x": .prefix, "X": .swap, "M-o": .sameFolder,
    "/": .search, "C-s": .search,
    Key(.insert): .mark, " ": .mark, Key(.down, .shift): .mark, Key(.up, .shift): .markUp,
    "+": .markPattern, "-": .unmarkPattern, "*": .invertMarks, "u": .unmarkAll,
    "1": .sortName, "2": .sortSize, "3": .sortModified, "4": .sortExtension, ".": .hidden, "M-.": .hidden,
    Key(.function(1)): .help, "?": .help, Key(.function(2)): .connect, Key(.function(3)): .view, "v": .view,
    Key(.function(4)): .edit, "e": .edit, Key(.function(5)): .copy, "c": .copy,
    Key(.function(6)): .move, "m": .move, Key(.function(6), .shift): .rename, "r": .rename, Key(.function(16)): .rename,
    Key(.function(7)): .makeFolder, "n": .makeFolder, Key(.function(8)): .delete, Key(.delete): .delete, "d": .delete,
    Key(.function(9)): .menu, Key(.function(10)): .quit, "q": .quit, "C-c": .quit, "C-q": .quit,
    "D": .disconnect, "Y": .synchronize, "W": .moveTogether, "B": .saveSite, "C": .trust, "I": .identities,
    "t": .drawerFocus, Key(.function(12)): .drawerFocus, "T": .drawer, "C-o": .drawer, "C-t": .nextTab,
    "]": .drawerTaller, "[": .drawerShorter, "Z": .drawerZoom, "Q": .queueTab, "L": .logTab, "S": .sessionTab,
    "P": .pauseAll,
    "C-l": .redraw, "C-z": .suspend,
  ]) { $1 }

  /// After Ctrl-X, as in Midnight Commander.
  private static let prefix: [Key: Action] = ["c": .permissions, "C-c": .permissions, "C-x": .swap]

  private static let drawerKeys: [Key: Action] = moving.merging([
    Key(.escape): .drawerBack, Key(.tab): .drawerFocus, Key(.backTab): .drawerFocus, "C-t": .nextTab,
  ]) { $1 }

  private static let queue: [Key: Action] = drawerKeys.merging([
    Key(.right): .nextPart, "l": .nextPart, Key(.left): .previousPart, "h": .previousPart,
    Key(.enter): .answer, "i": .details, Key(.function(3)): .details,
    " ": .pause, "p": .pause, "x": .cancelTransfer, Key(.delete): .cancelTransfer,
    Key(.function(8)): .cancelTransfer, "r": .retry, "R": .retryFailed, "c": .clear,
    "K": .moveUp, "J": .moveDown, Key(.up, .alt): .moveUp, Key(.down, .alt): .moveDown,
    "<": .moveTop, ">": .moveBottom, "+": .raise, "-": .lower,
    Key(.insert): .mark, Key(.down, .shift): .mark, Key(.up, .shift): .markUp, "o": .markOrder, "a": .markPart,
    "s": .speedLimit, "w": .whenDone,
  ]) { $1 }

  private static let otherDrawerKeys: [Key: Action] = drawerKeys.merging([
    Key(.left): .nextTab, Key(.right): .nextTab, "h": .nextTab, "l": .nextTab,
  ]) { $1 }

  private static let log: [Key: Action] = otherDrawerKeys.merging([Key(.enter): .drawerZoom]) { $1 }

  private static let session: [Key: Action] = otherDrawerKeys.merging([
    Key(.enter): .drawerZoom, "n": .nextSession, "N": .previousSession, "s": .saveSession,
  ]) { $1 }
}

extension Key: ExpressibleByUnicodeScalarLiteral, ExpressibleByExtendedGraphemeClusterLiteral,
  ExpressibleByStringLiteral
{
  /// A key by its text form, for tables in the source: `"C-x"`, `"G"`, `" "`.
  package init(stringLiteral text: String) {
    guard let key = text == " " ? .character(" ") : Key(text) else { preconditionFailure("no key: \(text)") }
    self = key
  }
}
