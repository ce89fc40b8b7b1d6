import FTP
import Terminal
import Testing
import Transfers

@testable import ferry

@Suite("The queue in the drawer")
struct QueueTests {
  /// The drawer with its focus, as high as it can be.
  private func screen(_ size: Size = Size(columns: 80, rows: 24)) -> Screen {
    var screen = Screen.filled(size)
    screen.receive(.queueChanged(DrawTests.queue))
    screen.press("t")
    return screen
  }

  private func row(_ id: Int64, _ state: QueueRow.State, order: Int64 = 1, bytes: Int64 = 0) -> QueueRow {
    QueueRow(
      id: id, order: order, direction: .upload, name: Array("\(id)".utf8), from: [], to: [], state: state,
      bytesDone: bytes, bytesTotal: 1_000)
  }

  @Test("keys act on the transfer under the cursor, as its state allows")
  func keys() {
    var screen = screen()
    screen.press("p Down Down Down r")
    #expect(screen.takeEffects() == [.queue(.pause(.items([1]))), .queue(.retry(.items([4])))])
    screen.press("x Down K J < > + -")
    #expect(
      screen.takeEffects() == [
        .queue(.cancel(.items([4]))), .queue(.move(.items([5]), .up)), .queue(.move(.items([5]), .down)),
        .queue(.move(.items([5]), .top)), .queue(.move(.items([5]), .bottom)), .queue(.raise(.items([5]), by: 1)),
        .queue(.raise(.items([5]), by: -1)),
      ])
    screen.press("c R P Esc")
    #expect(screen.takeEffects() == [.queue(.clearFinished), .queue(.retryFailed), .queue(.pauseAll)])
    #expect(screen.state.focus == .panes)
  }

  @Test("cancelling asks first where bytes would be lost, and Enter by habit loses none")
  func cancel() throws {
    var screen = screen()
    screen.press("x")
    #expect(screen.shows("Cancel “index.html”?") && screen.shows("This removes 1 partial file (11 MiB)"))
    screen.press("Enter")
    #expect(screen.takeEffects() == [] && screen.dialog == nil)
    screen.press("x")
    screen.click(try screen.find("Cancel it"))
    #expect(screen.takeEffects() == [.queue(.cancel(.items([1])))])
    screen.receive(.queueChanged(QueueView(rows: [row(9, .done)], done: 1)))
    _ = screen.takeEffects()
    screen.press("x")
    #expect(screen.takeEffects() == [.queue(.remove(.items([9])))])
  }

  @Test("marked transfers are meant together: single ones, an order, or a whole part")
  func marks() {
    var screen = screen()
    screen.press("Down Down Down Down Ins Ins p")
    #expect(screen.takeEffects() == [.queue(.pause(.items([5, 6])))])
    #expect(screen.shows("2 marked"))
    screen.press("Esc o <")
    #expect(screen.takeEffects() == [.queue(.move(.order(3), .top))])
    screen.press("Esc a r")
    #expect(screen.takeEffects() == [.queue(.retry(.part(.all)))])
    #expect(screen.shows("all is marked"))
    screen.press("x")
    #expect(screen.shows("Cancel the whole queue?"))
    #expect(screen.takeEffects() == [.queue(.weigh(.part(.all)))])
    screen.receive(.weighed(.part(.all), QueueWeight(items: 44, partialFiles: 2, partialBytes: 3 << 20)))
    #expect(screen.shows("44 transfers") && screen.shows("This removes 2 partial files (3.0 MiB)"))
    screen.press("Esc Esc")
    #expect(screen.state.focus == .drawer && screen.state.drawer.marked == nil)
  }

  @Test("the parts are walked with keys and clicked, and ask for their rows")
  func parts() throws {
    var screen = screen()
    #expect(screen.shows("All 45  Running 2  Waiting 41  Needs you 1  Failed 1  Done"))
    screen.press("Right Right")
    var window = QueueWindow()
    window.filter = .waiting
    #expect(screen.takeEffects().last == .queue(.look(window)))
    // Until they come, it shows those that it knows, and none of another part.
    #expect(screen.shows("page 5.html") && !screen.shows("index.html  ~/site"))
    #expect(screen.state.drawer.selected?.id == 5)
    screen.receive(
      .queueChanged(
        QueueView(rows: [row(7, .waiting)], window: window, running: 2, waiting: 41, needsYou: 1, failed: 1)))
    #expect(screen.state.drawer.selected?.id == 7)
    screen.click(try screen.find("Failed 1"))
    window.filter = .failed
    #expect(screen.takeEffects().last == .queue(.look(window)))
    screen.press("Left Left Left Left Left")
    #expect(screen.state.drawer.filter == .done)
    screen.click(try screen.find("Log"))
    #expect(screen.state.drawer.tab == .log)
  }

  @Test("a queue of a hundred thousand is walked to its end, and only what is near is asked for")
  func long() {
    var screen = screen()
    screen.receive(.queueChanged(QueueView(rows: [row(1, .waiting)], waiting: 100_000)))
    screen.press("G")
    guard case .queue(.look(let window)) = screen.takeEffects().last else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(window.offset == 99_800)
    screen.receive(
      .queueChanged(
        QueueView(rows: (99_800..<100_000).map { row($0, .waiting) }, window: window, waiting: 100_000)))
    #expect(screen.state.drawer.selected?.id == 99_999)
    #expect(screen.shows("↑ 99999"))
    screen.press("Up Up")
    #expect(screen.takeEffects() == [], "these rows are there already")
    let clock = ContinuousClock()
    let drawing = clock.measure { for _ in 0..<20 { _ = screen.canvas } }
    #expect(drawing / 20 < .milliseconds(50), "a frame took \(drawing / 20)")
  }

  @Test("the cursor stays on its transfer when others come and go")
  func cursor() {
    var screen = screen()
    screen.press("Down Down")
    #expect(screen.state.drawer.selected?.id == 3)
    screen.receive(.queueChanged(QueueView(rows: [row(1, .running), row(3, .waiting)], running: 1, waiting: 1)))
    #expect(screen.state.drawer.selected?.id == 3)
  }

  @Test("Enter shows all about a transfer, and its rules can be changed")
  func details() throws {
    var screen = screen(Size(columns: 100, rows: 30))
    var failed = row(4, .failed("550 Permission denied."), bytes: 10)
    failed.source = Screen.left.appending(try FileName("photo9.jpg"))
    failed.target = Screen.right.appending(try FileName("photo9.jpg"))
    screen.receive(.queueChanged(QueueView(rows: [failed], failed: 1)))
    _ = screen.takeEffects()
    screen.press("Enter")
    for text in ["/home/ada/site/photo9.jpg", "ftpes://ada@files.example.org/www/photo9.jpg", "550 Permission denied."]
    {
      #expect(screen.shows(text), "\(text)")
    }
    screen.click(try screen.find("highest"))
    screen.click(try screen.find("rename"))
    screen.click(try screen.find("all uploads"))
    screen.click(try screen.find(" OK "))
    #expect(
      screen.takeEffects() == [
        .queue(.setPriority(.items([4]), .highest)), .queue(.setPolicy(order: 1, .rename, .direction)),
      ])
    var done = row(5, .done)
    done.outcome = "Both sides have 1,000 bytes."
    screen.receive(.queueChanged(QueueView(rows: [done], done: 1)))
    screen.press("i")
    #expect(screen.shows("Both sides have 1,000 bytes."))
    screen.press("Enter")
    #expect(screen.effects == [] && screen.dialog == nil)
  }

  @Test("the speed limit is typed, left to the settings, or taken away")
  func limit() throws {
    var screen = screen()
    screen.press("s")
    screen.type("1.5M")
    screen.press("Enter")
    #expect(screen.takeEffects() == [.queue(.limit(.rate(1_572_864)))])
    var view = DrawTests.queue
    view.limit = 1_572_864
    screen.receive(.queueChanged(view))
    #expect(screen.shows("max 1.5 MiB/s"))
    screen.press("s C-u")
    screen.type("fast")
    screen.press("Enter")
    #expect(screen.shows("Write a number") && screen.effects == [])
    screen.press("C-u")
    screen.click(try screen.find("no limit"))
    screen.press("Enter")
    #expect(screen.takeEffects() == [.queue(.limit(.unlimited))])
  }

  @Test("typing a rate chooses it, and what is chosen after that is meant")
  func typedLimit() throws {
    var screen = screen()
    screen.press("s")
    #expect(screen.dialog?.form.fields[0].chosen == "the settings")
    screen.type("2M")
    #expect(screen.dialog?.form.fields[0].chosen == "this limit:")
    screen.click(try screen.find("no limit"))
    screen.press("Enter")
    #expect(screen.takeEffects() == [.queue(.limit(.unlimited))])
    screen.press("s")
    screen.receive(.terminal(.paste(PastedText("500K"))))
    #expect(screen.dialog?.form.fields[0].chosen == "this limit:")
    screen.press("Enter")
    #expect(screen.takeEffects() == [.queue(.limit(.rate(512_000)))])
  }

  @Test("when the queue is done, what was asked for happens, once")
  func whenDone() throws {
    var screen = screen()
    screen.press("w Tab")
    screen.type("touch done")
    screen.press("Enter")
    screen.receive(.queueChanged(QueueView(running: 1, done: 3)))
    #expect(screen.takeEffects() == [])
    screen.receive(.queueChanged(QueueView(failed: 1, done: 3)))
    #expect(
      screen.takeEffects() == [
        .notify("Ferry: the queue is done", "3 done, 1 failed"),
        .runCommand("touch done", WhenDone.Facts(done: 3, failed: 1, needsYou: 0)),
      ])
    screen.receive(.queueChanged(QueueView(failed: 1, done: 3)))
    #expect(screen.takeEffects() == [])
    screen.press("w")
    screen.click(try screen.find("quit Ferry"))
    screen.press("Enter")
    screen.receive(.queueChanged(QueueView(running: 1)))
    screen.receive(.queueChanged(QueueView(done: 1)))
    #expect(screen.takeEffects().last == .quit)
  }

  @Test("the graph shows the last seconds, and what stood still in between")
  func graph() {
    var history = SpeedHistory()
    for (second, speed) in [(1, 100.0), (1, 400), (2, 800), (5, 200)] {
      history.record(speed, at: Int64(second) * 1000)
    }
    #expect(history.samples == [400, 800, 0, 0, 200])
    #expect(history.recent(3, at: 5_900) == [0, 0, 200])
    #expect(history.recent(3, at: 7_000) == [200, 0, 0])
    #expect(SpeedGraph.text(history.samples) == "▄█  ▂")
    #expect(SpeedGraph.text([0, 0]) == "")
    for second in 6..<500 { history.record(1, at: Int64(second) * 1000) }
    #expect(history.samples.count == SpeedHistory.length)
  }

  @Test("every action on transfers is in the menu, for the mouse alone")
  func menu() {
    let inMenus = Set(MenuOverlay.menus.flatMap { $0.items.compactMap(\.self) })
    for action in [
      Action.details, .pause, .retry, .cancelTransfer, .moveUp, .moveDown, .moveTop, .moveBottom, .raise, .lower,
      .markOrder, .pauseAll, .retryFailed, .clear, .speedLimit, .whenDone,
    ] {
      #expect(inMenus.contains(action), "\(action)")
    }
    for size in [Size(columns: 80, rows: 24), ScreenLayout.smallest] {
      for index in MenuOverlay.menus.indices {
        var menu = MenuOverlay()
        menu.openMenu(index)
        let layout = MenuLayout(menu, keymap: .standard, on: size)
        #expect(layout.frame.maxX <= size.columns && layout.frame.maxY <= size.rows)
      }
    }
  }

  @Test(
    "rates are read as people write them",
    arguments: [
      ("500K", 512_000), ("2M", 2_097_152), ("1.5 MiB/s", 1_572_864), ("4096", 4_096), ("1g", 1_073_741_824),
    ] as [(String, Double)])
  func rates(_ text: String, _ rate: Double) {
    #expect(RateText.bytesPerSecond(text) == rate)
    #expect(RateText.bytesPerSecond(RateText.short(rate)) == rate)
  }

  @Test("what is no rate is refused", arguments: ["", "fast", "0", "-5K", "12Q", "100", "1e99", "0.5K"])
  func noRates(_ text: String) { #expect(RateText.bytesPerSecond(text) == nil) }

  @Test(
    "days of the week are read",
    arguments: [("mon-fri", [1, 2, 3, 4, 5]), ("sat,sun", [6, 0]), ("fri-mon", [5, 6, 0, 1])])
  func days(_ text: String, _ days: [Int]) {
    #expect(SpeedSchedule.days(text) == Set(days))
    #expect(SpeedSchedule.days("someday") == nil)
  }
}
