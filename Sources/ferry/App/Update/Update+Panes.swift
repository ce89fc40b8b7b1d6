import FTP
import SystemPackage
import Terminal

extension AppState {
  /// Asks for the rows of a place; the old ones stay until the first new ones come.
  mutating func list(_ side: Side, _ place: Place, quietly: Bool = false, wanted: FileName? = nil) -> [Effect] {
    if let name = self[side].current?.name { self[side].memory[self[side].place] = name }
    self[side].generation += 1
    self[side].activity = .listing(place, quietly: quietly)
    self[side].busySince = now
    self[side].quickSearch = nil
    if let wanted { self[side].wanted = wanted }
    return [.list(side, place, generation: self[side].generation)]
  }

  /// Opens what is under the cursor: a folder here, a file in the viewer.
  mutating func openCurrent(_ side: Side) -> [Effect] {
    let pane = self[side]
    if pane.isParent(row: pane.cursor) { return openParent(side) }
    guard let entry = pane.current else { return [] }
    if entry.isFolder { return list(side, pane.place.appending(entry.name)) + follow(side, into: entry.name) }
    return openViewer(side)
  }

  mutating func openParent(_ side: Side) -> [Effect] {
    guard let parent = self[side].place.parent else { return [] }
    return list(side, parent, wanted: self[side].place.name) + followUp(side)
  }

  // MARK: Both panes together

  /// The other pane goes into its folder of the same name; without one, it stops following.
  private mutating func follow(_ side: Side, into name: FileName) -> [Effect] {
    guard movesTogether else { return [] }
    let other = self[side.other]
    if other.isFolder(name) { return list(side.other, other.place.appending(name)) }
    return part("it has no folder “\(SafeText.escape(name.bytes))”")
  }

  private mutating func followUp(_ side: Side) -> [Effect] {
    guard movesTogether else { return [] }
    guard let parent = self[side.other].place.parent else { return part("it is at the top") }
    return list(side.other, parent, wanted: self[side.other].place.name)
  }

  private mutating func part(_ reason: String) -> [Effect] {
    movesTogether = false
    say("The other pane cannot follow: \(reason). Each moves by itself again.", isError: true)
    return []
  }

  mutating func received(_ entries: [Entry], of place: Place, in side: Side, generation: Int, isFirst: Bool) {
    guard generation == self[side].generation else { return }
    self[side].received(entries, of: place, isFirst: isFirst)
    self[side].revealCursor(height: layout[side].list.height)
  }

  mutating func finishedListing(_ side: Side, generation: Int, _ facts: ListingFacts) {
    guard generation == self[side].generation else { return }
    self[side].finishedListing()
    self[side].revealCursor(height: layout[side].list.height)
    self[side].freeBytes = facts.freeBytes
    if let link = facts.link { self[side].link = link }
    self[side].notice = facts.notice
  }

  /// The pane keeps what it shows; where it shows nothing yet, the reason takes the place of the rows.
  mutating func listingFailed(_ side: Side, generation: Int, _ reason: String) {
    guard generation == self[side].generation else { return }
    self[side].activity = .idle
    self[side].wanted = nil
    if self[side].entries.isEmpty {
      self[side].problem = reason
    } else if layers.isEmpty {
      tell("That did not work", reason)
    } else {
      say(reason, isError: true)
    }
  }

  /// Reads again every pane that shows a folder in which something changed, unless it is busy anyway.
  mutating func lookAgain(at place: Place) -> [Effect] {
    var effects: [Effect] = []
    for side in Side.allCases where self[side].place == place && !self[side].isBusy {
      effects += list(side, place, quietly: true)
    }
    return effects
  }

  mutating func operationFinished(
    _ folder: Place, select name: FileName?, said: String?, failure: String?
  ) -> [Effect] {
    if let said { say(said) }
    if let failure { tell("That did not work", failure) }
    for side in Side.allCases where self[side].place == folder {
      if let name { self[side].wanted = name }
    }
    return lookAgain(at: folder)
  }

  /// Leaves the server of a pane for the home folder.
  mutating func disconnect(_ side: Side) -> [Effect] {
    guard let server = self[side].place.server else { return [] }
    self[side].link = nil
    let isStillUsed = self[side.other].place.server == server
    let goHome = list(side, .local(home ?? "/"))
    return (isStillUsed ? [] : [.disconnect(server)]) + goHome
  }
}
