import Glibc
import SystemPackage
import TestSupport
import Testing

/// Proves the driver with a shell and Midnight Commander, before anything of Ferry's runs in it.
@Suite struct `The terminal driver` {
  @Test func `types, presses keys, and sees what a program writes and how it ends`() async throws {
    let terminal = try await TerminalDriver(["sh", "-c", "read line; echo \"got <$line>\"; exit 7"])
    try await terminal.type("Grüße; $HOME")
    try await terminal.press("Enter")
    try await terminal.wait(for: "got <Grüße; $HOME>")
    #expect(try await terminal.waitForExit() == .exited(7))
    #expect(try await terminal.screen().contains("got <"))
    await terminal.close()
  }

  @Test func `sends the mouse's bytes as a terminal does`() async throws {
    let terminal = try await TerminalDriver(["sh", "-c", "stty raw -echo; echo ready; head -c 42 | od -An -c -w64"])
    try await terminal.wait(for: "ready")
    try await terminal.click(Screen.Cell(column: 4, row: 2))
    try await terminal.mouse(.drag(.left), at: Screen.Cell(column: 9, row: 0))
    try await terminal.mouse(.wheelDown, at: Screen.Cell(column: 119, row: 11))
    try await terminal.waitForExit()
    let screen = try await terminal.screen()
    let text = screen.lines.joined().replacing("033", with: "\u{1b}").filter { $0 != " " }
    #expect(text.contains("\u{1b}[<0;5;3M\u{1b}[<0;5;3m\u{1b}[<32;10;1M\u{1b}[<65;120;12M"))
    await terminal.close()
  }

  @Test func `has the size that is asked for, and the one after a change`() async throws {
    let script = "trap 'stty size' WINCH; stty size; while :; do read x; done"
    let terminal = try await TerminalDriver(["sh", "-c", script], columns: 60, rows: 16)
    try await terminal.wait(for: "16 60")
    try await terminal.resize(columns: 120, rows: 40)
    try await terminal.wait(for: "40 120")
    try await terminal.kill()
    #expect(try await terminal.waitForExit() == .killed(signal: SIGKILL))
    await terminal.close()
  }

  @Test func `finds cells behind wide characters and sees a program's modes`() async throws {
    let script =
      "printf '\\033[?1049h\\033[?1002h\\033[?25l日本 here'; read x; printf '\\033[?1049l\\033[?1002l\\033[?25h'; read x"
    let terminal = try await TerminalDriver(["sh", "-c", script])
    let screen = try await terminal.wait(for: "here")
    #expect(try screen.cell(of: "here") == Screen.Cell(column: 5, row: 0))
    #expect(try await terminal.modes() == TerminalModes(alternateScreen: true, cursorVisible: false, mouse: true))
    try await terminal.press("Enter")
    #expect(try await eventually { try await terminal.modes() == .plain })
    await terminal.close()
  }

  @Test func `drives Midnight Commander`() async throws {
    let home = try TemporaryFolder()
    try home.write("x", to: "start/first file")
    let terminal = try await TerminalDriver(
      ["mc", "--nosubshell"], environment: ["HOME": home.path.string], in: home.appending("start"))
    try await terminal.wait(for: "first file")
    try await terminal.press("F10")
    try await terminal.waitForExit()
    await terminal.close()
  }
}
