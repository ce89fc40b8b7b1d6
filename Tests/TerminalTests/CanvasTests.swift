import Testing

@testable import Terminal

struct CanvasTests {
  private func canvas(_ columns: Int, _ rows: Int) -> Canvas { Canvas(size: Size(columns: columns, rows: rows)) }

  @Test("a box with a title, a name and a divider reads as lines")
  func box() {
    var canvas = canvas(12, 4)
    canvas.box(canvas.bounds)
    canvas.put(" a ", at: Point(x: 2, y: 0))
    canvas.put(bytes: Array("日本.txt".utf8), at: Point(x: 1, y: 1), maxWidth: 10)
    canvas.divider(in: canvas.bounds, y: 2)
    #expect(canvas.lines == ["┌─ a ──────┐", "│日本.txt  │", "├──────────┤", "└──────────┘"])
  }

  @Test(
    "each kind of box has its corners",
    arguments: [
      (BoxKind.single, "┌─┐│└┘"), (.double, "╔═╗║╚╝"), (.rounded, "╭─╮│╰╯"), (.heavy, "┏━┓┃┗┛"), (.ascii, "+-+|++"),
    ])
  func corners(kind: BoxKind, glyphs: String) {
    var canvas = canvas(3, 3)
    canvas.box(canvas.bounds, kind: kind)
    let seen = [(0, 0), (1, 0), (2, 0), (0, 1), (0, 2), (2, 2)].map { canvas[$0.0, $0.1].text }.joined()
    #expect(seen == glyphs)
  }

  @Test(
    "texts that are too long are cut where asked",
    arguments: [
      (DisplayText.Overflow.end, "abcde…"), (.middle, "abc…ij"), (.start, "…fghij"), (.clip, "abcdef"),
    ])
  func overflow(overflow: DisplayText.Overflow, expected: String) {
    var canvas = canvas(10, 1)
    let used = canvas.put("abcdefghij", at: .origin, maxWidth: 6, overflow: overflow)
    #expect(used == 6)
    #expect(canvas.lines == [expected])
  }

  @Test(
    "alignment places a text within its columns",
    arguments: [
      (Canvas.Alignment.left, "|ab    |"), (.center, "|  ab  |"), (.right, "|    ab|"),
    ])
  func alignment(alignment: Canvas.Alignment, expected: String) {
    var canvas = canvas(8, 1)
    canvas.put("|", at: .origin)
    canvas.put("|", at: Point(x: 7, y: 0))
    canvas.put("ab", at: Point(x: 1, y: 0), maxWidth: 6, alignment: alignment)
    #expect(canvas.lines == [expected])
  }

  @Test("a wide character is never halved by the end of its columns")
  func wideAtTheEnd() {
    var canvas = canvas(6, 2)
    #expect(canvas.put("日本", at: .origin, maxWidth: 3, overflow: .clip) == 2)
    #expect(canvas.put("日本", at: Point(x: 0, y: 1), maxWidth: 3) == 3)
    #expect(canvas.lines == ["日", "日…"])
    #expect(canvas.put("日", at: Point(x: 5, y: 0)) == 1)
    #expect(canvas[5, 0].text == "…")
  }

  @Test("a wide character that the clip's edge halves becomes a blank")
  func wideAtTheClip() {
    var canvas = canvas(6, 1)
    canvas.clipped(to: Rect(x: 1, y: 0, width: 4, height: 1)) {
      $0.put("日本語", at: .origin, maxWidth: 6)
    }
    #expect(canvas.lines == ["  本"])
    #expect(canvas[4, 0] == Cell(text: " "))
  }

  @Test(
    "overwriting one half of a wide character blanks the other",
    arguments: [
      (0, "x b"), (1, " xb"),
    ])
  func overwriteHalf(x: Int, expected: String) {
    var canvas = canvas(3, 1)
    canvas.put("日b", at: .origin)
    canvas.put("x", at: Point(x: x, y: 0))
    #expect(canvas.lines == [expected])
    #expect(canvas[0, 0].width == 1)
    #expect(canvas[1, 0].width == 1)
  }

