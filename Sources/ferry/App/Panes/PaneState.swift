import FTP

/// One pane: the folder it shows, its rows, where the cursor is, what is marked, what it is doing.
struct PaneState: ScrollingList, Sendable {
  /// What a pane is busy with. The rows of before stay while it is.
  enum Activity: Hashable, Sendable {
    case idle
    /// Rows of `place` are on their way; `quietly` for one that only looks again.
    case listing(Place, quietly: Bool)
    /// A session with this server is being opened.
    case connecting(ServerAddress)
  }

  var place: Place
  /// As listed, in no order.
  private(set) var entries: [Entry] = []
  /// The rows shown below `..`: indices of `entries`, filtered and in order.
  private(set) var order: [Int32] = []
  /// Whether rows have changed since they were put in order.
  private var isOrderStale = false
  /// The row under the cursor; 0 is `..` where there is one.
  var cursor = 0
  /// The first row on the screen.
  var top = 0
  var marks: Set<FileName> = []
  private(set) var sort = SortOrder()
  private(set) var showsHidden = false
  var quickSearch: String?
  var activity = Activity.idle
  /// When the activity began: milliseconds of `AppState.now`.
  var busySince: Int64 = 0
  /// Counts requests for rows; an answer to an older one is dropped.
  var generation = 0
  /// Whether rows for this generation have arrived: the first replace the old ones.
  var isFilling = false
  /// Why there is nothing to show, as a sentence.
  var problem: String?
  /// The server that was asked for, until its first rows are here: what another try is about. Without the password that
  /// was typed, which may have been the reason.
  private(set) var unreached: ConnectRequest?
  /// Something to know about the rows shown, such as lines of the listing that were not understood.
  var notice: String?
  var freeBytes: Int64?
  var link: LinkFacts?
  /// Where the cursor was in folders seen before.
  var memory: [Place: FileName] = [:]
  /// The row to put the cursor on once it arrives.
  var wanted: FileName?

  init(place: Place) { self.place = place }

  var hasParent: Bool { place.parent != nil }
  /// Rows with the one for `..`.
  var rowCount: Int { order.count + (hasParent ? 1 : 0) }
  var isBusy: Bool { activity != .idle }
  /// Whether there is no row but the one for the folder above.
  var isUnfilled: Bool { order.isEmpty }

  /// The entry of a row; nil for `..` and outside.
  func entry(at row: Int) -> Entry? {
    let index = row - (hasParent ? 1 : 0)
    return order.indices.contains(index) ? entries[Int(order[index])] : nil
  }

  /// The entry under the cursor; nil on `..` and in an empty folder.
  var current: Entry? { entry(at: cursor) }

  func isParent(row: Int) -> Bool { hasParent && row == 0 }

  /// The rows of some names, as far as they are shown, in the order shown.
  func entries(named names: Set<FileName>) -> [Entry] {
    order.lazy.map { entries[Int($0)] }.filter { names.contains($0.name) }
  }

  /// The row of a name; nil if it is not shown.
  func row(of name: FileName) -> Int? {
    order.firstIndex { entries[Int($0)].name == name }.map { $0 + (hasParent ? 1 : 0) }
  }

  /// Whether something of this name is in the folder, shown or not.
  func contains(_ name: FileName) -> Bool { entries.contains { $0.name == name } }

  func isFolder(_ name: FileName) -> Bool { entries.contains { $0.name == name && $0.isFolder } }

  /// What an operation is about: the marked rows, else the one under the cursor. In the order shown.
  var chosen: [Entry] {
    if marks.isEmpty { return current.map { [$0] } ?? [] }
    return markedEntries
  }

  /// The marked rows in the order shown.
  var markedEntries: [Entry] {
    marks.isEmpty ? [] : order.lazy.map { entries[Int($0)] }.filter { marks.contains($0.name) }
  }

  /// Begins to open a session with another server.
  mutating func connect(to request: ConnectRequest, now: Int64) {
    generation += 1
    activity = .connecting(request.server)
    busySince = now
    problem = nil
    unreached = request
    unreached?.password = nil
  }

  /// What it waits for is not wanted any more: nor is a server that it was on its way to, unless it says why not.
  mutating func giveUp() {
    generation += 1
    activity = .idle
    wanted = nil
    if problem == nil { unreached = nil }
  }

  // MARK: Rows

  /// Takes rows; the first of a generation replace those of before and bring the pane to their folder.
  mutating func received(_ rows: [Entry], of place: Place, isFirst: Bool) {
    if isFirst {
      let isSamePlace = place == self.place
      let name = wanted ?? (isSamePlace ? current?.name : nil) ?? memory[place]
      let oldCursor = cursor
      if !isSamePlace {
        marks = []
        top = 0
        quickSearch = nil
        notice = nil
      }
      self.place = place
      problem = nil
      unreached = nil
      entries = rows
      arrange(keeping: name, else: isSamePlace ? oldCursor : 0)
      if let name, row(of: name) != nil { wanted = nil }
      if isSamePlace, !marks.isEmpty { forgetLostMarks() }
    } else {
      let name = wanted ?? current?.name
      entries += rows
      arrange(keeping: name, else: cursor)
      if let name, row(of: name) != nil { wanted = nil }
    }
  }

  /// Takes what became known of rows that are there. They are put in order anew once all is known.
  mutating func receivedFacts(from start: Int, _ rows: [Entry]) {
    guard start + rows.count <= entries.count else { return }
    for (offset, row) in rows.enumerated() {
      if row.isFolder != entries[start + offset].isFolder { isOrderStale = true }
      entries[start + offset] = row
    }
    if sort.key == .size || sort.key == .modified { isOrderStale = true }
  }

  /// All rows of the generation are there.
  mutating func finishedListing() {
    activity = .idle
    if isOrderStale { arrange(keeping: current?.name, else: cursor) }
    wanted = nil
    forgetLostMarks()
  }

  mutating func choose(_ sort: SortOrder) {
    self.sort = sort
    arrange(keeping: current?.name, else: cursor)
  }

  mutating func setShowsHidden(_ shows: Bool) {
    showsHidden = shows
    arrange(keeping: current?.name, else: cursor)
    if !shows { marks = marks.filter { $0.bytes.first != UInt8(ascii: ".") } }
  }

  /// Sorts and filters anew; the cursor stays on `name`, else on row `fallback`.
  private mutating func arrange(keeping name: FileName?, else fallback: Int) {
    order = SortKeys.sorted(entries, by: sort)
    isOrderStale = false
    if !showsHidden { order.removeAll { entries[Int($0)].isHidden } }
    cursor = name.flatMap { row(of: $0) } ?? max(0, min(fallback, rowCount - 1))
  }

  private mutating func forgetLostMarks() {
    guard !marks.isEmpty else { return }
    marks.formIntersection(Set(order.map { entries[Int($0)].name }))
  }
}
