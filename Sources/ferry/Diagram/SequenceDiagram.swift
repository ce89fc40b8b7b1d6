import FTP
import FTPSClient
import Terminal

/// Draws a session as a sequence diagram: the client on the left, the server on the right, time running down.
///
/// Thin lines can be read by anybody on the way. Once TLS is there, the control connection is a tunnel of double lines,
/// and each data connection a box of heavy lines in it, with its bytes and whether it resumed the session. With explicit
/// TLS some lines stand above the tunnel; with implicit TLS the tunnel comes first.
struct SequenceDiagram {
  /// Columns that a diagram may have; other widths are brought into these.
  static let widths = 60...120

  enum End { case client, server }

  /// A data connection that is open.
  struct Lane {
    var number: Int
    /// How far inside: 0 for the outermost.
    var depth: Int
    var direction: TransferExchange.Direction
    /// It carries data; nil before.
    var isEncrypted: Bool?
  }

  let width: Int
  /// The columns of the life lines.
  let client = 11
  let server: Int
  private(set) var lines: [DiagramLine] = []
  /// The control connection is encrypted.
  var isSecure = false
  var lanes: [Lane] = []
  /// Messages of the control connection's handshake that are drawn already.
  var messagesDrawn = 0

  private init(width: Int) {
    self.width = min(max(width, Self.widths.lowerBound), Self.widths.upperBound)
    server = self.width - 3
  }

  /// The diagram of a session, in lines of at most `width` columns.
  static func lines(of record: SessionRecord, width: Int) -> [DiagramLine] {
    var diagram = SequenceDiagram(width: width)
    diagram.drawHead(record)
    for event in record.beginning { diagram.draw(event) }
    if record.omitted > 0 { diagram.drawGap(record.omitted) }
    for event in record.latest { diagram.draw(event) }
    if !record.hasEnded { diagram.drawOpenEnd() }
    diagram.drawLegend()
    return diagram.lines
  }

  /// The diagram as text, as it is saved and printed.
  static func text(of record: SessionRecord, width: Int) -> String {
    lines(of: record, width: width).map { $0.text + "\n" }.joined()
  }

  private mutating func draw(_ event: SessionEvent) {
    switch event.kind {
    case .connecting: break
    case .connected(let address, let port): drawTCP(event.time, address, port)
    case .command(let text): arrow(text, from: .client, event.time, .command)
    case .reply(let code, let text, let count):
      let more = count > 1 ? " (\(count) lines)" : ""
      arrow("\(code) \(text)\(more)", from: .server, event.time, code >= 400 ? .refusal : .reply)
    case .judged(let judgement): draw(judgement, event.time)
    case .secured(let protection): draw(protection, event.time)
    case .data(let number, .connecting(let direction, let port)):
      openLane(number, direction, port: port, event.time)
    case .data(let number, .opened(let protection)): protectLane(number, protection, event.time)
    case .data(let number, .ended(let bytes, let problem)):
      closeLane(number, bytes: bytes, problem: problem, event.time)
    case .ended(let reason, let inOrder): drawEnd(reason, inOrder: inOrder, event.time)
    }
  }

  // MARK: Rows

  mutating func append(_ row: DiagramRow) { lines.append(row.line) }

  /// A row with its time, the life lines and the open data connections.
  func row(_ time: Duration? = nil) -> DiagramRow {
    var row = DiagramRow(width: width)
    if let time { row.put(DiagramText.time(time), in: 0..<9, .time, fromRight: true) }
    for x in [client, server] { row.set(isSecure ? "║" : "│", x, lifeInk) }
    for lane in lanes {
      for x in [left(lane), right(lane)] { row.set(lane.isEncrypted == true ? "┃" : "│", x, ink(lane)) }
    }
    return row
  }

  var lifeInk: DiagramInk { isSecure ? .secure : .clear }
  func left(_ lane: Lane) -> Int { client + 3 + 2 * lane.depth }
  func right(_ lane: Lane) -> Int { server - 3 - 2 * lane.depth }
  func ink(_ lane: Lane) -> DiagramInk { lane.isEncrypted == true ? .data : .clear }

  /// Columns for texts between the life lines and inside all open data connections.
  var room: Range<Int> {
    let depth = lanes.map(\.depth).max().map { 2 * $0 + 2 } ?? 0
    return (client + 3 + depth)..<(server - 2 - depth)
  }

  /// An arrow from one life line to the other, with its text at the end where it begins.
  ///
  /// - Parameter isEncrypted: nil for as the life lines are.
  mutating func arrow(
    _ text: String, from end: End, _ time: Duration?, _ ink: DiagramInk, isEncrypted: Bool? = nil
  ) {
    let isEncrypted = isEncrypted ?? isSecure
    let lineInk: DiagramInk = isEncrypted ? .secure : .clear
    var row = row(time)
    row.fill(client + 1..<server, isEncrypted ? "═" : "─", lineInk)
    for lane in lanes {
      let crossing = lane.isEncrypted == true ? "┃" : isEncrypted ? "╪" : "┼"
      for x in [left(lane), right(lane)] { row.set(crossing, x, self.ink(lane)) }
    }
    switch end {
    case .client:
      row.set(isSecure ? "╠" : isEncrypted ? "╞" : "├", client, lifeInk)
      row.set("►", server - 1, lineInk)
    case .server:
      row.set("◄", client + 1, lineInk)
      row.set(isSecure ? "╣" : isEncrypted ? "╡" : "┤", server, lifeInk)
    }
    let room = room
    let shown = DisplayText(text).clipped(to: room.count - 2)
    let label = " \(shown.text) "
    row.put(label, in: room, ink, fromRight: end == .server)
    append(row)
  }

  /// A sentence between the life lines, in as many rows as it takes.
  mutating func note(_ text: String, _ ink: DiagramInk, indent: Int = 0, time: Duration? = nil) {
    let room = (self.room.lowerBound + indent)..<self.room.upperBound
    for (index, line) in DiagramText.wrapped(text, to: room.count).enumerated() {
      var row = row(index == 0 ? time : nil)
      row.put(line, in: room, ink)
      append(row)
    }
  }

  /// A line across from life line to life line with a text in its middle, such as the tunnel's ends.
  mutating func band(
    _ label: String, _ time: Duration?, ends: (String, String), fill: String, lineInk: DiagramInk, _ ink: DiagramInk
  ) {
    var row = row(time)
    row.fill(client + 1..<server, fill, lineInk)
    row.set(ends.0, client, lineInk)
    row.set(ends.1, server, lineInk)
    let shown = DisplayText(label).clipped(to: server - client - 7)
    let start = client + 1 + (server - client - 1 - shown.width - 2) / 2
    row.put(" \(shown.text) ", in: start..<start + shown.width + 2, ink)
    append(row)
  }
}
