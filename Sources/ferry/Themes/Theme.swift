import Terminal

/// How everything looks: one finished style for every scope.
struct Theme: Equatable, Sendable {
  let name: String
  /// The kind of line that panes and dialogs are framed with.
  let box: BoxKind
  private let styles: [Style]

  /// Works out the styles. A colour that means nothing (`ThemeSource.problems` tells) is the terminal's default.
  init(_ source: ThemeSource) {
    name = source.name
    box = source.box
    var resolved: [Style] = []
    resolved.reserveCapacity(Scope.allCases.count)
    for scope in Scope.allCases {
      var style = Style.plain
      var known: (foreground: Bool, background: Bool, attributes: Bool) = (false, false, false)
      for name in scope.lineage {
        guard let look = source.looks[name] else { continue }
        if !known.foreground, let color = look.foreground {
          style.foreground = source.color(color) ?? .default
          known.foreground = true
        }
        if !known.background, let color = look.background {
          style.background = source.color(color) ?? .default
          known.background = true
        }
        if !known.attributes, let attributes = look.attributes {
          style.attributes = attributes
          known.attributes = true
        }
      }
      resolved.append(style)
    }
    styles = resolved
  }

  /// The style of a part of the screen.
  subscript(scope: Scope) -> Style { styles[scope.index] }
}

extension Scope {
  private static let indices: [Scope: Int] = Dictionary(
    uniqueKeysWithValues: Scope.allCases.enumerated().map { ($1, $0) })

  fileprivate var index: Int { Self.indices[self] ?? 0 }
}