  @Test("filling over one half of a wide character blanks the other")
  func fillHalf() {
    var canvas = canvas(6, 1)
    canvas.put("日本語", at: .origin)
    canvas.fill(Rect(x: 1, y: 0, width: 4, height: 1), with: "x")
    #expect(canvas.lines == [" xxxx"])
    #expect((0..<6).map { canvas[$0, 0].width } == [1, 1, 1, 1, 1, 1])
  }

  @Test("nothing is drawn outside the clip, and clips nest")
  func clips() {
    var canvas = canvas(6, 3)
    canvas.clipped(to: Rect(x: 1, y: 1, width: 4, height: 5)) { outer in
      outer.clipped(to: Rect(x: 0, y: 0, width: 3, height: 2)) { inner in
        inner.fill(inner.bounds, with: "#")
        inner.put("abcdef", at: Point(x: -1, y: 1), maxWidth: 6)
      }
      outer.put("zz", at: Point(x: 4, y: 2), maxWidth: 2)
    }
    #expect(canvas.lines == ["", " cd", "    z"])
    #expect(canvas.clip == canvas.bounds)
  }

  @Test("drawing far outside is ignored", arguments: [-1000, 1000])
  func farOutside(place: Int) {
    var canvas = canvas(4, 2)
    let empty = canvas
    for point in [Point(x: place, y: 0), Point(x: 0, y: place), Point(x: place, y: place)] {
      canvas.put("text 日本", at: point, maxWidth: 9)
      canvas.box(Rect(x: point.x, y: point.y, width: 5, height: 5))
      canvas.fill(Rect(x: point.x, y: point.y, width: 3, height: 3), with: "x")
    }
    #expect(canvas == empty)
    #expect(canvas[place, 0] == Cell(text: " "))
  }

  @Test("a style changes without the text, and dimming darkens")
  func restyle() {
    var canvas = canvas(3, 1)
    canvas.put("abc", at: .origin, style: Style(foreground: .rgb(200, 100, 50), background: .red))
    canvas.restyle(Rect(x: 1, y: 0, width: 1, height: 1)) { $0 = $0.with(.reverse) }
    canvas.dim(Rect(x: 2, y: 0, width: 1, height: 1))
    #expect(canvas.lines == ["abc"])
    #expect(canvas[1, 0].style.attributes == .reverse)
    #expect(canvas[2, 0].style == Style(foreground: .rgb(100, 50, 25), background: .red))
  }

  @Test("stand-ins have the escape style over the text's background")
  func escapeStyle() {
    var canvas = canvas(6, 1)
    canvas.escapeStyle = Style(foreground: .yellow, attributes: .underline)
    canvas.put(bytes: [0x61, 0x1b, 0x62], at: .origin, style: Style(foreground: .white, background: .blue))
    #expect(canvas.lines == ["a␛b"])
    #expect(canvas[0, 0].style == Style(foreground: .white, background: .blue))
    #expect(canvas[1, 0].style == Style(foreground: .yellow, background: .blue, attributes: .underline))
    #expect(canvas[2, 0].style == Style(foreground: .white, background: .blue))
  }

  @Test("canvases are equal if they show the same, however they came to it")
  func equality() {
    var one = canvas(4, 1)
    one.put("e\u{301}o\u{302}", at: .origin)
    var other = canvas(4, 1)
    other.put("o\u{302}", at: Point(x: 1, y: 0))
    other.put("e\u{301}", at: .origin)
    #expect(one.clusters != other.clusters)
    #expect(one == other)
    other.put("e", at: .origin)
    #expect(one != other)
  }

  @Test("a part of another canvas is copied, wide characters whole or not at all")
  func copy() {
    var source = canvas(6, 2)
    source.put("a日e\u{301}本", at: .origin)
    var target = canvas(5, 2)
    target.copy(Rect(x: 0, y: 0, width: 5, height: 1), of: source, to: Point(x: 0, y: 1))
    #expect(target.lines == ["", "a日é"])
    target.copy(source.bounds.row(0), of: source, to: Point(x: 3, y: 0))
    #expect(target.lines == ["   a", "a日é"])
  }

  @Test("shapes take no character that the filter would change", arguments: ["\u{1B}", "\u{202E}", "日", "\u{301}"])
  func shapes(scalar: Unicode.Scalar) {
    var canvas = canvas(2, 1)
    canvas.fill(canvas.bounds, with: scalar)
    canvas.place(scalar, at: .origin)
    #expect(canvas.lines == ["??"])
  }
}
