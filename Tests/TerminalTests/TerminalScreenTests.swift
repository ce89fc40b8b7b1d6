import Glibc
import Testing

@testable import Terminal

/// One after another: ncurses and signal handlers are the whole process's.
@Suite(.serialized)
struct TerminalScreenTests {
  private let terminal = PseudoTerminal(columns: 40, rows: 6)

  private func screen(_ variables: [String: String] = [:]) throws -> TerminalScreen {
    let environment = ["TERM": "xterm-256color"].merging(variables) { $1 }
    return try TerminalScreen(
      input: terminal.program, output: terminal.program, environment: Environment(environment), options: .init())
  }

  private func canvas(_ screen: TerminalScreen, _ text: String, style: Style = .plain) -> Canvas {
    var canvas = Canvas(size: screen.size)
    canvas.put(text, at: .origin, style: style)
    return canvas
  }

  @Test("the terminal is taken over and given back as it was")
  func lifeCycle() throws {
    let before = terminal.modes
    let screen = try screen()
    #expect(screen.size == Size(columns: 40, rows: 6))
    #expect(terminal.modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0)
    screen.draw(canvas(screen, "hello"))
    let shown = terminal.output()
    for sequence in ["[?1049h", "[?1002h", "[?1006h", "[?2004h", "hello", "[?2026h", "[?2026l"] {
      #expect(shown.contains(sequence), "\(sequence)")
    }
    screen.close()
    screen.close()
    let left = terminal.output()
    for sequence in ["[?1049l", "[?1002l", "[?1006l", "[?2004l", "[?1004l", "[?25h"] {
      #expect(left.components(sequence) == 1, "\(sequence)")
    }
    #expect(terminal.modes.c_lflag == before.c_lflag && terminal.modes.c_iflag == before.c_iflag)
    #expect(terminal.modes.c_oflag == before.c_oflag)
  }

  @Test("only what changed is sent")
  func difference() throws {
    let screen = try screen()
    defer { screen.close() }
    screen.draw(canvas(screen, "something one two three"))
    _ = terminal.output()
    screen.draw(canvas(screen, "something one two three"))
    #expect(terminal.output() == "")
    screen.draw(canvas(screen, "something one TWO three"))
    let change = terminal.output()
    #expect(change.contains("TWO") && !change.contains("one") && !change.contains("three"))
    screen.redraw()
    screen.draw(canvas(screen, "something one TWO three"))
    #expect(terminal.output().contains("something one TWO three"))
  }

  @Test(
    "nothing is scrolled by several lines at once", arguments: [[:], ["COLORTERM": "truecolor"], ["TERM": "xterm"]])
  func scrolling(variables: [String: String]) throws {
    let screen = try screen(variables)
    defer { screen.close() }
    func draw(from first: UInt8) {
      var canvas = Canvas(size: screen.size)
      for row in 0..<6 {
        let letter = String(decoding: Array(repeating: first + UInt8(row), count: 38), as: UTF8.self)
        canvas.put(letter, at: Point(x: 0, y: row))
      }
      screen.draw(canvas)
    }
    draw(from: UInt8(ascii: "a"))
    draw(from: UInt8(ascii: "c"))
    draw(from: UInt8(ascii: "a"))
    let sent = terminal.output()
    #expect(sent.contains("\u{1B}[1;6r"), "ncurses scrolls")
    #expect(!sent.contains(try Regex("\u{1B}\\[[0-9]*[ST]")))
  }

  @Test(
    "colours are sent as the terminal takes them",
    arguments: [
      (["COLORTERM": "truecolor"], "38;2;255;136;17m", ColorDepth.rgb), ([:], "38;5;208m", .indexed),
      (["TERM": "xterm"], "[33", .eight),
      (["NO_COLOR": "1"], "0;1m", .none), (["TERM": "vt100"], "0;1m", .none),
    ] as [([String: String], String, ColorDepth)])
  func colors(variables: [String: String], expected: String, depth: ColorDepth) throws {
    let screen = try screen(variables)
    defer { screen.close() }
    #expect(screen.colors == depth)
    screen.draw(
      canvas(screen, "x", style: Style(foreground: .rgb(255, 136, 17), attributes: depth == .none ? .bold : [])))
    #expect(terminal.output().contains(expected))
  }

  @Test("after a character of doubtful width the cursor is put right", arguments: ["🦀", "e\u{301}", "ก", "\u{E0B0}"])
  func doubtfulWidth(text: String) throws {
    let screen = try screen()
    defer { screen.close() }
    var canvas = canvas(screen, text + "|")
    canvas.put("end", at: Point(x: 10, y: 0))
    screen.draw(canvas)
    let shown = terminal.output()
    let rest = try #require(shown.ranges(of: text).last.map { shown[$0.upperBound...] })
    #expect(rest.hasPrefix("\u{1B}[H") || rest.hasPrefix("\r\u{1B}[1;1H") || rest.contains("\u{1B}[1;1H"), "\(rest)")
    let bar = try #require(rest.firstIndex(of: "|"))
    #expect(rest[..<bar].contains("1H"))
  }

