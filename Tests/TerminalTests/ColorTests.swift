import Testing

@testable import Terminal

struct ColorTests {
  @Test(
    "the environment and the terminal's entry decide about colours",
    arguments: [
      ("xterm-256color", 256, [:], ColorDepth.indexed), ("xterm-256color", 256, ["COLORTERM": "truecolor"], .rgb),
      ("xterm-256color", 256, ["COLORTERM": "24bit"], .rgb), ("xterm-256color", 256, ["COLORTERM": "yes"], .indexed),
      ("xterm-256color", 256, ["COLORTERM": "truecolor", "NO_COLOR": "1"], .none),
      ("xterm-256color", 256, ["NO_COLOR": ""], .indexed), ("linux", 8, ["COLORTERM": "truecolor"], .eight),
      ("screen-256color", 256, ["COLORTERM": "truecolor"], .indexed),
      ("screen-256color", 256, ["COLORTERM": "truecolor", "TMUX": "/tmp/x,1,0"], .rgb),
      ("vt100", 0, ["COLORTERM": "truecolor"], .none),
      ("xterm", 8, [:], .eight), ("xterm-16color", 16, [:], .sixteen), ("xterm-88color", 88, [:], .sixteen),
      ("xterm-direct", 1 << 24, [:], .rgb),
    ] as [(String, Int, [String: String], ColorDepth)])
  func depth(term: String, colors: Int, variables: [String: String], expected: ColorDepth) {
    #expect(ColorDepth.wanted(term: term, colors: colors, environment: Environment(variables)) == expected)
  }

  @Test("an entry that names RGB needs no COLORTERM, but yields to NO_COLOR")
  func claimsRGB() {
    func wanted(_ variables: [String: String]) -> ColorDepth {
      ColorDepth.wanted(term: "xterm-kitty", colors: 256, claimsRGB: true, environment: Environment(variables))
    }
    #expect(wanted([:]) == .rgb)
    #expect(wanted(["NO_COLOR": "1"]) == .none)
  }

  @Test(
    "a colour becomes the nearest the palette has",
    arguments: [
      (ColorDepth.rgb, Color.rgb(0x12, 0x34, 0x56), Int32(0x123456)), (.rgb, .rgb(0, 0, 0), 0x100),
      (.rgb, .rgb(0, 0, 255), 0x1ff),
      (.rgb, .indexed(200), 200), (.rgb, .default, -1), (.indexed, .rgb(255, 0, 0), 196), (.indexed, .rgb(0, 0, 0), 16),
      (.indexed, .rgb(255, 255, 255), 231), (.indexed, .rgb(128, 128, 128), 244), (.indexed, .rgb(95, 135, 175), 67),
      (.indexed, .indexed(3), 3), (.sixteen, .rgb(250, 10, 10), 9), (.sixteen, .rgb(200, 0, 0), 1),
      (.sixteen, .indexed(196), 9),
      (.sixteen, .rgb(120, 120, 120), 8), (.eight, .rgb(10, 10, 10), 0), (.eight, .rgb(230, 230, 230), 7),
      (.eight, .indexed(46), 2),
      (.none, .rgb(1, 2, 3), -1), (.none, .red, -1),
    ])
  func nearest(depth: ColorDepth, color: Color, expected: Int32) {
    #expect(Palette(depth: depth).resolve(Style(background: color)).background == expected)
  }

  @Test("with eight colours bright text is bold, and text never has the colour of its background")
  func eight() {
    let palette = Palette(depth: .eight)
    #expect(
      palette.resolve(Style(foreground: .brightYellow)) == .init(foreground: 3, background: -1, attributes: .bold))
    #expect(palette.resolve(Style(foreground: .brightBlack, background: .black)).foreground == 7)
    let shades = palette.resolve(Style(foreground: .rgb(0, 0, 60), background: .rgb(0, 0, 20)))
    #expect(shades.foreground != shades.background)
    #expect(palette.resolve(Style(foreground: .red, background: .red)).foreground == 1)
  }

  @Test(
    "colours are written as they are configured",
    arguments: [
      (Color.default, "default"), (.indexed(12), "12"), (.rgb(255, 136, 1), "#ff8801"), (.rgb(0, 0, 1), "#000001"),
    ])
  func description(color: Color, text: String) {
    #expect(color.description == text)
  }

  @Test("a style lies over another")
  func over() {
    let base = Style(foreground: .white, background: .blue, attributes: .bold)
    #expect(Style(foreground: .red).over(base) == Style(foreground: .red, background: .blue, attributes: .bold))
    #expect(Style(background: .red, attributes: .underline).over(base).attributes == [.bold, .underline])
  }
}
