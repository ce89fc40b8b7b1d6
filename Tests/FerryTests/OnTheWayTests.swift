import FTP
import SystemPackage
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

  @Test("one that did not get to its server is no place for anything until it shows a folder again")
  func notReached() throws {
    var screen = Screen(right: .local("/home/ada/empty"))
    screen.fill(.left, Screen.leftRows)
    screen.fill(.right, [Screen.file(".hidden", 1, "20240101000000")])
    let other = ServerAddress(host: "mirror.example.org")
    _ = screen.state.connect(.right, ConnectRequest(server: other))
    screen.press("F7")
    #expect(screen.state.layers.isEmpty && screen.shows("The right pane is still on its way to ftpes://mirror.example"))
    screen.receive(.listingFailed(.right, generation: screen.state[.right].generation, "No."))
    screen.press("Esc")
    // Something is there, so the pane shows that and is a place.
    #expect(screen.shows("~/empty"))

    screen.fill(.right, [])
    _ = screen.state.connect(.right, ConnectRequest(server: other))
    screen.receive(.listingFailed(.right, generation: screen.state[.right].generation, "You rejected it."))
    #expect(screen.shows("ftpes://mirror.example.org") && !screen.shows("~/empty"))
    for key in ["F3", "F4", "F5", "F6", "F7", "F8", "="] {
      screen.press(key)
      #expect(screen.state.layers.isEmpty && screen.shows("The right pane did not get to ftpes://mirror"), "\(key)")
    }
    screen.press("Tab Down Down")
    for key in ["F5", "F6", "Y"] {
      screen.press(key)
      #expect(screen.state.layers.isEmpty && screen.shows("The right pane did not get to ftpes://mirror"), "\(key)")
    }
    screen.effects = []
    let row = try screen.find("style.css")
    screen.mouse(.press, at: row)
    screen.mouse(.drag, at: row.moved(dx: 9))
    screen.mouse(.drag, at: Point(x: 60, y: 12))
    screen.mouse(.release, at: Point(x: 60, y: 12))
    #expect(screen.takeEffects() == [])
    screen.press("Tab")
    _ = screen.state.list(.right, .local("/home/ada/empty"))
    screen.fill(.right, [])
    screen.press("F7")
    #expect(screen.shows("In ~/empty") && screen.dialog != nil)
  }

  @Test("a server is left when no pane shows it, is on its way there, or would try it again")
  func visited() throws {
    var screen = Screen.filled()
    let other = ServerAddress(host: "mirror.example.org", user: "ada")
    #expect(screen.state.visited == [Screen.server])
    _ = screen.state.connect(.right, ConnectRequest(server: other))
    #expect(screen.state.visited == [Screen.server, other])
    screen.receive(.listingFailed(.right, generation: screen.state[.right].generation, "No."))
    #expect(screen.state.visited == [Screen.server, other])
    screen.press("Esc C-r")
    screen.fill(.right, Screen.rightRows)
    #expect(screen.state.visited == [Screen.server])

    _ = screen.state.connect(.right, ConnectRequest(server: other))
    let (generation, folder) = (screen.state[.right].generation, try RemotePath("/"))
    screen.receive(.connected(.right, generation: generation, other, folder: folder))
    #expect(screen.state.visited == [Screen.server, other])
    screen.receive(.rows(.right, generation: generation, .remote(other, folder), [], isFirst: true))
    #expect(screen.state.visited == [other])
    screen.receive(.listed(.right, generation: generation, ListingFacts()))
    screen.press("~")
    #expect(screen.state.visited == [other])
    screen.receive(.rows(.right, generation: generation + 1, .local("/home/ada"), [], isFirst: true))
    #expect(screen.state.visited.isEmpty)
  }

  @Test("a server is left when the way there is given up, also where it was reached already")
  func givenUp() throws {
    var screen = Screen.filled()
    let other = ServerAddress(host: "mirror.example.org", user: "ada")
    for isReached in [false, true] {
      _ = screen.state.connect(.right, ConnectRequest(server: other))
      let generation = screen.state[.right].generation
      if isReached { screen.receive(.connected(.right, generation: generation, other, folder: .root)) }
      #expect(screen.state.visited == [Screen.server, other])
      screen.press("Esc")
      #expect(screen.state.visited == [Screen.server])
    }
  }

  @Test("who has gone away as one user and is there as another has not left the server")
  func users() {
    let (ada, bob) = (Screen.server, ServerAddress(host: Screen.server.host, user: "bob"))
    let other = ServerAddress(host: "mirror.example.org", user: "ada")
    let visits = Visits()
    #expect(visits.change(to: [ada, bob]).isEmpty)
    #expect(visits.contains(ada, besides: ada) && !visits.contains(other))
    #expect(visits.change(to: [bob, other]).isEmpty)
    #expect(visits.contains(ada) && !visits.contains(bob, besides: bob))
    #expect(visits.change(to: [other]) == [bob])
    #expect(!visits.contains(ada) && !visits.contains(bob))
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
