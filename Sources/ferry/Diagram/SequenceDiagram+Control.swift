import FTP
import FTPSClient
import TLS
import Terminal

/// The control connection, from the head of the diagram to its end.
extension SequenceDiagram {
  mutating func drawHead(_ record: SessionRecord) {
    let server = record.server
    var title = DiagramRow(width: width)
    let number = "session \(record.number)"
    title.put("\(server)", in: 1..<width - number.count - 3, .title)
    title.put(number, in: 1..<width - 1, .note, fromRight: true)
    append(title)
    let (mode, ink): (String, DiagramInk) =
      switch server.mode {
      case .explicit: ("explicit TLS: in the clear up to AUTH TLS", .note)
      case .implicit: ("implicit TLS: encrypted before the first word", .note)
      case .plaintext: ("NOT ENCRYPTED: anybody on the way can read and change it", .warning)
      }
    var second = DiagramRow(width: width)
    second.put(mode, in: 1..<width - 1, ink)
    append(second)
    drawHeads(SafeText.escape(server.host), port: server.port)
  }

  /// The two ends in boxes, each with its life line below.
  private mutating func drawHeads(_ host: String, port: Int) {
    let suffix = " : \(port)"
    let shown = DisplayText(host).clipped(to: min(40, width - client - 30), at: .middle)
    let name = shown.text + suffix
    let start = width - (shown.width + suffix.count + 4)
    let boxes = [
      (range: client - 2..<client + 7, name: "Ferry", line: client),
      (range: start..<width, name: name, line: self.server),
    ]
    var rows = Array(repeating: DiagramRow(width: width), count: 3)
    for box in boxes {
      let (first, last) = (box.range.lowerBound, box.range.upperBound - 1)
      rows[0].fill(box.range, "─", .clear)
      rows[0].set("┌", first, .clear)
      rows[0].set("┐", last, .clear)
      rows[1].set("│", first, .clear)
      rows[1].put(box.name, in: first + 2..<last, .title)
      rows[1].set("│", last, .clear)
      rows[2].fill(box.range, "─", .clear)
      rows[2].set("└", first, .clear)
      rows[2].set("┘", last, .clear)
      rows[2].set("┬", box.line, .clear)
    }
    for row in rows { append(row) }
  }

  mutating func drawTCP(_ time: Duration, _ address: String, _ port: Int) {
    var row = row(time)
    row.fill(client + 1..<server, "┄", .clear)
    row.set("◄", client + 1, .clear)
    row.set("►", server - 1, .clear)
    let label = " TCP to \(SafeText.escape(address)) port \(port) "
    let start = client + (server - client - label.count) / 2
    row.put(label, in: max(start, client + 2)..<server - 1, .note)
    append(row)
  }

  // MARK: TLS

  /// The handshake up to the certificate, and what was decided about that.
  mutating func draw(_ judgement: SessionEvent.Judgement, _ time: Duration) {
    drawFlights(judgement.shown.messages, time)
    drawCertificate(judgement.shown)
    if let rejection = judgement.rejection {
      note("✗ not trusted: \(rejection)", .warning)
    } else if judgement.problems.isEmpty {
      note("✓ trusted: known authorities vouch for it", .good)
    } else {
      note("✓ accepted. \(judgement.problems.joined(separator: " "))", .good)
    }
  }

  private mutating func drawCertificate(_ protection: SessionEvent.Protection) {
    if !protection.subject.isEmpty { note("certificate: \(protection.subject)", .note) }
    guard let fingerprint = protection.fingerprint else { return }
    let perLine = room.count >= 12 + 3 * 16 ? 16 : 8
    for (index, pairs) in DiagramText.pairs(fingerprint.bytes, inLinesOf: perLine).enumerated() {
      var row = row()
      if index == 0 { row.put("SHA-256", in: room.lowerBound..<room.lowerBound + 8, .note) }
      row.put(pairs, in: room.lowerBound + 8..<room.upperBound, .note)
      append(row)
    }
  }

  /// The rest of the handshake, and the beginning of the tunnel.
  mutating func draw(_ protection: SessionEvent.Protection, _ time: Duration) {
    drawFlights(protection.messages, time)
    if protection.isResumed { drawCertificate(protection) }
    switch protection.clientCertificate {
    case .notAsked: break
    case .missing: note("the server asked for a certificate of ours; none was shown", .note)
    case .shown: note("our certificate was shown", .good)
    }
    let kind = protection.isResumed ? "resumed" : "full handshake"
    let settled = "\(protection.version) · \(protection.cipher)"
    let isShort = settled.count + kind.count < server - client - 16
    band(
      isShort ? "\(settled) · \(kind)" : settled, nil, ends: ("╔", "╗"), fill: "═", lineInk: .secure,
      .secure)
    isSecure = true
  }

  /// The messages that are not drawn yet, those that go together in one row.
  private mutating func drawFlights(_ messages: [HandshakeMessage], _ time: Duration) {
    var flight: [HandshakeMessage] = []
    var time: Duration? = time
    for message in messages.dropFirst(messagesDrawn) {
      if let first = flight.first, first.sender != message.sender || first.isEncrypted != message.isEncrypted {
        drawFlight(flight, time)
        time = nil
        flight = []
      }
      flight.append(message)
    }
    if !flight.isEmpty { drawFlight(flight, time) }
    messagesDrawn = max(messagesDrawn, messages.count)
  }

  private mutating func drawFlight(_ flight: [HandshakeMessage], _ time: Duration?) {
    let names = flight.map(\.name).joined(separator: ", ")
    for (index, names) in DiagramText.wrapped(names, to: room.count - 2).enumerated() {
      arrow(
        names, from: flight[0].sender == .client ? .client : .server, index == 0 ? time : nil, .handshake,
        isEncrypted: flight[0].isEncrypted)
    }
  }

  // MARK: Ends

  mutating func drawGap(_ count: Int) {
    lanes = []
    for text in ["┊", "", "┊"] {
      var row = DiagramRow(width: width)
      for x in [client, server] { row.set("┊", x, lifeInk) }
      if text.isEmpty { row.put("… \(count) events left out …", in: client + 4..<server, .note) }
      append(row)
    }
  }

  /// The session goes on.
  mutating func drawOpenEnd() {
    var row = row()
    for x in [client, server] { row.set("┊", x, lifeInk) }
    for lane in lanes { for x in [left(lane), right(lane)] { row.set("┊", x, ink(lane)) } }
    append(row)
  }

  mutating func drawEnd(_ reason: String, inOrder: Bool, _ time: Duration) {
    lanes = []
    if !inOrder { note("✗ \(reason)", .warning, time: time) }
    band(
      inOrder ? "closed in order" : "broken off", inOrder ? time : nil, ends: isSecure ? ("╚", "╝") : ("└", "┘"),
      fill: isSecure ? "═" : "─", lineInk: lifeInk, inOrder ? .note : .warning)
  }

  mutating func drawLegend() {
    var row = DiagramRow(width: width)
    let parts: [(String, DiagramInk)] = [
      ("──", .clear), (" in the clear  ", .note), ("══", .secure), (" encrypted  ", .note), ("━━", .data),
      (" encrypted data", .note),
    ]
    var x = client
    for (text, ink) in parts {
      row.put(text, in: x..<width, ink)
      x += text.count
    }
    append(row)
  }
}
