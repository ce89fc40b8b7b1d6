import FTP
import Glibc
import SystemPackage
import Terminal
import Transfers

/// The terminal program from start to end.
enum Program {
  /// What is decided before the screen is taken.
  struct Options: Sendable {
    var theme: String?
    var themeFolders: [String] = []
    var keymap = Keymap.standard
    /// Whether the panes begin with hidden files.
    var showsHidden = false
    var whenDone = WhenDone()
    var usualPolicy = ConflictPolicy.ask
    var usuallyVerifies = false
    var usuallyKeepsPermissions = false
    var speedChoice = SpeedChoice.schedule
    var speedSchedule = SpeedSchedule()
    /// What was wrong with the settings; the first is shown at the start.
    var warnings: [String] = []
  }

  /// Where a pane starts.
  enum Start: Sendable {
    case place(Place)
    case connect(ConnectRequest)
  }

  /// Takes the terminal, runs until the person quits, gives the terminal back. Called on the main thread, which it keeps.
  ///
  /// - Parameter began: called once the panes have begun to read their folders: for work that can wait for them.
  /// - Throws: `TerminalError` where there is no terminal.
  static func run(
    left: Start, right: Start, services: AppServices, inbox: Inbox, options: Options = Options(), began: () -> Void = {}
  ) throws {
    // First of all: it may change the environment, which other threads read.
    let screen = try TerminalScreen()
    defer { screen.close() }
    let runner = EffectRunner(services: services, inbox: inbox)
    let home = getenv("HOME").map { FilePath(String(cString: $0)) }
    var state = AppState(size: screen.size, left: left.place(home), right: right.place(home), keymap: options.keymap)
    state.home = home
    state.date = Int64(time(nil))
    state.whenDone = options.whenDone
    state.usualPolicy = options.usualPolicy
    state.usuallyVerifies = options.usuallyVerifies
    state.usuallyKeepsPermissions = options.usuallyKeepsPermissions
    state.speedChoice = options.speedChoice
    state.speedSchedule = options.speedSchedule
    if options.showsHidden { for side in Side.allCases { state[side].setShowsHidden(true) } }
    let effects = state.begin(left, .left) + state.begin(right, .right)
    runner.visit(state.visited)
    for effect in effects { runner.run(effect) }
    state.active = .left
    began()
    let theme = chosenTheme(options, screen.colors, warnings: &state)
    var loop = AppLoop(state: state, theme: theme, screen: screen, inbox: inbox, runner: runner)
    loop.run()
  }

  private static func chosenTheme(_ options: Options, _ colors: ColorDepth, warnings state: inout AppState) -> Theme {
    var warnings = options.warnings
    defer { if let first = warnings.first { state.say(first, isError: true) } }
    if colors == .none { return Theme(.mono) }
    guard let name = options.theme else { return Theme(colors <= .sixteen ? .plain : .night) }
    let found = ThemeCatalog.theme(named: name, folders: options.themeFolders, read: TextFile.read)
    warnings += found.warnings
    return found.theme
  }
}

extension Program.Start {
  /// What the pane stands for until there is more to show.
  fileprivate func place(_ home: FilePath?) -> Place {
    switch self {
    case .place(let place): place
    case .connect: .local(home ?? "/")
    }
  }
}

extension AppState {
  /// The first thing a pane does.
  mutating func begin(_ start: Program.Start, _ side: Side) -> [Effect] {
    switch start {
    case .place(let place): list(side, place)
    case .connect(let request): connect(side, request)
    }
  }
}
