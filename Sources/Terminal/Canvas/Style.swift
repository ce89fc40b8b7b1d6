/// How a cell looks: colours and attributes.
package struct Style: Hashable, Sendable {
  /// What can be combined freely; a terminal that lacks one ignores it.
  package struct Attributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let bold = Attributes(rawValue: 1)
    package static let dim = Attributes(rawValue: 2)
    package static let italic = Attributes(rawValue: 4)
    package static let underline = Attributes(rawValue: 8)
    package static let reverse = Attributes(rawValue: 16)
  }

  /// The colour of the text.
  package var foreground: Color
  /// The colour behind it.
  package var background: Color
  /// Bold, dim and so on.
  package var attributes: Attributes

  /// Makes a style; what is left out is the terminal's default.
  package init(foreground: Color = .default, background: Color = .default, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's defaults.
  package static let plain = Style()

  /// The same with another text colour.
  package func foreground(_ color: Color) -> Style {
    Style(foreground: color, background: background, attributes: attributes)
  }

  /// The same on another background.
  package func background(_ color: Color) -> Style {
    Style(foreground: foreground, background: color, attributes: attributes)
  }

  /// The same with more attributes.
  package func with(_ more: Attributes) -> Style {
    Style(foreground: foreground, background: background, attributes: attributes.union(more))
  }

  /// The same without some attributes.
  package func without(_ less: Attributes) -> Style {
    Style(foreground: foreground, background: background, attributes: attributes.subtracting(less))
  }

  /// This style laid over `base`: default colours let the base's show through, attributes add up.
  package func over(_ base: Style) -> Style {
    Style(
      foreground: foreground == .default ? base.foreground : foreground,
      background: background == .default ? base.background : background,
      attributes: base.attributes.union(attributes))
  }
}
