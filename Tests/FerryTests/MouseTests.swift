import FTP
import SystemPackage
import Terminal
import Testing
import Transfers

@testable import ferry

struct MouseTests {
  @Test("a click moves the cursor, a second one at the same place opens")
  func clicks() throws {
    var screen = Screen.filled()
    let row = try screen.find("drafts/")
    screen.click(row)
    #expect(screen.state[.left].current?.name.text == "drafts")
    #expect(screen.effects == [])
    screen.state.now += 200
    screen.click(row)
    #expect(screen.effects == [.list(.left, Screen.left.appending(try FileName("drafts")), generation: 1)])
  }

  @Test("two slow clicks are not a double click")
  func slowClicks() throws {
    var screen = Screen.filled()
    let row = try screen.find("drafts/")
    screen.click(row)
    screen.state.now += 500
    screen.click(row)
    #expect(screen.effects == [])
  }

  @Test("the right button marks, and all rows it is dragged over with it; a second time unmarks")
  func rightButton() throws {
    var screen = Screen.filled()
    let first = try screen.find("assets/")
    let last = try screen.find("index.html")
    screen.mouse(.press, .right, at: first)
    screen.mouse(.drag, .right, at: last)
    screen.mouse(.release, .right, at: last)
    #expect(screen.state[.left].markedEntries.map(\.name.text) == ["assets", "drafts", "index.html"])
    screen.click(first, .right)
    #expect(screen.state[.left].markedEntries.map(\.name.text) == ["drafts", "index.html"])
  }

  @Test("the wheel scrolls the pane under the pointer, whichever is active")
  func wheel() {
    var screen = Screen()
    screen.fill(.right, (0..<100).map { Screen.file("f\($0)", 1, "20240101000000") })
    screen.mouse(.wheelDown, .noButton, at: Point(x: 60, y: 8))
    #expect(screen.state[.right].top == 3)
    #expect(screen.state.active == .left)
  }

