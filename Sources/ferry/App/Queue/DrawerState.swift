/// The drawer below the panes.
struct DrawerState: ScrollingList, Sendable {
  enum Tab: Int, CaseIterable, Hashable, Sendable {
    case queue, log, session
  }

  struct Dropped: Hashable, Sendable {
    var id: Int64
    var row: Int
  }

  var isOpen = true
  /// Rows inside the frame, the line of tabs included; brought into bounds by the layout.
  var height = 6
  var tab = Tab.queue
  var queue = QueueView()
  /// The part of the queue that is shown.
  private(set) var filter = QueueFilter.all
  /// The first rows of all parts together, as they were last.
  private var overview: [QueueRow] = []
  /// The window of rows that was asked for last.
  var window = QueueWindow()
  /// What is marked: commands mean that instead of the row under the cursor.
  var marked: QueueSelection?
  /// A transfer that was dropped somewhere else and stands at its old row yet: the cursor goes with it.
  var dropped: Dropped?
  /// The row under the queue's cursor, counted in the part that is shown.
  var cursor = 0
  var top = 0
  var speeds = SpeedHistory()
  var log = LogBuffer()
  /// How far the log is scrolled up from its newest line.
  var logOffset = 0
  var session = SessionTab()

  /// How many rows the part that is shown has.
  var rowCount: Int { queue.count(filter) }

  /// A row of the part that is shown; nil while it is not known.
  func row(_ index: Int) -> QueueRow? { queue.window.filter == filter ? queue[index] : nil }

  var selected: QueueRow? { row(cursor) }

  /// What a command means: what is marked, else the row under the cursor.
  var selection: QueueSelection? { marked ?? selected.map { .items([$0.id]) } }

  func isMarked(_ row: QueueRow) -> Bool {
    switch marked {
    case nil: false
    case .items(let ids): ids.contains(row.id)
    case .order(let order): row.order == order
    case .part(let part): part == filter
    }
  }

  /// Takes a newer view of the queue; the cursor stays on its item.
  mutating func received(_ view: QueueView, now: Int64) {
    let id = selected?.id
    queue = view
    defer {
      if view.running > 0 || !speeds.isEmpty { speeds.record(view.speed, at: now) }
    }
    if view.window == QueueWindow() { overview = view.rows }
    func row(of id: Int64) -> Int? { view.rows.firstIndex { $0.id == id }.map { $0 + view.window.offset } }
    if let dropped {
      let row = row(of: dropped.id)
      if row != dropped.row { self.dropped = nil }
      if let row { cursor = row }
    } else if let id, cursor != 0, let row = row(of: id) {
      cursor = row
    }
    cursor = max(0, min(cursor, rowCount - 1))
  }

  mutating func show(_ part: QueueFilter) {
    guard part != filter else { return }
    // Until its rows come: those of it that are known.
    queue.rows = overview.filter { part == .all || $0.part == part }
    queue.window = QueueWindow(part, around: 0)
    filter = part
    marked = nil
    cursor = 0
    top = 0
  }

  /// Goes on to the next part, or back.
  mutating func walkParts(by step: Int) {
    let count = QueueFilter.allCases.count
    show(QueueFilter.allCases[((filter.rawValue + step) % count + count) % count])
  }

  mutating func toggleMark(_ row: QueueRow) {
    var ids: [Int64] = []
    if case .items(let marked) = marked { ids = marked }
    if let index = ids.firstIndex(of: row.id) { ids.remove(at: index) } else { ids.append(row.id) }
    marked = ids.isEmpty ? nil : .items(ids)
  }

  mutating func scrollLog(by lines: Int, height: Int) {
    logOffset = max(0, min(logOffset + lines, log.count - max(1, height)))
  }
}
