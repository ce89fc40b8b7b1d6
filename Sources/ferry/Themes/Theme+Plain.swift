import Terminal

extension ThemeSource {
  /// The theme for terminals of sixteen colours; it keeps the terminal's own background. The same as
  /// `Themes/plain.toml`.
  static let plain = ThemeSource(
    name: "plain",
    box: .single,
    palette: [:],
    looks: [
      "screen": Look("default", on: "default"),
      "escape": Look("9"),

      "pane.border.active": Look("14"),
      "pane.border.target": Look("10", on: nil, .bold),
      "pane.title.active": Look("15", on: nil, .bold),
      "pane.title.secure": Look("10"),
      "pane.title.plaintext": Look("15", on: "1", .bold),
      "pane.head": Look("11"),
      "pane.head.sorted": Look("11", on: nil, .underline),
      "pane.footer.marked": Look("11", on: nil, .bold),
      "pane.problem": Look("9"),
      "pane.row.folder": Look("12", on: nil, .bold),
      "pane.row.link": Look("14"),
      "pane.row.special": Look("13"),
      "pane.row.program": Look("10"),
      "pane.row.marked": Look("11", on: nil, .bold),
      "pane.row.match": Look("0", on: "3"),
      "pane.cursor": Look("0", on: "6"),
      "pane.cursor.idle": Look(nil, on: nil, .underline),
      "pane.cursor.marked": Look("11", on: "6", .bold),
      "pane.target": Look("0", on: "2", .bold),

      "drawer.tab.active": Look("0", on: "6", .bold),
      "drawer.cursor": Look("0", on: "6"),
      "drawer.queue.bar": Look("12"),
      "drawer.queue.bar.empty": Look("8"),
      "drawer.queue.running": Look("12"),
      "drawer.queue.paused": Look("13"),
      "drawer.queue.question": Look("11", on: nil, .bold),
      "drawer.queue.failed": Look("9"),
      "drawer.queue.done": Look("10"),
      "drawer.log.command": Look("14"),
      "drawer.log.error": Look("9"),
      "drawer.session.secure": Look("14"),
      "drawer.session.data": Look("10"),
      "drawer.session.title": Look("15", on: nil, .bold),
      "drawer.session.command": Look("15"),
      "drawer.session.refusal": Look("9"),
      "drawer.session.handshake": Look("13"),
      "drawer.session.good": Look("10"),
      "drawer.session.warning": Look("11"),

      "keys.number": Look("15", on: nil, .bold),
      "keys.label": Look("0", on: "6"),
      "notice": Look("0", on: "2"),
      "notice.error": Look("15", on: "1", .bold),

      "dialog": Look("0", on: "7"),
      "dialog.title": Look("4", on: nil, .bold),
      "dialog.good": Look("2"),
      "dialog.warning": Look("1"),
      "dialog.field": Look("15", on: "4"),
      "dialog.field.focused": Look("15", on: "4", .bold),
      "dialog.field.hint": Look("7", on: "4"),
      "dialog.button": Look("0", on: "7"),
      "dialog.button.focused": Look("0", on: "6", .bold),
      "dialog.danger": Look("15", on: "1"),
      "dialog.danger.title": Look("11", on: nil, .bold),
      "dialog.danger.button.focused": Look("1", on: "7", .bold),
      "dialog.selected": Look("0", on: "6"),

      "menu": Look("0", on: "7"),
      "menu.selected": Look("0", on: "6", .bold),

      "viewer.bar": Look("0", on: "6"),
      "viewer.offset": Look("8"),
      "viewer.match": Look("0", on: "3"),

      "drag": Look("0", on: "3", .bold),
      "drag.refused": Look("15", on: "1", .bold),
    ])
}
