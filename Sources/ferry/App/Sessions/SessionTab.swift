import FTPSClient

/// The drawer's tab that draws a session: which one, and how far it is scrolled.
struct SessionTab: Sendable {
  /// All that is kept, oldest session first.
  private(set) var records: [SessionRecord] = []
  /// The session that a person turned to; nil shows the newest that is open.
  private var chosen: Int?
  /// The diagram of the session that is shown, in lines as wide as the tab.
  private(set) var lines: [DiagramLine] = []
  private(set) var width = 80
  /// How far it is scrolled up from its end; at the end it follows what happens.
  private(set) var offset = 0
  /// Somebody will tell when there is more.
  var isWatching = false

  var index: Int? {
    records.firstIndex { $0.number == chosen } ?? records.lastIndex { !$0.hasEnded } ?? records.indices.last
  }

  var shown: SessionRecord? { index.map { records[$0] } }

  /// Takes newer records; a person who reads further up stays where they are.
  mutating func received(_ records: [SessionRecord], height: Int) {
    let before = (shown?.number, lines.count)
    self.records = records
    draw(height: height)
    if offset > 0, before.0 == shown?.number { scroll(by: lines.count - before.1, height: height) }
  }

  mutating func resize(width: Int, height: Int) {
    self.width = width
    draw(height: height)
  }

  /// Turns to the next session, or the one before.
  mutating func turn(by step: Int, height: Int) {
    guard let index, !records.isEmpty else { return }
    chosen = records[(index + step + records.count) % records.count].number
    offset = 0
    draw(height: height)
  }

  mutating func scroll(by rows: Int, height: Int) {
    offset = max(0, min(offset + rows, lines.count - max(1, height)))
  }

  /// The first line that is seen.
  func top(height: Int) -> Int { max(0, lines.count - height - offset) }

  private mutating func draw(height: Int) {
    lines = shown.map { SequenceDiagram.lines(of: $0, width: width) } ?? []
    scroll(by: 0, height: height)
  }
}
