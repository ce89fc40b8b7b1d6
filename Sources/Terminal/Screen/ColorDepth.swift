/// How many colours a screen can show.
package enum ColorDepth: Int, Hashable, Sendable, Comparable, CaseIterable {
  /// None, or none wanted (`NO_COLOR`): only attributes. Mark what is selected with `.reverse`.
  case none
  /// The eight of the palette; bright ones in the foreground are made with bold.
  case eight
  /// The eight dark and the eight bright ones.
  case sixteen
  /// The palette of 256.
  case indexed
  /// Red, green and blue.
  case rgb

  package static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rawValue < b.rawValue }

  /// What to aim at on a terminal whose terminfo entry names `colors` colours.
  ///
  /// `NO_COLOR` counts if it is not empty (no-color.org). `claimsRGB`: the entry names RGB itself. `COLORTERM` says
  /// that a terminal takes RGB although its entry does not; the linux console rounds it to 16, and GNU screen (which
  /// passes the outer terminal's `COLORTERM` on, as tmux does) does not take it.
  static func wanted(
    term: String, colors: Int, claimsRGB: Bool = false, environment: Environment
  ) -> ColorDepth {
    if environment.has("NO_COLOR") || colors < 8 { return .none }
    if claimsRGB { return .rgb }
    let claimed = environment["COLORTERM"]?.lowercased()
    let isScreen = term.hasPrefix("screen") && !environment.has("TMUX")
    if claimed == "truecolor" || claimed == "24bit", !term.hasPrefix("linux"), !isScreen { return .rgb }
    return of(colors: colors)
  }

  /// What a number of palette colours amounts to.
  static func of(colors: Int) -> ColorDepth {
    switch colors {
    case ..<8: .none
    case ..<16: .eight
    case ..<256: .sixteen
    case 1 << 24: .rgb
    default: .indexed
    }
  }
}
