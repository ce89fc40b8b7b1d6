import Testing

@testable import Terminal

struct CanvasTests {
  @Test("a box with a title and a name reads as lines")
  func box() {
    var canvas = Canvas(size: Size(columns: 12, rows: 4))
    canvas.box(canvas.bounds)
    canvas.put(" a ", at: Point(x: 2, y: 0))
    canvas.put(bytes: Array("日本.txt".utf8), at: Point(x: 1, y: 1), maxWidth: 10)
    canvas.divider(in: canvas.bounds, y: 2)
    #expect(canvas.lines == ["┌─ a ──────┐", "│日本.txt  │", "├──────────┤", "└──────────┘"])
  }
}
