/// A part of the screen that a theme can give a look, by its dotted name.
///
/// What a theme leaves out comes from the part around it: `pane.row.marked` from `pane.row`, that from `pane`, that from
/// `screen`.
enum Scope: String, CaseIterable, Sendable {
  /// Everything that has no look of its own.
  case screen
  /// A character that stands for one that cannot be shown.
  case escape

  case pane
  case paneBorder = "pane.border"
  case paneBorderActive = "pane.border.active"
  case paneBorderTarget = "pane.border.target"
  case paneTitle = "pane.title"
  case paneTitleActive = "pane.title.active"
  case paneTitleSecure = "pane.title.secure"
  case paneTitlePlaintext = "pane.title.plaintext"
  case paneHead = "pane.head"
  case paneHeadSorted = "pane.head.sorted"
  case paneFooter = "pane.footer"
  case paneFooterMarked = "pane.footer.marked"
  case paneNotice = "pane.notice"
  case paneProblem = "pane.problem"
  case paneRow = "pane.row"
  case paneRowFolder = "pane.row.folder"
  case paneRowLink = "pane.row.link"
  case paneRowSpecial = "pane.row.special"
  case paneRowProgram = "pane.row.program"
  case paneRowHidden = "pane.row.hidden"
  case paneRowDetail = "pane.row.detail"
  case paneRowMarked = "pane.row.marked"
  case paneRowMatch = "pane.row.match"
  case paneCursor = "pane.cursor"
  case paneCursorIdle = "pane.cursor.idle"
  case paneCursorMarked = "pane.cursor.marked"
  case paneTarget = "pane.target"

  case drawer
  case drawerTab = "drawer.tab"
  case drawerTabActive = "drawer.tab.active"
  case drawerSummary = "drawer.summary"
  case drawerHint = "drawer.hint"
  case drawerCursor = "drawer.cursor"
  case queueName = "drawer.queue.name"
  case queueRoute = "drawer.queue.route"
  case queueBar = "drawer.queue.bar"
  case queueBarEmpty = "drawer.queue.bar.empty"
  case queueNumber = "drawer.queue.number"
  case queueWaiting = "drawer.queue.waiting"
  case queueRunning = "drawer.queue.running"
  case queuePaused = "drawer.queue.paused"
  case queueQuestion = "drawer.queue.question"
  case queueFailed = "drawer.queue.failed"
  case queueDone = "drawer.queue.done"
  case logCommand = "drawer.log.command"
  case logReply = "drawer.log.reply"
  case logStatus = "drawer.log.status"
  case logError = "drawer.log.error"
  case logSource = "drawer.log.source"
  case sessionTime = "drawer.session.time"
  case sessionClear = "drawer.session.clear"
  case sessionSecure = "drawer.session.secure"
  case sessionData = "drawer.session.data"
  case sessionTitle = "drawer.session.title"
  case sessionCommand = "drawer.session.command"
  case sessionReply = "drawer.session.reply"
  case sessionRefusal = "drawer.session.refusal"
  case sessionHandshake = "drawer.session.handshake"
  case sessionNote = "drawer.session.note"
  case sessionGood = "drawer.session.good"
  case sessionWarning = "drawer.session.warning"

  case keys
  case keysNumber = "keys.number"
  case keysLabel = "keys.label"
  case notice
  case noticeError = "notice.error"

  case dialog
  case dialogBorder = "dialog.border"
  case dialogTitle = "dialog.title"
  case dialogText = "dialog.text"
  case dialogLabel = "dialog.label"
  case dialogValue = "dialog.value"
  case dialogGood = "dialog.good"
  case dialogWarning = "dialog.warning"
  case dialogField = "dialog.field"
  case dialogFieldFocused = "dialog.field.focused"
  case dialogFieldHint = "dialog.field.hint"
  case dialogButton = "dialog.button"
  case dialogButtonFocused = "dialog.button.focused"
  case dialogDanger = "dialog.danger"
  case dialogDangerBorder = "dialog.danger.border"
  case dialogDangerTitle = "dialog.danger.title"
  case dialogDangerText = "dialog.danger.text"
  case dialogDangerLabel = "dialog.danger.label"
  case dialogDangerValue = "dialog.danger.value"
  case dialogDangerButton = "dialog.danger.button"
  case dialogDangerButtonFocused = "dialog.danger.button.focused"
  case dialogSelected = "dialog.selected"

  case menu
  case menuBorder = "menu.border"
  case menuItem = "menu.item"
  case menuKey = "menu.key"
  case menuSelected = "menu.selected"

  case viewer
  case viewerBar = "viewer.bar"
  case viewerOffset = "viewer.offset"
  case viewerMatch = "viewer.match"

  case drag
  case dragRefused = "drag.refused"

  /// The names from this one outwards: itself, then what it falls back to, `screen` last.
  var lineage: [String] {
    var names = [rawValue]
    while let dot = names[names.count - 1].lastIndex(of: ".") { names.append(String(names[names.count - 1][..<dot])) }
    if names.last != Scope.screen.rawValue { names.append(Scope.screen.rawValue) }
    return names
  }
}
