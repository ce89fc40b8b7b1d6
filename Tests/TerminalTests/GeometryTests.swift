import Testing

@testable import Terminal

struct GeometryTests {
  private let rect = Rect(x: 2, y: 3, width: 10, height: 4)

  @Test("a rectangle contains its cells and no others")
  func contains() {
    #expect(rect.contains(Point(x: 2, y: 3)) && rect.contains(Point(x: 11, y: 6)))
    #expect(
      !rect.contains(Point(x: 12, y: 6)) && !rect.contains(Point(x: 11, y: 7)) && !rect.contains(Point(x: 1, y: 3)))
    #expect(rect.contains(rect) && rect.contains(Rect.zero) && !rect.contains(Rect(x: 2, y: 3, width: 11, height: 1)))
  }

  @Test("insets never turn a rectangle inside out")
  func inset() {
    #expect(rect.inset(by: 1) == Rect(x: 3, y: 4, width: 8, height: 2))
    #expect(rect.inset(by: 3).isEmpty)
    #expect(rect.inset(left: 1, bottom: 2) == Rect(x: 3, y: 3, width: 9, height: 2))
  }

  @Test("an intersection is what lies in both")
  func intersection() {
    #expect(rect.intersection(Rect(x: 0, y: 0, width: 5, height: 5)) == Rect(x: 2, y: 3, width: 3, height: 2))
    #expect(rect.intersection(Rect(x: 50, y: 0, width: 5, height: 5)).isEmpty)
  }

  @Test("rows are counted from both ends")
  func rows() {
    #expect(rect.row(0) == Rect(x: 2, y: 3, width: 10, height: 1))
    #expect(rect.row(-1) == Rect(x: 2, y: 6, width: 10, height: 1))
    #expect(rect.row(4).isEmpty && rect.row(-5).isEmpty)
  }

  @Test("what is centred fits")
  func centered() {
    #expect(rect.centered(Size(columns: 4, rows: 2)) == Rect(x: 5, y: 4, width: 4, height: 2))
    #expect(rect.centered(Size(columns: 99, rows: 99)) == rect)
  }
}
