import Glibc
import Terminal

/// The program on the screen's thread: takes events, changes the state, draws; sleeps whenever there is nothing to do.
struct AppLoop {
  private var state: AppState
  private let theme: Theme
  private let screen: TerminalScreen
  private let inbox: Inbox
  private let runner: EffectRunner
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastFrame: ContinuousClock.Instant
  private var lastTick: ContinuousClock.Instant
  private var needsFrame = true

  /// Frames are at least this far apart.
  private static let frameTime = Duration.milliseconds(16)
  private static let tickTime = Duration.milliseconds(100)

  init(state: AppState, theme: Theme, screen: TerminalScreen, inbox: Inbox, runner: EffectRunner) {
    self.state = state
    self.theme = theme
    self.screen = screen
    self.inbox = inbox
    self.runner = runner
    start = clock.now
    lastFrame = start - Self.frameTime
    lastTick = start
    let waker = screen.waker
    inbox.wakes { waker.wake() }
  }

  /// Runs until the person quits or the terminal is gone.
  mutating func run() {
    while !state.isFinished {
      take(inbox.take())
      drawIfDue()
      if state.isFinished { return }
      let events = screen.nextEvents(until: deadline)
      take(events.map { .terminal($0) })
      tickIfDue()
    }
  }

  /// When something is to be done even if nothing happens; nil lets the process sleep.
  private var deadline: ContinuousClock.Instant? {
    let frame = needsFrame ? lastFrame + Self.frameTime : nil
    let tick = state.needsTicks ? lastTick + Self.tickTime : nil
    guard let frame, let tick else { return frame ?? tick }
    return min(frame, tick)
  }

  private mutating func take(_ events: [AppEvent]) {
    for event in events {
      updateTime()
      if case .terminal(.wake) = event { continue }
      let visited = state.visited
      let effects = update(&state, event)
      if state.visited != visited { runner.visit(state.visited) }
      for effect in effects { perform(effect) }
      needsFrame = true
    }
  }

  private mutating func tickIfDue() {
    guard state.needsTicks, clock.now >= lastTick + Self.tickTime else { return }
    lastTick = clock.now
    take([.tick])
  }

  private mutating func updateTime() {
    let elapsed = (clock.now - start).components
    state.now = elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
    state.date = Int64(time(nil))
  }

  private mutating func drawIfDue() {
    guard needsFrame, clock.now >= lastFrame + Self.frameTime else { return }
    updateTime()
    lastFrame = clock.now
    needsFrame = false
    var canvas = Canvas(size: state.size, style: theme[.screen])
    switch draw(state, theme, &canvas) {
    case .visible(let point): screen.draw(canvas, cursor: point)
    case .hidden(let point): screen.draw(canvas, focus: point)
    }
  }

  /// What needs the terminal is done here; everything else runs beside.
  private mutating func perform(_ effect: Effect) {
    switch effect {
    case .quit: state.isFinished = true
    case .redraw: screen.redraw()
    case .suspend: screen.stop()
    case .notify(let title, let text):
      screen.notify(title: title, body: text)
      screen.ring()
    case .copy(let text, let said):
      if !screen.copy(text) {
        take([.said("That is too long for the clipboard of a terminal: export it to a file.", isError: true)])
      } else if !said.isEmpty {
        take([.said(said, isError: false)])
      }
    case .runEditor(let task):
      var (task, failure) = (task, String?.none)
      let start = clock.now
      let command = EditorCommand { name in getenv(name).map { String(cString: $0) } }
      screen.suspended {
        do { try command.run(task.path) } catch { failure = "\(error)" }
      }
      // One that was not started at all comes back with nothing later.
      task.wasBrief = failure == nil && clock.now - start < .seconds(1)
      take([.edited(task, failure: failure)])
    default: runner.run(effect)
    }
  }
}
