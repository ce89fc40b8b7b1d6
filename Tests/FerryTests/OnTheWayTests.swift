import FTP
import Terminal
import Testing
import Transfers

@testable import ferry

@Suite("A pane that is on its way to another folder")
struct OnTheWayTests {
  @Test("is no target until it is there: nothing goes into the folder that it leaves")
  func target() throws {
    var screen = Screen.filled()
    screen.press("Tab Down Enter")
    let folder = Screen.right.appending(try FileName("assets"))
    #expect(screen.takeEffects() == [.list(.right, folder, generation: 1)])
    screen.press("Tab Down Down F5")
    #expect(screen.dialog == nil && screen.shows("The right pane is still on its way to /www/assets: wait"))
    screen.press("Y")
    #expect(screen.state.layers.isEmpty && screen.takeEffects() == [])
    let row = try screen.find("style.css")
    screen.mouse(.press, at: row)
    screen.mouse(.drag, at: row.moved(dx: 9))
    screen.mouse(.drag, at: Point(x: 60, y: 12))
    screen.mouse(.release, at: Point(x: 60, y: 12))
    #expect(screen.takeEffects() == [])
    // Its own rows can be copied away: they are those that are shown.
    screen.press("Tab F5")
    #expect(screen.shows("~/site") && screen.dialog != nil)
    screen.press("Esc")
    let generation = screen.state[.right].generation
    screen.receive(.rows(.right, generation: generation, folder, [], isFirst: true))
    screen.receive(.listed(.right, generation: generation, ListingFacts()))
    screen.press("Tab F5")
    #expect(screen.shows("/www/assets") && screen.dialog != nil)
  }

  @Test("a pane that only looks again at its folder is one")
  func quiet() {
    var screen = Screen.filled()
    screen.receive(.changed(Screen.right))
    #expect(screen.state[.right].isBusy)
    screen.press("Down Down F5")
    #expect(screen.dialog != nil)
  }
}
