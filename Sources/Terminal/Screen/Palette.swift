/// Brings styles to what a screen can show.
struct Palette {
  /// A style in the terminal's terms: colour numbers (-1: default; from 256 on: RGB) and attributes.
  struct Resolved: Hashable {
    var foreground: Int32
    var background: Int32
    var attributes: Style.Attributes
  }

  let depth: ColorDepth

  func resolve(_ style: Style) -> Resolved {
    if depth == .none { return Resolved(foreground: -1, background: -1, attributes: style.attributes) }
    var resolved = Resolved(
      foreground: number(style.foreground), background: number(style.background), attributes: style.attributes)
    guard depth < .indexed else { return resolved }
    if depth == .eight {
      if resolved.foreground >= 8 {
        resolved.foreground -= 8
        resolved.attributes.insert(.bold)
      }
      if resolved.background >= 8 {
        resolved.background = style.background == .brightBlack ? 0 : resolved.background - 8
      }
    }
    // Two shades that have become one colour would hide the text.
    if resolved.foreground == resolved.background, resolved.foreground >= 0, style.foreground != style.background {
      resolved.foreground = [0, 4].contains(resolved.background) ? 7 : 0
      if depth == .eight { resolved.attributes.remove(.bold) }
    }
    return resolved
  }

  private func number(_ color: Color) -> Int32 {
    switch color.kind {
    case .default: return -1
    case .indexed(let index):
      if index < 16 || depth >= .indexed { return Int32(index) }
      let (red, green, blue) = Self.components(index)
      return nearest(red, green, blue, below: depth == .eight ? 8 : 16)
    case .rgb(let red, let green, let blue):
      switch depth {
      case .none: return -1
      case .eight: return nearest(Int(red), Int(green), Int(blue), below: 8)
      case .sixteen: return nearest(Int(red), Int(green), Int(blue), below: 16)
      case .indexed: return Self.cubeOrGrey(Int(red), Int(green), Int(blue))
      case .rgb:
        let value = Int32(red) << 16 | Int32(green) << 8 | Int32(blue)
        // Below 256 is the palette: the darkest blues get one step of green.
        return value < 256 ? value | 0x100 : value
      }
    }
  }

  // MARK: - Nearest colours

  /// xterm's defaults for the first sixteen.
  private static let sixteen: [(Int, Int, Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]
  private static let steps = [0, 95, 135, 175, 215, 255]

  private static func components(_ index: UInt8) -> (Int, Int, Int) {
    switch Int(index) {
    case let index where index < 16: return sixteen[index]
    case let index where index < 232:
      let cube = index - 16
      return (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
    case let index:
      let grey = 8 + (index - 232) * 10
      return (grey, grey, grey)
    }
  }

  private func nearest(_ red: Int, _ green: Int, _ blue: Int, below count: Int) -> Int32 {
    let candidates = Self.sixteen.prefix(count).enumerated()
    let best = candidates.min {
      Self.distance($0.element, (red, green, blue)) < Self.distance($1.element, (red, green, blue))
    }
    return Int32(best?.offset ?? 7)
  }

  /// The palette's first sixteen are the user's own and may look like anything, so only the cube and the greys count.
  private static func cubeOrGrey(_ red: Int, _ green: Int, _ blue: Int) -> Int32 {
    func step(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
    let cube = (step(red), step(green), step(blue))
    let cubeDistance = distance((steps[cube.0], steps[cube.1], steps[cube.2]), (red, green, blue))
    let grey = min(23, max(0, ((red + green + blue) / 3 - 3) / 10))
    let level = 8 + grey * 10
    if distance((level, level, level), (red, green, blue)) < cubeDistance { return Int32(232 + grey) }
    return Int32(16 + 36 * cube.0 + 6 * cube.1 + cube.2)
  }

  /// Squared distance, weighted roughly as eyes do ("redmean").
  private static func distance(_ a: (Int, Int, Int), _ b: (Int, Int, Int)) -> Int {
    let mean = (a.0 + b.0) / 2
    let (red, green, blue) = (a.0 - b.0, a.1 - b.1, a.2 - b.2)
    return (512 + mean) * red * red / 256 + 4 * green * green + (767 - mean) * blue * blue / 256
  }
}
