import Terminal

extension ThemeSource {
  /// The look without any colour, for `NO_COLOR` and terminals that have none: what matters is bold, underlined or
  /// reversed.
  static let mono = ThemeSource(
    name: "mono",
    box: .single,
    palette: [:],
    looks: [
      "screen": Look("default", on: "default", []),
      "escape": Look(nil, on: nil, .underline),
      "pane.border.target": Look(nil, on: nil, .bold),
      "pane.title.active": Look(nil, on: nil, .reverse),
      "pane.title.plaintext": Look(nil, on: nil, [.reverse, .bold]),
      "pane.head.sorted": Look(nil, on: nil, .underline),
      "pane.row.folder": Look(nil, on: nil, .bold),
      "pane.row.marked": Look(nil, on: nil, .bold),
      "pane.row.match": Look(nil, on: nil, .underline),
      "pane.cursor": Look(nil, on: nil, .reverse),
      "pane.cursor.idle": Look(nil, on: nil, .underline),
      "pane.cursor.marked": Look(nil, on: nil, [.reverse, .bold]),
      "pane.target": Look(nil, on: nil, [.reverse, .bold]),
      "drawer.tab.active": Look(nil, on: nil, .reverse),
      "drawer.cursor": Look(nil, on: nil, .reverse),
      "drawer.queue.question": Look(nil, on: nil, .bold),
      "drawer.queue.failed": Look(nil, on: nil, .bold),
      "drawer.session.title": Look(nil, on: nil, .bold),
      "drawer.session.refusal": Look(nil, on: nil, .bold),
      "drawer.session.warning": Look(nil, on: nil, .bold),
      "keys.label": Look(nil, on: nil, .reverse),
      "notice": Look(nil, on: nil, .reverse),
      "dialog.title": Look(nil, on: nil, .bold),
      "dialog.warning": Look(nil, on: nil, .bold),
      "dialog.field": Look(nil, on: nil, .underline),
      "dialog.field.hint": Look(nil, on: nil, [.underline, .dim]),
      "dialog.button.focused": Look(nil, on: nil, .reverse),
      "dialog.danger.title": Look(nil, on: nil, [.reverse, .bold]),
      "dialog.danger.button.focused": Look(nil, on: nil, .reverse),
      "dialog.selected": Look(nil, on: nil, .reverse),
      "menu.selected": Look(nil, on: nil, .reverse),
      "viewer.bar": Look(nil, on: nil, .reverse),
      "viewer.match": Look(nil, on: nil, .reverse),
      "drag": Look(nil, on: nil, [.reverse, .bold]),
    ])
}
