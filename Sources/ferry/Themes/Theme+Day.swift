import Terminal

extension ThemeSource {
  /// The light theme: the dark one with other colours, and other looks where light ground needs them. The same as
  /// `Themes/day.toml`.
  static let day = ThemeSource(
    name: "day",
    box: .rounded,
    palette: [
      "base": "#fbfbf9", "panel": "#ffffff", "raised": "#eef1f5", "field": "#ffffff", "line": "#c5ccd6",
      "ink": "#2a303b", "bright": "#10141c", "muted": "#667085", "faint": "#98a1b0",
      "blue": "#1f5fbf", "cyan": "#0b7285", "green": "#2f7d32", "gold": "#96640a", "orange": "#b4531a",
      "red": "#c0263a", "violet": "#6f42b5", "cursor": "#cfe0fa", "shade": "#e6eaf0", "blood": "#fde8ea",
    ],
    looks: night.looks.merging(
      [
        "pane.title.plaintext": Look("base", on: "red", .bold),
        "pane.row.match": Look("bright", on: "#f6d989", .bold),
        "notice.error": Look("base", on: "red", .bold),
        "dialog.button": Look("ink", on: "#d8dee7"),
        "dialog.danger.label": Look("#8f4a55"),
        "dialog.danger.button": Look("bright", on: "#f3c3c9"),
        "viewer.match": Look("bright", on: "#f6d989"),
        "drag.refused": Look("base", on: "red", .bold),
      ],
      uniquingKeysWith: { $1 }))
}
