import TOMLKit
import Terminal

/// Reads a theme's TOML text.
///
///     name = "night"
///     box = "rounded"                        # single, double, rounded, heavy, ascii
///     [palette]
///     ink = "#c8d0e0"
///     [looks]
///     "pane" = { fg = "ink", bg = "#14161c" }
///     "pane.row.marked" = { fg = "gold", style = ["bold"] }
enum ThemeFile {
  /// The theme and what was wrong with its text, one sentence each. Throws where it is no TOML at all.
  static func parse(_ text: String, name: String) throws -> (source: ThemeSource, warnings: [String]) {
    let table = try TOMLTable(string: text)
    var warnings: [String] = []
    var source = ThemeSource(name: table["name"]?.string ?? name, box: .rounded, palette: [:], looks: [:])
    for key in table.keys.sorted() where !["name", "box", "palette", "looks"].contains(key) {
      warnings.append("Theme \(name): \(key) has no meaning.")
    }
    if let box = table["box"]?.string {
      if let kind = boxes[box] {
        source.box = kind
      } else {
        warnings.append("Theme \(name): no kind of box is called \(box).")
      }
    }
    for (key, value) in table["palette"]?.table ?? TOMLTable() {
      if let color = colorText(value) {
        source.palette[key] = color
      } else {
        warnings.append("Theme \(name): the palette's \(key) is no text.")
      }
    }
    for (key, value) in table["looks"]?.table ?? TOMLTable() {
      guard let look = value.table else {
        warnings.append("Theme \(name): \(key) is no table of fg, bg and style.")
        continue
      }
      source.looks[key] = self.look(look, of: key, theme: name, warnings: &warnings)
    }
    return (source, warnings)
  }

  private static func look(
    _ table: TOMLTable, of scope: String, theme: String, warnings: inout [String]
  ) -> ThemeSource.Look {
    var look = ThemeSource.Look()
    for key in table.keys.sorted() {
      switch key {
      case "fg": look.foreground = table[key].flatMap(colorText)
      case "bg": look.background = table[key].flatMap(colorText)
      case "style":
        var attributes: Style.Attributes = []
        for word in table[key]?.array.map(Array.init) ?? [] {
          if let attribute = word.string.flatMap({ attributeNames[$0] }) {
            attributes.insert(attribute)
          } else {
            warnings.append("Theme \(theme): \(scope) has an unknown style.")
          }
        }
        look.attributes = attributes
      default: warnings.append("Theme \(theme): \(scope) has an unknown key: \(key).")
      }
    }
    return look
  }

  private static func colorText(_ value: any TOMLValueConvertible) -> String? {
    value.string ?? value.int.map(String.init)
  }

  private static let boxes: [String: BoxKind] = [
    "single": .single, "double": .double, "rounded": .rounded, "heavy": .heavy, "ascii": .ascii,
  ]
  private static let attributeNames: [String: Style.Attributes] = [
    "bold": .bold, "dim": .dim, "italic": .italic, "underline": .underline, "reverse": .reverse,
  ]
}
