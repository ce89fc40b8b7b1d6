internal import CNcurses
internal import Glibc

/// The terminal this process runs in: shows canvases, tells events. Takes the terminal over when made, and gives it
/// back as it was when closed, and also when the process exits, is killed by a signal it can catch, or crashes.
///
/// Belongs to the thread that made it, which is checked (only its `waker` is for all). One at a time.
///
/// What is written to standard error meanwhile would spoil the picture; where that is the same terminal, it is held
/// back until the screen is closed.
package final class TerminalScreen {
  /// What to ask of the terminal.
  package struct Options: Hashable, Sendable {
    /// Have the mouse reported; the terminal's own selection then needs Shift.
    package var mouse = true
    /// Use no more colours than this.
    package var maximumColors = ColorDepth.rgb

    /// The defaults: mouse on, all colours.
    package init() {}
  }

  /// The size of the terminal in cells.
  package internal(set) var size = Size.zero
  /// How many colours the terminal shows; canvases may use any.
  package let colors: ColorDepth
  /// Makes `nextEvents` return; may be kept and used by any thread.
  package let waker: Waker

  let options: Options
  let input: Int32
  let output: TerminalOutput
  let signals: Int32
  var decoder: InputDecoder
  var encoder: CellEncoder
  /// What the terminal shows; nil where that is not known.
  var shown: Canvas?
  var shownCursor: Cursor?
  /// True while the terminal is ours.
  var isActive = false
  var isClosed = false
  var isMouseOn: Bool
  var isInputGone = false
  /// Events that arose elsewhere than in `nextEvents`.
  var queued: [Event] = []
  var title: String?
  /// When the bytes came that the decoder cannot tell the meaning of yet.
  var waitingSince: ContinuousClock.Instant?
  private let owner = pthread_self()
  private let handle: OpaquePointer

  struct Cursor: Hashable {
    var point: Point
    var isVisible: Bool
  }

  /// Takes the terminal over.
  ///
  /// Throws where standard input or output is no terminal, or its type is unknown or unable.
  package convenience init(options: Options = Options()) throws(TerminalError) {
    try self.init(input: STDIN_FILENO, output: STDOUT_FILENO, environment: .process, options: options)
  }

  init(input: Int32, output: Int32, environment: Environment, options: Options) throws(TerminalError) {
    guard isatty(input) == 1 else { throw .notATerminal(stream: "standard input") }
    guard isatty(output) == 1 else { throw .notATerminal(stream: "standard output") }
    guard let term = environment["TERM"], !term.isEmpty else { throw .noTerm }
    switch terminfo_judge(term, output) {
    case TERMINFO_UNKNOWN: throw .unknownTerminal(term)
    case TERMINFO_INCAPABLE: throw .incapable(term)
    default: break
    }
    self.input = input
    self.output = TerminalOutput(descriptor: output)
    self.options = options
    isMouseOn = options.mouse
    waker = try Waker()
    decoder = InputDecoder(term: term)
    signals = wake_open()
    if signals < 0 { throw .refused(what: "eventfd", errno: errno) }
    guard terminal_save(output) else {
      let reason = errno
      Glibc.close(signals)
      throw .refused(what: "tcgetattr", errno: reason)
    }

    let isUnicode = screen_locale() == 0
    // Before ncurses starts: it installs handlers of its own where it finds none.
    signals_catch(signals)
    guard let (handle, colors) = Self.start(term, input, output, environment, options) else {
      signals_release()
      Glibc.close(signals)
      throw .refused(what: "newterm", errno: errno)
    }
    self.handle = handle
    self.colors = colors
    encoder = CellEncoder(
      palette: Palette(depth: colors), isUnicode: isUnicode, hasSmallFont: term.hasPrefix("linux"))
    enter()
    adoptSize()
  }

  deinit { close() }

  /// Gives the terminal back. Closing twice does nothing.
  package func close() {
    if isClosed { return }
    isClosed = true
    leave()
    screen_end(handle)
    signals_release()
    Glibc.close(signals)
  }

  /// Gives the terminal to something else, such as an editor, and takes it again when that is done. The screen is blank
  /// afterwards: draw. Interrupts from the keyboard are meant for the other program and are not told.
  package func suspended<Result>(_ body: () throws -> Result) rethrows -> Result {
    checkThread()
    leave()
    signals_lend(true)
    defer {
      signals_lend(false)
      enter()
      if adoptSize() { queued.append(.resize(size)) }
    }
    return try body()
  }

  /// Stops the process as Control-Z does in other programs, and returns when it goes on; then draw.
  package func stop() {
    checkThread()
    leave()
    process_stop()
    enter()
    if adoptSize() { queued.append(.resize(size)) }
    queued.append(.resumed)
  }

  /// Takes the terminal again, which is ours, but was meddled with.
  func reenter() {
    guard isActive else { return }
    isActive = false
    enter()
    if adoptSize() { queued.append(.resize(size)) }
    queued.append(.resumed)
  }

  /// Turns mouse reports on or off; without them the terminal's own selection works as usual.
  package func reportMouse(_ isOn: Bool) {
    checkThread()
    isMouseOn = isOn
    if isActive { output.write(isOn ? TerminalOutput.mouseOn : TerminalOutput.mouseOff) }
  }

  func checkThread() {
    precondition(pthread_self() == owner, "a TerminalScreen belongs to the thread that made it")
    precondition(!isClosed, "this TerminalScreen is closed")
  }

  // MARK: - Taking and giving back

  private static func start(
    _ term: String, _ input: Int32, _ output: Int32, _ environment: Environment, _ options: Options
  ) -> (OpaquePointer, ColorDepth)? {
    let limit = options.maximumColors
    let entry = TerminfoDatabase.entry(for: term, environment: environment)?.withSingleScrolls()
    if limit == .rgb, let entry,
      ColorDepth.wanted(term: term, colors: entry.colors, claimsRGB: entry.claimsRGB, environment: environment) == .rgb,
      let handle = screen_start_with_entry(term, entry.withDirectColor().inBase64, input, output)
    {
      return (handle, .rgb)
    }
    let plain = entry.flatMap { screen_start_with_entry(term, $0.inBase64, input, output) }
    guard let handle = plain ?? screen_start(term, input, output) else { return nil }
    let colors = Int(screen_colors())
    let wanted = ColorDepth.wanted(term: term, colors: colors, environment: environment)
    return (handle, min(limit, wanted, ColorDepth.of(colors: colors)))
  }

  private func enter() {
    guard !isActive else { return }
    isActive = true
    arm()
    reset_prog_mode()
    terminal_hold_errors()
    output.write(isMouseOn ? TerminalOutput.modesOn : TerminalOutput.modesOn + TerminalOutput.mouseOff)
    if title != nil { pushTitle() }
    redraw()
  }

  private func leave() {
    guard isActive else { return }
    isActive = false
    if title != nil { output.write(Self.popTitle) }
    output.write(TerminalOutput.modesOff)
    curs_set(1)
    endwin()
    shown = nil
    shownCursor = nil
    terminal_release()
  }

  /// Tells the handlers of signals and of the process's end what to write.
  func arm() {
    func capability(_ name: String) -> String { terminfo_string(name).map { String(cString: $0) } ?? "" }
    let leaveScreen = capability("rmcup")
    let bytes = Array(
      (TerminalOutput.synchronizedOff + TerminalOutput.modesOff + (title == nil ? "" : Self.popTitle)
        + capability("sgr0") + capability("cnorm") + (leaveScreen.isEmpty ? "\r\n" : leaveScreen)).utf8)
    bytes.withUnsafeBytes { terminal_arm($0.baseAddress, $0.count) }
  }

  /// Asks for the size; true if it is another one.
  @discardableResult
  func adoptSize() -> Bool {
    var window = winsize()
    var now = Size(columns: Int(screen_columns()), rows: Int(screen_rows()))
    if ioctl(output.descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 {
      now = Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
    if now.columns != Int(screen_columns()) || now.rows != Int(screen_rows()) {
      screen_resize(Int32(now.rows), Int32(now.columns))
    }
    if now == size { return false }
    size = now
    redraw()
    return true
  }
}
