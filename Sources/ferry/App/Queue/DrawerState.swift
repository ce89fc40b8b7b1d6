/// The drawer below the panes.
struct DrawerState: Sendable {
  enum Tab: Int, CaseIterable, Hashable, Sendable {
    case queue, log, session
  }

  var isOpen = true
  /// Rows inside the frame, the line of tabs included; brought into bounds by the layout.
  var height = 6
  var tab = Tab.queue
  var queue = QueueView()
  /// The row under the queue's cursor.
  var cursor = 0
  var top = 0
  var log = LogBuffer()
  /// How far the log is scrolled up from its newest line.
  var logOffset = 0
  var session = SessionTab()

  var selected: QueueRow? { queue.rows.indices.contains(cursor) ? queue.rows[cursor] : nil }

  /// Takes a newer view of the queue; the cursor stays on its item.
  mutating func received(_ view: QueueView) {
    let id = selected?.id
    queue = view
    if let id, let row = view.rows.firstIndex(where: { $0.id == id }), cursor != 0 { cursor = row }
    cursor = max(0, min(cursor, view.rows.count - 1))
  }

  mutating func moveCursor(to row: Int, height: Int) {
    cursor = max(0, min(row, queue.rows.count - 1))
    revealCursor(height: height)
  }

  mutating func revealCursor(height: Int) {
    let height = max(1, height)
    if cursor < top { top = cursor }
    if cursor >= top + height { top = cursor - height + 1 }
    top = max(0, min(top, queue.rows.count - height))
  }

  mutating func scrollLog(by lines: Int, height: Int) {
    logOffset = max(0, min(logOffset + lines, log.count - max(1, height)))
  }
}
