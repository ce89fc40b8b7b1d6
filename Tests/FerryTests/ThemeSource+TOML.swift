import Terminal

@testable import ferry

extension ThemeSource {
  /// The source as the text of a theme file, scopes in the order of the screen: how `Themes/` is made.
  var toml: String {
    var lines = [
      "name = \"\(name)\"", "# The lines of boxes: single, double, rounded, heavy or ascii.", "box = \"\(box)\"",
    ]
    lines += ["", "[palette]"]
    for (name, color) in palette.sorted(by: { $0.key < $1.key }) { lines.append("\(name) = \"\(color)\"") }
    lines += [
      "", "# What is left out comes from the part around it: pane.row.marked from pane.row, then pane, then screen.",
    ]
    lines.append("[looks]")
    var seen: Set<String> = []
    var group = ""
    for scope in Scope.allCases.flatMap({ $0.lineage.reversed() }) where seen.insert(scope).inserted {
      guard let look = looks[scope] else { continue }
      let family = scope.split(separator: ".").prefix(1).joined()
      if family != group, !group.isEmpty { lines.append("") }
      group = family
      lines.append("\"\(scope)\" = { \(look.toml) }")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ThemeSource.Look {
  fileprivate var toml: String {
    var parts: [String] = []
    if let foreground { parts.append("fg = \"\(foreground)\"") }
    if let background { parts.append("bg = \"\(background)\"") }
    if let attributes {
      let names: [(Style.Attributes, String)] = [
        (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
      ]
      let words = names.filter { attributes.contains($0.0) }.map { "\"\($0.1)\"" }
      parts.append("style = [\(words.joined(separator: ", "))]")
    }
    return parts.joined(separator: ", ")
  }
}
