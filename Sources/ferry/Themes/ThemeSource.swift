import Terminal

/// A theme as its author writes it: a palette, and looks for some scopes.
struct ThemeSource: Equatable, Sendable {
  /// What is said about one scope; what is nil comes from the scope around it.
  struct Look: Equatable, Sendable {
    /// A palette name, `#rrggbb`, a palette index 0...255 or `default`.
    var foreground: String?
    var background: String?
    var attributes: Style.Attributes?

    init(_ foreground: String? = nil, on background: String? = nil, _ attributes: Style.Attributes? = nil) {
      self.foreground = foreground
      self.background = background
      self.attributes = attributes
    }
  }

  var name: String
  /// The kind of line that boxes are drawn with.
  var box: BoxKind
  var palette: [String: String]
  var looks: [String: Look]
}
