import FTP
import FTPSClient
import SystemPackage
import Terminal
import Testing

@testable import ferry

/// The drawer's third tab: a live diagram.
@Suite("The session's tab") struct SessionTabTests {
  private static func record(_ number: Int, events count: Int, hasEnded: Bool = false) -> SessionRecord {
    var record = SessionRecord(number: number, server: server)
    for index in 0..<count { record.append(SessionEvent(.milliseconds(index), .command("NOOP \(number).\(index)"))) }
    if hasEnded { record.append(SessionEvent(.seconds(1), .ended("gone", inOrder: true))) }
    return record
  }

  private static let server = ServerAddress(host: "files.example.org", user: "ada")

  @Test("is asked for news only while it is seen")
  func watching() {
    var screen = Screen.filled()
    #expect(!screen.takeEffects().contains(.readSessions))
    screen.press("S")
    #expect(screen.takeEffects() == [.readSessions])
    screen.receive(.sessions([Self.record(1, events: 3)]))
    #expect(screen.shows("NOOP 1.2"))
    // Somebody is to tell; nothing is read before that.
    screen.press("Down")
    #expect(screen.takeEffects() == [])
    screen.receive(.sessionsMoved)
    #expect(screen.takeEffects() == [.readSessions])
    screen.press("Q")
    screen.receive(.sessionsMoved)
    #expect(!screen.takeEffects().contains(.readSessions))
    screen.press("S")
    #expect(screen.takeEffects() == [.readSessions])
  }

  @Test("follows what happens, until a person scrolls up")
  func scrolling() {
    var screen = Screen.filled(Size(columns: 80, rows: 24))
    screen.press("S t")
    screen.receive(.sessions([Self.record(1, events: 50)]))
    #expect(screen.shows("NOOP 1.49"))
    screen.press("k k k k k k k k k k")
    #expect(!screen.shows("NOOP 1.49"))
    // Without the scroll mark, which moves.
    func commands() -> [Substring] { screen.lines.filter { $0.contains("NOOP") }.map { $0.dropLast() } }
    let seen = commands()
    screen.receive(.sessions([Self.record(1, events: 60)]))
    #expect(commands() == seen)
    screen.press("G")
    #expect(screen.shows("NOOP 1.59"))
    screen.press("g")
    #expect(screen.shows("files.example.org"))
    screen.mouse(.wheelDown, at: Point(x: 20, y: 19))
    #expect(screen.shows("NOOP 1.0"))
  }

  @Test("turns from session to session, and begins with the newest that is open")
  func turning() {
    var screen = Screen.filled()
    screen.press("S t")
    screen.receive(
      .sessions([
        Self.record(1, events: 2), Self.record(2, events: 2), Self.record(3, events: 2, hasEnded: true),
      ]))
    #expect(screen.shows("NOOP 2.1"))
    screen.press("n")
    #expect(screen.shows("NOOP 3.1"))
    screen.press("n")
    #expect(screen.shows("NOOP 1.1"))
    screen.press("N")
    #expect(screen.shows("NOOP 3.1"))
    // A choice stays one when others come.
    screen.receive(.sessions([Self.record(3, events: 2, hasEnded: true), Self.record(4, events: 2)]))
    #expect(screen.shows("NOOP 3.1"))
  }

  @Test("is saved as text where a person says")
  func saving() throws {
    var screen = Screen.filled()
    screen.press("S t")
    let record = Self.record(1, events: 3)
    screen.receive(.sessions([record]))
    _ = screen.takeEffects()
    screen.press("s")
    let dialog = try #require(screen.dialog)
    #expect(dialog.form.text(0) == "/home/ada/site/ferry-session-1.txt")
    screen.press("Enter")
    #expect(
      screen.takeEffects() == [
        .save(text: SequenceDiagram.text(of: record, width: 80), as: "/home/ada/site/ferry-session-1.txt")
      ])
  }

  @Test("is drawn in the drawer, in a theme's colours")
  func drawing() throws {
    var screen = Screen.filled(Size(columns: 80, rows: 24))
    screen.press("S t Enter")
    screen.receive(
      .sessions([SessionDiagramTests.record(.implicit, SessionDiagramTests.troubledEvents)]))
    #expect(screen.shows("━ 1,234,567 bytes ━"))
    let theme = Theme(.night)
    let cell = try screen.find("426 Connection")
    #expect(screen.canvas[cell].style == theme[.sessionRefusal])
  }
}
