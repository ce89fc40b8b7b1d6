import FTP
import Terminal
import Testing
import Transfers

@testable import ferry

@Suite("What the drawer says about transfers")
struct QueueWordsTests {
  private func screen(_ rows: [QueueRow], _ change: (inout QueueView) -> Void = { _ in }) -> Screen {
    var screen = Screen.filled(Size(columns: 100, rows: 30))
    var view = QueueView(rows: rows, waiting: rows.count { $0.part == .waiting })
    view.running = rows.count { $0.part == .running }
    view.needsYou = rows.count { $0.part == .needsYou }
    view.failed = rows.count { $0.part == .failed }
    view.done = rows.count { $0.part == .done }
    change(&view)
    screen.receive(.queueChanged(view))
    screen.press("t")
    return screen
  }

  private func row(_ state: QueueRow.State, name: String = "a", bytes: Int64 = 0) -> QueueRow {
    QueueRow(
      id: 1, order: 1, direction: .download, name: Array(name.utf8), from: [], to: [], state: state, bytesDone: bytes,
      bytesTotal: 1_000, speed: 0)
  }

  @Test("a transfer is asked about once, however often that was wanted, and not any more where it goes on")
  func askedTwice() {
    var screen = Screen.filled()
    func ask(_ item: Int64, _ kind: TroubleQuestion.Kind, items: Int) {
      var weight = QueueWeight()
      weight.items = items
      let question = TroubleQuestion(item: item, kind: kind, reason: "It is away.", weight: weight)
      screen.receive(.asked(.trouble(question)))
    }
    ask(1, .server("ftp.example"), items: 2)
    ask(1, .server("ftp.example"), items: 3)
    ask(2, .noRoom(free: nil), items: 1)
    ask(2, .noRoom(free: nil), items: 4)
    #expect(screen.state.layers.count == 1 && screen.shows("2 transfers"))
    screen.press("Esc")
    #expect(screen.shows("No room") && screen.shows("4 transfers"))
    screen.receive(.itemSettled(2))
    #expect(screen.state.layers.isEmpty && screen.state.questions.isEmpty)
  }

  @Test("the keys that are told are those that fit the row, and none is cut")
  func hints() {
    let expected: [(QueueRow.State, String)] = [
      (.running, "p pause  x cancel  Enter details  F1 more"), (.paused, "p resume  x cancel"),
      (.needsYou("?"), "Enter answer  r retry"), (.failed("550 No."), "r retry  R retry all  x cancel"),
      (.done, "c clear  x remove"), (.cancelled, "c clear  r retry"),
    ]
    for (state, text) in expected { #expect(screen([row(state)]).shows(text), "\(state)") }
    var small = screen([row(.failed("550 No."))])
    small.receive(.terminal(.resize(ScreenLayout.smallest)))
    #expect(small.lines.contains { $0.contains("r retry  R retry all") && !$0.contains("x can") })
  }

  @Test("a paused queue says so, wherever the focus is")
  func paused() {
    var screen = screen([row(.waiting)]) { $0.isPaused = true }
    #expect(screen.shows("Queue paused 1…") && screen.shows("P goes on  p pause"))
    screen.press("t")
    #expect(screen.shows("Queue paused 1…") && screen.shows("P goes on"))
    screen.press("P")
    #expect(screen.takeEffects() == [.queue(.resumeAll)])
  }

  @Test("rows tell what is going on, and no sentence begins in the middle of another")
  func rows() {
    var leftOut = row(.skipped)
    leftOut.outcome = "A symbolic link is not followed."
    #expect(screen([leftOut]).shows("left out: a symbolic link is not followed."))
    #expect(screen([row(.cancelled)]).shows(" cancelled"))
    #expect(screen([row(.retrying("The server is busy."))]).shows("again soon: the server is busy."))
    #expect(screen([row(.retrying("Ada's disk is full."))]).shows("again soon: Ada's disk is full."))
    #expect(screen([row(.running, name: "folder/")]).shows("reading the folder"))
    #expect(!screen([row(.running)]).shows("0 B/s"), "nothing is to be told before the first byte")
    #expect(screen([row(.running, bytes: 10)]).shows("0 B/s"), "it stands still")
  }

  @Test("a full disk and a server that is away are explained, with what waits for them")
  func trouble() throws {
    var screen = screen([row(.needsYou("the disk is full"))])
    screen.press("Enter")
    #expect(screen.takeEffects() == [.queue(.ask(1))])
    let weight = QueueWeight(items: 3, bytesLeft: 40 << 20)
    let question = TroubleQuestion(
      item: 1, kind: .noRoom(free: 2 << 20), reason: "The disk is full, so “a” could not be written.", weight: weight)
    screen.receive(.asked(.trouble(question)))
    #expect(screen.dialogWords.contains("Waiting 3 transfers, 40 MiB to go Free now 2.0 MiB"))
    screen.click(try screen.find("Later"))
    #expect(screen.takeEffects() == [] && screen.dialog == nil)
    screen.receive(
      .asked(.trouble(TroubleQuestion(item: 1, kind: .server("ftp.example"), reason: "It is away.", weight: weight))))
    #expect(screen.dialogWords.contains("Server ftp.example"))
    screen.press("Enter")
    #expect(screen.takeEffects() == [.queue(.retry(.items([1])))])
  }

  @Test("what is over is cleared without a question, also a whole part of it")
  func clearDone() {
    var screen = screen([row(.done)])
    screen.press("Right Right Right Right Right a")
    _ = screen.takeEffects()
    screen.press("x")
    #expect(screen.takeEffects() == [.queue(.remove(.part(.done)))])
  }

  @Test("what begins in the queue is at hand: its menu, and its actions first in the help")
  func reach() {
    var screen = screen([row(.waiting)])
    screen.press("F9")
    #expect(screen.shows("Clear what is finished"))
    screen.press("Esc F1")
    guard case .help(let help) = screen.state.layers.last else {
      Issue.record("no help")
      return
    }
    #expect(help.rows.first?.action == .pause)
  }

  @Test("what happens at the end, and what the settings say of the speed, is not hidden")
  func settings() throws {
    var screen = screen([row(.waiting)])
    screen.press("w")
    screen.click(try screen.find("quit Ferry"))
    screen.press("Enter")
    #expect(screen.shows("then quits"))
    screen.state.speedSchedule = SpeedSchedule(
      usual: 4_194_304,
      periods: [
        .init(from: 480, to: 1080, days: [1, 2, 3, 4, 5], rate: 512_000),
        .init(from: 0, to: 0, days: [6, 0], rate: nil),
      ])
    screen.press("s")
    #expect(
      screen.dialogWords.contains(
        "The settings say: 500 KiB/s from 8:00 to 18:00 (mon-fri), no limit all day (sat-sun), else 4.0 MiB/s."))
  }
}
