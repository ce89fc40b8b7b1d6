import Terminal

/// A line of a diagram while it is being drawn: cells from 0 on.
struct DiagramRow {
  private struct Cell {
    /// Empty in the second column of a wide character.
    var text: String
    var ink: DiagramInk
  }

  private var cells: [Cell]

  init(width: Int) { cells = Array(repeating: Cell(text: " ", ink: .note), count: width) }

  mutating func set(_ text: String, _ x: Int, _ ink: DiagramInk) {
    if cells.indices.contains(x) { cells[x] = Cell(text: text, ink: ink) }
  }

  mutating func fill(_ range: Range<Int>, _ text: String, _ ink: DiagramInk) {
    for x in range { set(text, x, ink) }
  }

  /// Puts a text into `room`, shortened where it is too long, and nothing beside it.
  mutating func put(_ text: String, in room: Range<Int>, _ ink: DiagramInk, fromRight: Bool = false) {
    let shown = DisplayText(text).clipped(to: room.count)
    var x = fromRight ? room.upperBound - shown.width : room.lowerBound
    for character in shown.text {
      set(String(character), x, ink)
      let width = DisplayText.width(of: String(character))
      for offset in 1..<max(2, width) where offset < width { set("", x + offset, ink) }
      x += width
    }
  }

  var line: DiagramLine {
    var runs: [DiagramLine.Run] = []
    for cell in cells {
      if runs.last?.ink == cell.ink {
        runs[runs.count - 1].text += cell.text
      } else {
        runs.append(DiagramLine.Run(text: cell.text, ink: cell.ink))
      }
    }
    return DiagramLine(runs: runs)
  }
}
