import FTP
import FTPSClient
import Terminal

/// The data connections, each a box inside the control connection.
extension SequenceDiagram {
  /// Lanes deeper than this would leave no room for their texts.
  private static let deepest = 3

  mutating func openLane(_ number: Int, _ direction: TransferExchange.Direction, port: Int, _ time: Duration) {
    let taken = lanes.map(\.depth)
    let depth = (0..<Self.deepest).first { !taken.contains($0) } ?? Self.deepest
    let lane = Lane(number: number, depth: depth, direction: direction)
    var row = row(time)
    across(&row, lane, "┌", "┄", "┐", .clear, label: "data \(number) · TCP to port \(port)", .note)
    row.set("►", right(lane) - 1, .clear)
    lanes.append(lane)
    append(row)
  }

  mutating func protectLane(_ number: Int, _ protection: SessionEvent.Protection?, _ time: Duration) {
    guard let index = lanes.firstIndex(where: { $0.number == number }) else { return }
    lanes[index].isEncrypted = protection != nil
    var row = row(time)
    if let protection {
      let how = protection.isResumed ? "session resumed" : "NOT resumed, full handshake"
      across(
        &row, lanes[index], "┢", "━", "┪", .data, label: "\(protection.version) · \(how)",
        protection.isResumed ? .good : .warning)
    } else {
      across(&row, lanes[index], "├", "─", "┤", .clear, label: "not encrypted", .warning)
    }
    append(row)
  }

  mutating func closeLane(_ number: Int, bytes: Int64, problem: String?, _ time: Duration) {
    guard let index = lanes.firstIndex(where: { $0.number == number }) else {
      // Its beginning was left out.
      return note("data \(number): \(DiagramText.bytes(bytes))\(problem.map { ", ✗ \($0)" } ?? "")", .note, time: time)
    }
    let lane = lanes[index]
    let isHeavy = lane.isEncrypted == true
    let fill = isHeavy ? "━" : "─"
    var isTimed = false
    if lane.isEncrypted != nil, problem == nil || bytes > 0 {
      isTimed = true
      var row = row(time)
      let what = lane.direction == .listing ? "listing, \(DiagramText.bytes(bytes))" : DiagramText.bytes(bytes)
      let isUpload = lane.direction == .upload
      row.fill(left(lane) + 1..<right(lane), fill, ink(lane))
      row.set(isUpload ? "►" : "◄", isUpload ? right(lane) - 1 : left(lane) + 1, ink(lane))
      row.put(" \(what) ", in: left(lane) + 2..<right(lane) - 1, .title, fromRight: !isUpload)
      append(row)
    }
    if let problem {
      let room = left(lane) + 2..<right(lane) - 1
      for (index, line) in DiagramText.wrapped("✗ \(problem)", to: room.count).enumerated() {
        var row = row(index == 0 && !isTimed ? time : nil)
        row.put(line, in: room, .warning)
        append(row)
      }
    }
    lanes.remove(at: index)
    var row = row()
    across(&row, lane, isHeavy ? "┗" : "└", fill, isHeavy ? "┛" : "┘", ink(lane), label: nil, .note)
    append(row)
  }

  /// A side of a box; boxes inside it stay as they are.
  private func across(
    _ row: inout DiagramRow, _ lane: Lane, _ start: String, _ fill: String, _ end: String, _ lineInk: DiagramInk,
    label: String?, _ ink: DiagramInk
  ) {
    let (left, right) = (left(lane), right(lane))
    row.fill(left + 1..<right, fill, lineInk)
    for inner in lanes where inner.depth > lane.depth {
      for x in [self.left(inner), self.right(inner)] {
        row.set(inner.isEncrypted == true ? "┃" : "│", x, self.ink(inner))
      }
    }
    row.set(start, left, lineInk)
    row.set(end, right, lineInk)
    guard let label else { return }
    let depth = lanes.map(\.depth).filter { $0 > lane.depth }.max().map { 2 * ($0 - lane.depth) } ?? 0
    let shown = DisplayText(label).clipped(to: right - left - 6 - 2 * depth)
    row.put(" \(shown.text) ", in: left + 2 + depth..<right - 1, ink)
  }
}
