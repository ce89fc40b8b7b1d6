import SystemPackage
import Terminal
import Testing

@testable import ferry

struct ThemeTests {
  private func source(_ looks: [String: ThemeSource.Look]) -> ThemeSource {
    ThemeSource(name: "test", box: .single, palette: ["rose": "#ff0080"], looks: looks)
  }

  @Test("a part without a look of its own has that of the part around it, field by field")
  func fallback() {
    let theme = Theme(
      source([
        "screen": .init("default", on: "0"), "pane": .init("7", on: "4"), "pane.row": .init("rose"),
        "pane.row.marked": .init(nil, on: nil, .bold),
      ]))
    #expect(theme[.paneRowMarked] == Style(foreground: .rgb(255, 0, 128), background: .indexed(4), attributes: .bold))
    #expect(theme[.paneRow] == Style(foreground: .rgb(255, 0, 128), background: .indexed(4)))
    #expect(theme[.paneHead] == Style(foreground: .indexed(7), background: .indexed(4)))
    #expect(theme[.drawerTab] == Style(background: .indexed(0)))
  }

  @Test("what has no meaning in a theme is told and harms nothing")
  func warnings() throws {
    let text = """
      name = "odd"
      box = "round"
      colour = 1
      [palette]
      ink = "#12345"
      [looks]
      "pane.rwo" = { fg = "ink" }
      "pane" = { fg = "nowhere", style = ["blod"], size = 3 }
      "keys" = { fg = "#010203", style = ["bold", "underline"] }
      """
    let (source, warnings) = try ThemeFile.parse(text, name: "odd")
    let all = warnings + source.problems
    for word in ["round", "colour", "#12345", "pane.rwo", "nowhere", "style", "size"] {
      #expect(all.contains { $0.contains(word) }, "nothing is said about \(word)")
    }
    #expect(Theme(source)[.keys] == Style(foreground: .rgb(1, 2, 3), attributes: [.bold, .underline]))
  }

  @Test("the file of a built-in theme says what the program has in it", arguments: ThemeCatalog.builtIn)
  func files(_ theme: ThemeSource) throws {
    let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
    let path = folder.appending("Themes/\(theme.name).toml")
    let text = try #require(TextFile.read(path.string), "\(path) is missing")
    #expect(text == theme.toml, "make it again with the text of ThemeSource.toml")
    let (parsed, warnings) = try ThemeFile.parse(text, name: theme.name)
    #expect(parsed == theme)
    #expect(warnings + parsed.problems == [])
  }

  @Test("a person's own theme comes before a built-in one of the same name")
  func ownFirst() {
    let found = ThemeCatalog.theme(named: "day", folders: ["/none", "/mine"]) { path in
      path == "/mine/day.toml" ? "[looks]\nscreen = { fg = \"1\" }" : nil
    }
    #expect(found.theme[.screen].foreground == .indexed(1))
    #expect(found.warnings == [])
  }

  @Test("an unknown theme is said and the default used", arguments: ["dawn", "../night", ""])
  func unknown(_ name: String) {
    let found = ThemeCatalog.theme(named: name)
    #expect(found.theme == Theme(.night))
    #expect(found.warnings.count == 1)
  }

  @Test("a theme that is no TOML is said, and the built-in one used")
  func broken() {
    let found = ThemeCatalog.theme(named: "day", folders: ["/mine"]) { _ in "looks = [" }
    #expect(found.theme == Theme(.day))
    #expect(found.warnings.count == 1)
  }
}
