import FTP
import SystemPackage
import Terminal
import Testing
import Transfers

@testable import ferry

/// The preview of a synchronisation, and panes that move together.
@Suite("Two folders side by side") struct CompareTests {
  private static func entry(_ name: String, _ size: Int64) -> ListingEntry {
    ListingEntry(
      name: try! FileName(name), kind: .file, size: size, modified: Timestamp(seconds: 1_732_100_000))
  }

  private static func row(_ name: String, left: Int64?, right: Int64?, _ action: SyncRow.Action) -> SyncRow {
    SyncRow(
      [try! FileName(name)], left: left.map { entry(name, $0) }, right: right.map { entry(name, $0) }, action,
      "because")
  }

  private static let rows = [
    row("index.html", left: 4301, right: 4198, .copyRight), row("new.html", left: nil, right: 77, .copyLeft),
    row("same.css", left: 812, right: 812, .equal), row("torn.txt", left: 1, right: 2, .conflict),
  ]

  private static func compared(_ size: Size = Size(columns: 80, rows: 24)) throws -> Screen {
    var screen = Screen.filled(size)
    screen.press("Y")
    guard case .compare(let left, let right, .time, let ticket)? = screen.takeEffects().first else {
      throw Unexpected("no comparison was asked for")
    }
    #expect(left == Screen.left && right == Screen.right)
    #expect(screen.shows("Comparing…"))
    screen.receive(.foldersCompared(ticket: ticket, rows))
    return screen
  }

  struct Unexpected: Error { init(_ text: String) {} }

  @Test("shows each difference with its direction, and nothing that is equal unless asked")
  func rows() throws {
    var screen = try Self.compared()
    #expect(screen.lines.contains { $0.contains("index.html") && $0.contains("──►") && $0.contains("4.1 KiB") })
    #expect(screen.lines.contains { $0.contains("new.html") && $0.contains("◄──") })
    #expect(!screen.shows("same.css"))
    #expect(screen.shows("→ 1  ← 1  ! 1"))
    #expect(screen.shows("is copied to the right: because"))
    screen.press("e")
    #expect(screen.shows("same.css"))
  }

  @Test("counts files only: what a folder's own list takes is not copied")
  func total() throws {
    var screen = Screen.filled()
    screen.press("Y")
    guard case .compare(_, _, _, let ticket)? = screen.takeEffects().first else { throw Unexpected("no comparison") }
    func folder(_ name: String) -> ListingEntry {
      ListingEntry(name: try! FileName(name), kind: .directory, size: 4096)
    }
    screen.receive(
      .foldersCompared(
        ticket: ticket,
        [
          Self.row("a.txt", left: 8, right: nil, .copyRight), Self.row("b.txt", left: nil, right: 2, .copyLeft),
          SyncRow([try FileName("old")], isFolder: true, left: folder("old"), .copyRight, "new"),
          SyncRow([try FileName("far")], isFolder: true, right: folder("far"), .copyLeft, "new"),
        ]))
    #expect(screen.shows("→ 1  ← 1") && screen.shows("10 B"))
    screen.press("Enter")
    #expect(screen.dialogWords.contains("Together 10 B"))
  }

  @Test("flips a row before it starts, and starts what is shown after one more question")
  func flipping() throws {
    var screen = try Self.compared()
    // index.html: to the left instead; new.html: deleted; torn.txt: to the right.
    screen.receive(.terminal(.key(.character(" "))))
    screen.receive(.terminal(.key(.character(" "))))
    screen.receive(.terminal(.key(.character(" "))))
    #expect(screen.shows("is copied to the right"))
    screen.press("Enter")
    #expect(screen.shows("1 item will be deleted on the right."))
    #expect(screen.takeEffects() == [])
    screen.press("s")
    guard case .synchronize(let rows, Screen.left, Screen.right)? = screen.takeEffects().first else {
      throw Unexpected("nothing was started")
    }
    #expect(rows.map(\.action) == [.copyLeft, .deleteRight, .equal, .copyRight])
    #expect(screen.state.layers.isEmpty)
  }

  @Test("compares again in another way, and drops what comes too late")
  func again() throws {
    var screen = try Self.compared()
    screen.press("h")
    guard case .compare(_, _, .hash, let ticket)? = screen.takeEffects().first else { throw Unexpected("no hash") }
    screen.receive(.foldersCompared(ticket: ticket - 1, Self.rows))
    #expect(screen.shows("Comparing…"))
    screen.receive(.compareFailed(ticket: ticket, "The server is gone."))
    #expect(screen.shows("The server is gone."))
    screen.press("Esc")
    #expect(screen.takeEffects() == [.cancelCompare])
  }

  @Test("is drawn on every screen", arguments: [Size(columns: 60, rows: 16), Size(columns: 120, rows: 36)])
  func sizes(_ size: Size) throws {
    let screen = try Self.compared(size)
    #expect(screen.lines.contains { $0.contains("index.html") && $0.contains("──►") })
  }

  @Test("panes that move together go into the same folder and out again, until one cannot follow")
  func together() throws {
    var screen = Screen.filled()
    screen.press("W Down")
    screen.press("Enter")
    let into = screen.takeEffects().compactMap { effect -> ferry.Place? in
      if case .list(_, let place, _) = effect { place } else { nil }
    }
    #expect(into == [.local("/home/ada/site/assets"), .remote(Screen.server, try RemotePath("/www/assets"))])
    screen = Screen.filled()
    screen.press("W Down Down Enter")
    let alone = screen.takeEffects().compactMap { effect -> ferry.Place? in
      if case .list(_, let place, _) = effect { place } else { nil }
    }
    #expect(alone == [.local("/home/ada/site/drafts")])
    #expect(!screen.state.movesTogether)
    #expect(screen.state.notice?.text.contains("drafts") == true)
  }
}