  @Test("marked rows dragged into the other pane are queued for the folder it shows")
  func drag() throws {
    var screen = Screen.filled()
    screen.press("Down Ins Ins Ins")
    let from = try screen.find("drafts/")
    let to = Point(x: 60, y: 12)
    screen.mouse(.press, at: from)
    screen.mouse(.drag, at: from.moved(dx: 8, dy: 1))
    #expect(screen.shows("3 items: drop in the other pane"))
    screen.mouse(.drag, at: to)
    #expect(screen.shows("3 items → /www"))
    screen.mouse(.release, at: to)
    #expect(
      screen.effects == [
        .enqueue(TransferOrder(source: Screen.left, entries: Array(Screen.leftRows[0...2]), target: Screen.right))
      ])
    #expect(screen.state.drag.phase == .idle)
  }

  @Test("a folder under the pointer is the target and is highlighted; what is not marked goes alone")
  func dragToFolder() throws {
    var screen = Screen.filled()
    let from = try screen.find("style.css")
    let to = try screen.find("logs/")
    screen.mouse(.press, at: from)
    screen.mouse(.drag, at: to)
    #expect(screen.shows("style.css → /www/logs"))
    #expect(screen.canvas[to].style == Theme(.night)[.paneTarget])
    screen.mouse(.release, at: to)
    let target = Screen.right.appending(try FileName("logs"))
    #expect(
      screen.effects == [.enqueue(TransferOrder(source: Screen.left, entries: [Screen.leftRows[3]], target: target))])
  }

  @Test("Esc drops nothing, nor does a release outside of the other pane", arguments: [true, false])
  func cancelled(_ isEscape: Bool) throws {
    var screen = Screen.filled()
    let from = try screen.find("style.css")
    screen.mouse(.press, at: from)
    screen.mouse(.drag, at: Point(x: 60, y: 8))
    if isEscape { screen.press("Esc") }
    screen.mouse(.release, at: isEscape ? Point(x: 60, y: 8) : from)
    if !isEscape {
      screen.mouse(.press, at: from)
      screen.mouse(.drag, at: Point(x: 60, y: 8))
      screen.mouse(.drag, at: Point(x: 60, y: 23))
      screen.mouse(.release, at: Point(x: 60, y: 23))
    }
    #expect(!screen.effects.contains { if case .enqueue = $0 { true } else { false } })
  }

  @Test(
    "rows whose release was not told are not copied by the next click",
    arguments: ["a dialog", "a key", "another press", "another window"])
  func lostRelease(_ by: String) throws {
    var screen = Screen.filled()
    let to = Point(x: 60, y: 8)
    screen.mouse(.press, at: try screen.find("style.css"))
    screen.mouse(.drag, at: to)
    #expect(screen.state.drag.carry?.target != nil)
    switch by {
    case "a dialog": screen.press("F7 Esc")
    case "a key": screen.press("Down")
    case "another press": screen.mouse(.press, at: Point(x: 60, y: 0))
    default: screen.receive(.terminal(.focus(false)))
    }
    screen.mouse(.release, at: to)
    screen.click(to)
    #expect(!screen.effects.contains { if case .enqueue = $0 { true } else { false } })
  }

  @Test("what arrives in the pane while a row is held is not dropped in its place", arguments: [false, true])
  func arrival(_ isMarked: Bool) throws {
    var screen = Screen.filled()
    if isMarked { screen.press("Down Ins Ins") }
    let from = try screen.find(isMarked ? "drafts/" : "style.css")
    let to = Point(x: 60, y: 12)
    screen.mouse(.press, at: from)
    screen.mouse(.drag, at: to)
    let changed = Screen.file("style.css", 900, "20241121080000")
    let others = [Screen.folder("another", "20241121080000"), Screen.file("a.css", 1, "20241121080000")]
    screen.fill(.left, others + Screen.leftRows.map { $0.name == changed.name ? changed : $0 })
    screen.mouse(.release, at: to)
    let entries = isMarked ? Array(Screen.leftRows[0...1]) : [changed]
    #expect(
      screen.effects == [.enqueue(TransferOrder(source: Screen.left, entries: entries, target: Screen.right))])
    #expect(screen.state.notice == nil)
  }

  @Test("what is gone by the time of the release is not dropped, and that is said", arguments: [false, true])
  func gone(_ isAlone: Bool) throws {
    var screen = Screen.filled()
    if !isAlone { screen.press("Down Ins Ins") }
    let to = Point(x: 60, y: 12)
    screen.mouse(.press, at: try screen.find(isAlone ? "style.css" : "drafts/"))
    screen.mouse(.drag, at: to)
    screen.fill(.left, Screen.leftRows.filter { !["assets", "style.css"].contains($0.name.text) })
    screen.mouse(.release, at: to)
    let order = TransferOrder(source: Screen.left, entries: [Screen.leftRows[1]], target: Screen.right)
    #expect(screen.effects == (isAlone ? [] : [.enqueue(order)]))
    #expect(screen.state.notice?.text == "1 item of what you dropped is not in the folder any more.")
  }

  @Test("while the folder is read again, what was not read yet is dropped as it was taken")
  func halfRead() throws {
    var screen = Screen.filled()
    screen.press("Down Ins Ins")
    let to = Point(x: 60, y: 12)
    screen.mouse(.press, at: try screen.find("drafts/"))
    screen.mouse(.drag, at: to)
    screen.receive(.changed(Screen.left))
    _ = screen.takeEffects()
    let generation = screen.state[.left].generation
    screen.receive(.rows(.left, generation: generation, Screen.left, [Screen.leftRows[1]], isFirst: true))
    screen.mouse(.release, at: to)
    #expect(
      screen.effects == [
        .enqueue(
          TransferOrder(source: Screen.left, entries: [Screen.leftRows[1], Screen.leftRows[0]], target: Screen.right))
      ])
  }

  @Test("a pane that shows another folder by then drops nothing, not even what has the same name there")
  func otherFolder() throws {
    var screen = Screen.filled()
    let to = Point(x: 60, y: 12)
    screen.press("Enter")
    _ = screen.takeEffects()
    screen.mouse(.press, at: try screen.find("style.css"))
    screen.mouse(.drag, at: to)
    let generation = screen.state[.left].generation
    screen.receive(.rows(.left, generation: generation, .local("/home/ada"), Screen.leftRows, isFirst: true))
    screen.mouse(.release, at: to)
    #expect(screen.effects == [])
    #expect(screen.state.notice?.text == "The left pane shows another folder by now, so nothing was dropped.")
  }

  @Test("rows held at the edge of a list scroll it with time")
  func autoScroll() throws {
    var screen = Screen.filled()
    screen.fill(.right, (0..<100).map { Screen.file("f\($0)", 1, "20240101000000") })
    let from = try screen.find("style.css")
    let edge = Point(x: 60, y: screen.state.layout.right.list.maxY - 1)
    screen.mouse(.press, at: from)
    screen.mouse(.drag, at: edge)
    #expect(screen.state.needsTicks)
    screen.receive(.tick)
    screen.receive(.tick)
    #expect(screen.state[.right].top == 2)
    screen.mouse(.release, at: edge)
    #expect(!screen.state.needsTicks)
  }

  @Test(
    "the function keys at the bottom can be clicked", arguments: [Size(columns: 80, rows: 24), ScreenLayout.smallest])
  func keyBar(_ size: Size) throws {
    var screen = Screen.filled(size)
    screen.click(try screen.find("Folder"))
    #expect(screen.shows("New folder"))
    screen.press("Esc")
    screen.click(try screen.find("Quit"))
    #expect(screen.effects == [.quit])
  }

  @Test("tabs of the drawer can be clicked, its edge dragged")
  func drawer() throws {
    var screen = Screen.filled()
    screen.click(try screen.find("Log"))
    #expect(screen.state.drawer.tab == .log)
    let edge = try #require(screen.state.layout.drawer?.edge)
    screen.mouse(.press, at: Point(x: 50, y: edge.y))
    screen.mouse(.drag, at: Point(x: 50, y: edge.y - 3))
    screen.mouse(.release, at: Point(x: 50, y: edge.y - 3))
    #expect(screen.state.layout.drawer?.edge.y == edge.y - 3)
  }

  static let load = DragState.Load(side: .left, place: Screen.left, entries: [Screen.leftRows[0]])

  @Test(
    "the drag machine, step by step",
    arguments: [
      (
        "a short twitch is no drag", [Point(x: 11, y: 5)], DragState.Phase.armed(Self.load, at: Point(x: 10, y: 5)),
        DragState.Step.none
      ),
      (
        "within its own pane it has no target", [Point(x: 14, y: 8)],
        .carrying(.init(load: Self.load, pointer: Point(x: 14, y: 8))), .none
      ),
      (
        "the other pane is the target", [Point(x: 14, y: 8), Point(x: 60, y: 12)],
        .carrying(.init(load: Self.load, pointer: Point(x: 60, y: 12), target: .init(side: .right))),
        .drop(Self.load, .init(side: .right), isMove: false)
      ),
      (
        "back again it has none", [Point(x: 60, y: 12), Point(x: 14, y: 8)],
        .carrying(.init(load: Self.load, pointer: Point(x: 14, y: 8))), .none
      ),
    ] as [(String, [Point], DragState.Phase, DragState.Step)])
  func machine(_ name: String, _ path: [Point], _ phase: DragState.Phase, _ step: DragState.Step) {
    let screen = Screen.filled()
    var drag = DragState()
    drag.pressed(Self.load, at: Point(x: 10, y: 5))
    for point in path {
      #expect(drag.moved(to: point, over: screen.state.hit(point), folderRow: nil, edge: 0) == .none)
    }
    #expect(drag.phase == phase)
    #expect(drag.released() == step)
    #expect(drag == DragState())
  }

  @Test("Control or Alt make a drag a move, and the label says so")
  func moveDrag() throws {
    var screen = Screen.filled()
    let from = try screen.find("style.css")
    let to = Point(x: 60, y: 12)
    screen.mouse(.press, at: from)
    screen.mouse(.drag, at: to, .alt)
    #expect(screen.shows("move style.css → /www"))
    screen.mouse(.release, at: to, .alt)
    guard case .enqueue(let order) = screen.effects.last else {
      Issue.record("nothing was queued")
      return
    }
    #expect(order.isMove)
  }

  @Test("what is drawn is what is hit, on any size")
  func hits() {
    for size in [ScreenLayout.smallest, Size(columns: 80, rows: 24), Size(columns: 133, rows: 41)] {
      let screen = Screen.filled(size)
      for side in Side.allCases {
        for row in 0..<screen.state[side].rowCount {
          let list = screen.state.layout[side].list
          for x in list.columns { #expect(screen.state.hit(Point(x: x, y: list.y + row)) == .row(side, row)) }
        }
      }
    }
  }
}