  @Test("typing arrives as events, and a lone Escape soon")
  func typing() throws {
    let screen = try screen()
    defer { screen.close() }
    terminal.type("a\u{1B}[A\u{1B}[<0;5;3M")
    #expect(
      screen.nextEvents(within: .seconds(5)) == [
        .key(.character("a")), .key(Key(.up)), .mouse(MouseEvent(.press, .left, at: Point(x: 4, y: 2))),
      ])
    terminal.type("\u{1B}")
    #expect(screen.nextEvents(within: .seconds(5)) == [.key(Key(.escape))])
    #expect(screen.nextEvents(until: .now) == [])
  }

  @Test("signals, a new size and other threads are events")
  func outside() throws {
    let screen = try screen()
    defer { screen.close() }
    terminal.resize(columns: 50, rows: 9)
    kill(getpid(), SIGWINCH)
    #expect(screen.nextEvents(within: .seconds(5)) == [.resize(Size(columns: 50, rows: 9))])
    #expect(screen.size == Size(columns: 50, rows: 9))
    for (signal, event) in [(SIGTERM, Event.Signal.terminate), (SIGINT, .interrupt), (SIGHUP, .hangup)] {
      kill(getpid(), signal)
      #expect(screen.nextEvents(within: .seconds(5)) == [.terminated(event)])
    }
    let waker = screen.waker
    Task.detached { for _ in 0..<100 { waker.wake() } }
    #expect(screen.nextEvents(within: .seconds(5)).first == .wake)
  }

  @Test("another program gets the terminal as it was, and all is drawn anew afterwards")
  func suspended() throws {
    let before = terminal.modes
    let screen = try screen()
    defer { screen.close() }
    screen.draw(canvas(screen, "hello"))
    _ = terminal.output()
    let lflag = screen.suspended { terminal.modes.c_lflag }
    #expect(lflag == before.c_lflag)
    #expect(terminal.output().contains("[?1049l"))
    #expect(terminal.modes.c_lflag & tcflag_t(ICANON) == 0)
    screen.draw(canvas(screen, "hello"))
    let again = terminal.output()
    #expect(again.contains("[?1049h") && again.contains("[?1002h") || again.contains("hello"))
  }

  @Test("hostile names send no byte that steers")
  func hostileNames() throws {
    let screen = try screen()
    defer { screen.close() }
    screen.draw(Canvas(size: screen.size))
    _ = terminal.output()
    for payload in DisplayTextTests.payloads {
      var canvas = Canvas(size: screen.size)
      canvas.put(bytes: payload, at: .origin)
      screen.draw(canvas)
      let sent = terminal.output()
      #expect(!sent.unicodeScalars.contains { $0.value == 7 || (0x7f...0x9f).contains($0.value) || $0.value == 0x202e })
      #expect(
        !sent.contains("\u{1B}]") && !sent.contains("\u{1B}P") && !sent.contains("\u{1B}[?1049")
          && !sent.contains("\u{1B}[2J"))
    }
  }

  @Test("the end of the terminal is an event, once")
  func hangup() throws {
    let other = PseudoTerminal(columns: 20, rows: 5)
    let screen = try TerminalScreen(
      input: other.program, output: other.program, environment: Environment(["TERM": "xterm"]), options: .init())
    other.hangUp()
    #expect(screen.nextEvents(within: .seconds(5)) == [.terminated(.hangup)])
    #expect(screen.nextEvents(until: .now) == [])
    screen.close()
  }

  @Test(
    "a terminal that will not do is refused with the reason",
    arguments: [
      (["TERM": "dumb"], TerminalError.incapable("dumb")),
      (["TERM": "no-such-thing"], .unknownTerminal("no-such-thing")),
      (["TERM": ""], .noTerm),
    ])
  func refused(variables: [String: String], error: TerminalError) throws {
    #expect(throws: error) { try screen(variables) }
    #expect(terminal.output() == "")
  }

  @Test("a pipe is no terminal")
  func pipes() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(throws: TerminalError.notATerminal(stream: "standard input")) {
      try TerminalScreen(input: ends[0], output: terminal.program, environment: Environment([:]), options: .init())
    }
    #expect(throws: TerminalError.notATerminal(stream: "standard output")) {
      try TerminalScreen(input: terminal.program, output: ends[1], environment: Environment([:]), options: .init())
    }
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
