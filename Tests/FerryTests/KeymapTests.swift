import Terminal
import Testing
import Transfers

@testable import ferry

struct KeymapTests {
  @Test(
    "the keys of Midnight Commander and those of vi do the same",
    arguments: [
      ("F3", "v"), ("F5", "c"), ("F6", "m"), ("F7", "n"), ("F8", "d"), ("F10", "q"), ("Down", "j"), ("Up", "k"),
      ("Enter", "l"), ("Backspace", "h"), ("Home", "g"), ("End", "G"), ("Ins", "Space"), ("C-s", "/"), ("F1", "?"),
    ])
  func pairs(_ one: String, _ other: String) throws {
    let action = Keymap.standard.action(for: try #require(Key(one)), in: .panes)
    #expect(action != nil)
    #expect(action == Keymap.standard.action(for: try #require(Key(other)), in: .panes))
  }

  @Test("every action has a key or a place in the menu", arguments: Action.allCases)
  func reachable(_ action: Action) {
    let hasKey = Keymap.Context.allCases.contains { !Keymap.standard.keys(for: action, in: $0).isEmpty }
    #expect(hasKey || MenuOverlay.menus.contains { $0.items.contains(action) })
  }

  @Test("every action is in the help, under words that find it", arguments: Action.allCases)
  func help(_ action: Action) {
    var help = HelpOverlay(.standard, context: .panes)
    help.filter.insert(action.title)
    #expect(help.rows.contains { $0.action == action })
  }

  @Test("the help runs what is chosen, like a palette")
  func palette() {
    var screen = Screen.filled()
    screen.press("F1")
    screen.type("new fold")
    screen.press("Enter")
    #expect(screen.shows("New folder"))
  }

  @Test("the menu runs what is chosen")
  func menu() {
    var screen = Screen.filled()
    screen.press("F9 Right Down Enter")
    #expect(screen.shows("Go to a folder"))
  }

  @Test("in the drawer its own keys come first, and those of the program still work")
  func drawer() {
    let keymap = Keymap.standard
    #expect(keymap.action(for: .character("c"), in: .queue) == .clear)
    #expect(keymap.action(for: .character("c"), in: .panes) == .copy)
    #expect(keymap.action(for: Key(.function(10)), in: .queue) == .quit)
    #expect(keymap.action(for: Key(.function(5)), in: .queue) == nil)
  }

  @Test("a person's keys replace the standard ones; what means nothing is told")
  func file() {
    let (keymap, warnings) = KeymapFile.keymap(
      """
      [panes]
      "F5" = "move"
      "q" = "none"
      "Hyper-x" = "copy"
      "y" = "coppy"
      [pane]
      """)
    #expect(keymap.action(for: Key(.function(5)), in: .panes) == .move)
    #expect(keymap.action(for: .character("q"), in: .panes) == nil)
    #expect(warnings.count == 3)
    #expect(KeymapFile.keymap("panes = [").warnings.count == 1)
  }

  @Test("settings are read, and what means nothing is told")
  func settings() {
    let (settings, warnings) = Settings.read("theme = \"day\"\njobs = 5\nhidden = true\ncolour = 1")
    #expect(settings == Settings(theme: "day", jobs: 5, showsHidden: true))
    #expect(warnings.count == 1)
    #expect(Settings.read("jobs = 99").warnings.count == 1)
    #expect(Settings.read("permissions = \"keep\"").settings.keepsPermissions)
    #expect(Settings.read("permissions = \"default\"") == (Settings(), []))
    #expect(Settings.read("permissions = true").warnings == ["config.toml: permissions is \"keep\" or \"default\"."])
    #expect(Settings.read("jobs =").warnings.count == 1)
  }

  @Test("settings of the queue: conflicts, limits by the time of day, what happens at its end")
  func queueSettings() {
    let (settings, warnings) = Settings.read(
      """
      conflict = "newer"
      limit = "4M"
      [[limits]]
      from = "8:00"
      to = "18:00"
      days = "mon-fri"
      limit = "500K"
      [[limits]]
      from = "23:00"
      to = "6:00"
      limit = "none"
      [done]
      notify = false
      command = "true"
      """)
    #expect(warnings == [])
    #expect(settings.conflict == .newer)
    #expect(settings.whenDone == WhenDone(notifies: false, command: "true"))
    let speed = settings.speed
    #expect(speed.rate(weekday: 1, minute: 9 * 60) == 512_000)
    #expect(speed.rate(weekday: 0, minute: 9 * 60) == 4_194_304)
    #expect(speed.rate(weekday: 0, minute: 23 * 60 + 30) == nil)
    #expect(speed.rate(weekday: 3, minute: 5 * 60) == nil)
    #expect(speed.rate(weekday: 3, minute: 6 * 60) == 4_194_304)
    for wrong in ["conflict = \"never\"", "limit = 5", "done = 1", "[[limits]]\nfrom = \"25:00\""] {
      #expect(Settings.read(wrong).warnings.count == 1, "\(wrong)")
    }
  }
}
