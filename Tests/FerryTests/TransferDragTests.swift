import FTP
import Terminal
import Testing
import Transfers

@testable import ferry

@Suite("Dragging transfers in the queue")
struct TransferDragTests {
  /// Three that have stopped for other reasons, then six that wait.
  private func screen(_ size: Size = Size(columns: 80, rows: 30)) -> Screen {
    var screen = Screen.filled(size)
    let states: [QueueRow.State] = [
      .running, .failed("550 No."), .waiting, .waiting, .paused, .waiting, .waiting, .done,
    ]
    let rows = states.enumerated().map { index, state in
      var row = QueueRow(
        id: Int64(index + 1), order: 1, direction: .upload, name: Array("file \(index + 1)".utf8),
        from: Array("~".utf8),
        to: Array("/www".utf8), state: state, bytesTotal: 1_000)
      if index == 2 { row.priority = .high }
      return row
    }
    screen.receive(.queueChanged(QueueView(rows: rows, running: 1, waiting: 5, failed: 1, done: 1)))
    screen.press("t Z")
    _ = screen.takeEffects()
    return screen
  }

  private func drag(_ screen: inout Screen, _ from: String, to target: Point) throws {
    let start = try screen.find(from)
    screen.state.now += 1_000
    screen.mouse(.press, at: start)
    screen.mouse(.drag, at: start.moved(dx: 3))
    screen.mouse(.drag, at: target)
  }

  @Test("a line shows where it would go, and there it goes")
  func place() throws {
    var screen = screen()
    let target = try screen.find("file 4")
    try drag(&screen, "file 7", to: target)
    #expect(screen.lines[target.y].contains("▸ file 7 ───"))
    #expect(screen.lines[target.y + 1].contains("file 4"))
    screen.mouse(.release, at: target)
    #expect(screen.takeEffects() == [.queue(.place(.items([7]), .before(TransferItem.ID(4))))])
    #expect(!screen.shows("▸ file 7"))
  }

  @Test("between two priorities it keeps its own; else it takes the other one, and that is said")
  func priority() throws {
    var screen = screen()
    let target = try screen.find("file 3")
    try drag(&screen, "file 7", to: target)
    #expect(screen.shows("▸ file 7, high priority ─"))
    screen.mouse(.release, at: target)
    #expect(screen.takeEffects() == [.queue(.place(.items([7]), .before(TransferItem.ID(3))))])
    let next = try screen.find("file 4")
    try drag(&screen, "file 7", to: next)
    #expect(screen.shows("▸ file 7 ──"))
    screen.mouse(.release, at: next)
    #expect(screen.takeEffects() == [.queue(.place(.items([7]), .before(TransferItem.ID(4))))])
  }

  @Test("several marked ones go together, a failed one is tried again at its new place")
  func several() throws {
    var screen = screen()
    screen.click(try screen.find("file 6"), .right)
    screen.click(try screen.find("file 7"), .right)
    let target = try screen.find("file 5")
    try drag(&screen, "file 6", to: target)
    #expect(screen.shows("▸ 2 transfers ──"))
    screen.mouse(.release, at: target)
    #expect(screen.takeEffects() == [.queue(.place(.items([6, 7]), .before(TransferItem.ID(5))))])
    screen.press("Esc")
    try drag(&screen, "file 2", to: target)
    screen.mouse(.release, at: target)
    #expect(screen.takeEffects() == [.queue(.place(.items([2]), .before(TransferItem.ID(5))))])
  }

  @Test("behind the last one that waits is below it")
  func last() throws {
    var screen = screen()
    let target = try screen.find("file 8")
    try drag(&screen, "file 4", to: target)
    screen.mouse(.release, at: target)
    #expect(screen.takeEffects() == [.queue(.place(.items([4]), .after(TransferItem.ID(7))))])
    try drag(&screen, "file 4", to: target.moved(dy: 5))
    screen.mouse(.release, at: target.moved(dy: 5))
    #expect(screen.takeEffects() == [.queue(.place(.items([4]), .after(TransferItem.ID(7))))])
  }

