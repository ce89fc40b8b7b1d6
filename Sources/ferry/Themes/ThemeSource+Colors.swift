import Terminal

extension ThemeSource {
  /// The colour that a text means: a palette name, `#rrggbb`, `0`...`255` or `default`. Nil if it means none.
  func color(_ text: String) -> Color? {
    if let named = palette[text] { return Self.literal(named) }
    return Self.literal(text)
  }

  /// What in this source has no meaning: unknown scopes and colours, one sentence each.
  var problems: [String] {
    var problems: [String] = []
    let known = Set(Scope.allCases.flatMap(\.lineage))
    for (entry, text) in palette.sorted(by: { $0.key < $1.key }) where Self.literal(text) == nil {
      problems.append("Theme \(name): the palette's \(entry) is no colour: \(text).")
    }
    for (scope, look) in looks.sorted(by: { $0.key < $1.key }) {
      if !known.contains(scope) { problems.append("Theme \(name): there is no part called \(scope).") }
      for text in [look.foreground, look.background] {
        if let text, palette[text] == nil, Self.literal(text) == nil {
          problems.append("Theme \(name): \(scope) names an unknown colour: \(text).")
        }
      }
    }
    return problems
  }

  private static func literal(_ text: String) -> Color? {
    if text == "default" { return .default }
    if let index = UInt8(text) { return .indexed(index) }
    guard text.first == "#", text.utf8.count == 7, let value = UInt32(text.dropFirst(), radix: 16) else { return nil }
    return .rgb(
      UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value))
  }
}
