package import Glibc
package import SystemPackage

/// A real program in a real pseudo-terminal, that of a tmux server which belongs to this value alone.
///
/// Nothing here sleeps for a time: `wait` looks at the screen until a state is there. The screen stays readable after the
/// program's end. `close()` ends the program and tmux; so does the end of the test process.
package final class TerminalDriver: Sendable {
  private let folder: TemporaryFolder
  private let rites: LastRites.Ticket
  /// That of tmux, which takes the program with it.
  private let server: pid_t
  private var socket: String { folder.appending("tmux").string }

  /// Starts a program in a terminal of `columns` by `rows`, and returns at once.
  ///
  /// - Parameters:
  ///   - environment: the whole environment, but for `TERM`, which is `tmux-256color` unless it is given, and what
  ///     `Program.plainEnvironment` has.
  package init(
    _ command: [String], environment: [String: String] = [:], columns: Int = 100, rows: Int = 30,
    in start: FilePath = "/"
  ) async throws {
    folder = try TemporaryFolder("tmux")
    let socket = folder.appending("tmux").string
    rites = LastRites.shared.register("tmux -S \(shellQuoted(socket)) kill-server 2>/dev/null")
    let settings = """
      set -g default-terminal tmux-256color
      set -g status off
      set -g remain-on-exit on
      set -g remain-on-exit-format ''
      set -s escape-time 0
      set -g history-limit 1000
      set -g mouse off
      set -s set-clipboard on
      set -g default-size \(columns)x\(rows)
      """
    let configuration = try folder.write(settings, to: "tmux.conf")
    let variables = Program.plainEnvironment.merging(["TERM": "tmux-256color"]) { $1 }.merging(environment) { $1 }
    // Nothing of tmux's own environment reaches the program.
    let words = ["env", "-i"] + variables.map { "\($0.key)=\($0.value)" }.sorted() + command
    let size = ["-x", "\(columns)", "-y", "\(rows)"]
    let started = try await Program(
      "tmux",
      ["-S", socket, "-f", configuration.string, "new-session", "-d", "-P", "-F", "#{pid}"] + size
        + ["-c", start.string, "--"] + words
    ).runSuccessfully().outputText
    server = pid_t(started.filter { $0 != "\n" }) ?? 0
  }

  /// A test that has failed does not come to its `close()`.
  deinit { if server > 0, FileTree.exists(folder.path) { Glibc.kill(server, SIGTERM) } }

  /// Ends the program, if it still runs, and the terminal.
  package func close() async {
    _ = try? await tmux(["kill-server"])
    rites.cancel()
    folder.remove()
  }

  // MARK: Output

  /// What is on the screen now.
  package func screen() async throws -> Screen {
    Screen(text: try await tmux(["capture-pane", "-p"]))
  }

  /// What is on the screen now, with the escape sequences of its colours and attributes.
  package func styledScreen() async throws -> String {
    try await tmux(["capture-pane", "-p", "-e"])
  }

  /// Waits until the screen shows a text.
  ///
  /// - Throws: `TestFailure` with the screen where it does not within `timeout`.
  @discardableResult
  package func wait(for text: String, timeout: Duration = .seconds(10)) async throws -> Screen {
    try await wait(for: "\"\(text)\"", timeout: timeout) { $0.contains(text) }
  }

  /// Waits until the screen no longer shows a text.
  @discardableResult
  package func wait(untilGone text: String, timeout: Duration = .seconds(10)) async throws -> Screen {
    try await wait(for: "\"\(text)\" to go", timeout: timeout) { !$0.contains(text) }
  }

  /// Waits until the screen is as a condition says; `what` describes it.
  @discardableResult
  package func wait(
    for what: String, timeout: Duration = .seconds(10), _ condition: (Screen) throws -> Bool
  ) async throws -> Screen {
    var screen = Screen(text: "")
    let seen = try await eventually(within: timeout, every: .milliseconds(20)) {
      screen = try await self.screen()
      return try condition(screen)
    }
    guard seen else {
      throw TestFailure("waited \(timeout) for \(what); the program \(try await state()); the screen:\n\(screen)")
    }
    // The terminal may have shown a part of a frame.
    for _ in 0..<5 {
      let next = try await self.screen()
      if next.lines == screen.lines { break }
      if try condition(next) { screen = next }
    }
    return screen
  }

  /// The modes that a program sets and must set back.
  package func modes() async throws -> TerminalModes {
    let names = ["alternate_on", "cursor_flag", "mouse_any_flag", "mouse_button_flag", "mouse_standard_flag"]
    let flags = try await ask(names).map { $0 == "1" }
    return TerminalModes(
      alternateScreen: flags[0], cursorVisible: flags[1], mouse: flags[2] || flags[3] || flags[4])
  }

  /// What the program has put into the clipboard last (OSC 52), which is the terminal's own.
  package func clipboard() async throws -> String { try await tmux(["show-buffer"]) }

  /// The cell of the cursor.
  package func cursor() async throws -> Screen.Cell {
    let numbers = try await ask(["cursor_x", "cursor_y"]).compactMap { Int($0) }
    return Screen.Cell(column: numbers[0], row: numbers[1])
  }

  // MARK: The program

  /// The pid of the program.
  package func pid() async throws -> pid_t { pid_t(try await ask(["pane_pid"])[0]) ?? 0 }

  /// Sends a signal to the program alone.
  package func kill(_ signal: Int32 = SIGKILL) async throws { Glibc.kill(try await pid(), signal) }

  /// How the program ended; nil while it runs.
  package func status() async throws -> ProgramResult.Status? {
    let facts = try await ask(["pane_dead", "pane_dead_status", "pane_dead_signal", "pid"])
    guard facts[0] == "1" else { return nil }
    if let code = Int32(facts[1]) { return .exited(code) }
    // The terminal is closed, and tmux has not heard of the program's end yet. tmux 3.3a sometimes misses the signal
    // that tells it, and looks again when it gets another one.
    if facts[2].isEmpty {
      if let server = pid_t(facts[3]) { Glibc.kill(server, SIGCHLD) }
      return nil
    }
    // tmux knows the signal by its number or name, by version.
    return .killed(signal: Int32(facts[2]) ?? -1)
  }

  /// Waits for the program's end.
  @discardableResult
  package func waitForExit(timeout: Duration = .seconds(10)) async throws -> ProgramResult.Status {
    var status: ProgramResult.Status?
    guard
      try await eventually(
        within: timeout, every: .milliseconds(20),
        {
          status = try await self.status()
          return status != nil
        })
    else { throw TestFailure("the program did not end within \(timeout); the screen:\n\(try await screen())") }
    return status!
  }

  private func state() async throws -> String {
    if let status = try await status() { "has ended, \(status)" } else { "runs" }
  }

  private func ask(_ variables: [String]) async throws -> [String] {
    let format = variables.map { "#{\($0)}" }.joined(separator: "|")
    return try await tmux(["display-message", "-p", format]).filter { $0 != "\n" }
      .split(separator: "|", omittingEmptySubsequences: false).map(String.init)
  }

  /// Runs one command of tmux, and returns its output.
  @discardableResult
  func tmux(_ arguments: [String]) async throws -> String {
    try await Program("tmux", ["-S", socket] + arguments).runSuccessfully(timeout: .seconds(20)).outputText
  }
}

/// The modes of a terminal that tests ask for.
package struct TerminalModes: Sendable, Equatable {
  package var alternateScreen: Bool
  package var cursorVisible: Bool
  package var mouse: Bool

  package init(alternateScreen: Bool, cursorVisible: Bool, mouse: Bool) {
    self.alternateScreen = alternateScreen
    self.cursorVisible = cursorVisible
    self.mouse = mouse
  }

  /// As a shell expects them.
  package static let plain = TerminalModes(alternateScreen: false, cursorVisible: true, mouse: false)
}