  @Test(
    "what is dropped without another number is at its place when that is told, and the drawer is up to date meanwhile")
  func sameNumber() throws {
    var screen = screen()
    let target = try screen.find("file 3")
    try drag(&screen, "file 2", to: target)
    screen.mouse(.release, at: target)
    #expect(screen.takeEffects() == [.queue(.place(.items([2]), .before(TransferItem.ID(3))))])
    // The failed one waits now, where it stood.
    var view = screen.state.drawer.queue
    view.rows[1].state = .waiting
    (view.waiting, view.failed) = (6, 0)
    screen.receive(.queueChanged(view))
    #expect(screen.state.drawer.dropped?.id == 2)
    screen.receive(.placed)
    #expect(screen.state.drawer.dropped == nil && screen.state.drawer.cursor == 1)
    // Those that are known before the part's own rows come are of now.
    screen.press("Right")
    while screen.state.drawer.filter != .waiting { screen.state.drawer.walkParts(by: 1) }
    #expect(screen.state.drawer.queue.rows.contains { $0.id == 2 })
  }

  @Test("a view with fewer rows brings the cursor into them, whatever was dropped")
  func fewerRows() throws {
    var screen = screen()
    try drag(&screen, "file 7", to: try screen.find("file 4"))
    screen.mouse(.release, at: try screen.find("file 4"))
    let rows = Array(screen.state.drawer.queue.rows.prefix(2))
    screen.receive(.queueChanged(QueueView(rows: rows, running: 1, failed: 1)))
    #expect(screen.state.drawer.cursor == 1 && screen.state.drawer.dropped == nil)
  }

  @Test(
    "a drag ends where something else begins, and no later click drops it",
    arguments: ["a dialog", "a key", "another press", "another window", "a pointer without a button"])
  func interrupted(_ by: String) throws {
    var screen = screen()
    let target = try screen.find("file 4")
    try drag(&screen, "file 7", to: target)
    #expect(screen.state.drag.sorting != nil)
    switch by {
    case "a dialog":
      screen.receive(.operationFinished(folder: Screen.left, select: nil, said: nil, failure: "No."))
      if screen.state.layers.isEmpty { screen.press("F7") }
      #expect(!screen.state.layers.isEmpty && screen.state.drag.phase == .idle)
      screen.press("Esc")
    case "a key": screen.press("Left")
    case "another press": screen.mouse(.press, at: Point(x: 5, y: 3))
    case "another window": screen.receive(.terminal(.focus(false)))
    default: screen.mouse(.move, at: target)
    }
    _ = screen.takeEffects()
    #expect(screen.state.drag.sorting == nil)
    screen.mouse(.release, at: target)
    screen.click(target)
    #expect(!screen.takeEffects().contains { if case .queue(.place) = $0 { true } else { false } })
  }

  @Test("a question that comes while a drag hangs opens with the next key, and drops nothing")
  func questionMeanwhile() throws {
    var screen = screen()
    try drag(&screen, "file 7", to: try screen.find("file 4"))
    screen.receive(.asked(.password(PasswordQuestion(id: 1, server: Screen.server))))
    #expect(screen.state.layers.isEmpty)
    screen.press("Esc")
    #expect(screen.shows("─ Password ─") && screen.takeEffects().isEmpty)
  }

  @Test("the name of a part is a target where that means something")
  func parts() throws {
    var screen = screen()
    let waiting = try screen.find("Waiting 5")
    try drag(&screen, "file 2", to: waiting)
    #expect(screen.shows("try again: file 2"))
    screen.mouse(.release, at: waiting)
    #expect(screen.takeEffects() == [.queue(.retry(.items([2]))), .queue(.resume(.items([2])))])
    try drag(&screen, "file 5", to: waiting)
    #expect(screen.shows("goes on: file 5"))
    screen.mouse(.release, at: waiting)
    _ = screen.takeEffects()
    try drag(&screen, "file 4", to: try screen.find("Running 1"))
    #expect(screen.shows("first of all: file 4"))
    screen.mouse(.release, at: try screen.find("Running 1"))
    #expect(screen.takeEffects() == [.queue(.place(.items([4]), .first)), .queue(.resume(.items([4])))])
    for part in ["Waiting 5", "Done 1", "Failed 1", "All 8"] {
      try drag(&screen, "file 4", to: try screen.find(part))
      #expect(screen.shows("drop among those that wait"), "\(part)")
      screen.mouse(.release, at: try screen.find(part))
    }
    #expect(screen.takeEffects() == [])
  }

  @Test("Escape, a place of its own, or another pane change nothing; what runs and what is done stay where they are")
  func nothing() throws {
    var screen = screen()
    let target = try screen.find("file 6")
    try drag(&screen, "file 4", to: target)
    screen.press("Esc")
    #expect(screen.state.drag.phase == .idle && screen.state.focus == .drawer)
    screen.mouse(.release, at: target)
    try drag(&screen, "file 4", to: try screen.find("file 5"))
    screen.mouse(.release, at: try screen.find("file 5"))
    try drag(&screen, "file 4", to: Point(x: 5, y: 3))
    screen.mouse(.release, at: Point(x: 5, y: 3))
    for name in ["file 1", "file 8"] {
      try drag(&screen, name, to: target)
      #expect(screen.state.drag.phase == .idle, "\(name)")
      screen.mouse(.release, at: target)
    }
    #expect(screen.takeEffects() == [])
  }

  @Test("held at an edge, a long queue scrolls, and the pointer below the last row means behind it")
  func scrolling() throws {
    var screen = Screen.filled()
    let rows = (1...30).map { number in
      QueueRow(
        id: Int64(number), order: 1, direction: .upload, name: Array("file \(number)".utf8), from: [], to: [],
        state: .waiting)
    }
    screen.receive(.queueChanged(QueueView(rows: rows, waiting: 30)))
    screen.press("t")
    let content = try #require(screen.state.layout.drawer).content
    let bottom = Point(x: 10, y: content.maxY - 1)
    try drag(&screen, "file 1", to: bottom)
    #expect(screen.state.needsTicks)
    for _ in 0..<40 { screen.receive(.tick) }
    #expect(screen.state.drawer.top == 30 - content.height && !screen.state.needsTicks)
    screen.mouse(.drag, at: bottom.moved(dy: 1))
    #expect(screen.lines[bottom.y].contains("▸ file 1 ──") && screen.lines[bottom.y - 1].contains("file 30"))
    screen.mouse(.release, at: bottom.moved(dy: 1))
    #expect(screen.takeEffects().contains(.queue(.place(.items([1]), .after(TransferItem.ID(30))))))
    // The cursor goes with it, once it is there.
    screen.receive(.queueChanged(QueueView(rows: rows, waiting: 30)))
    #expect(screen.state.drawer.top == 30 - content.height)
    screen.receive(.queueChanged(QueueView(rows: Array(rows.dropFirst()) + [rows[0]], waiting: 30)))
    #expect(screen.state.drawer.cursor == 29 && screen.state.drawer.top == 30 - content.height)
    screen.state.now += 1_000
    screen.mouse(.press, at: try screen.find("file 1 "))
    screen.mouse(.drag, at: Point(x: 10, y: content.y))
    for _ in 0..<40 { screen.receive(.tick) }
    #expect(screen.state.drawer.top == 0)
    screen.mouse(.release, at: Point(x: 10, y: content.y))
    #expect(screen.takeEffects().contains(.queue(.place(.items([1]), .before(TransferItem.ID(2))))))
  }
}
