import FTP
import Testing

@testable import ferry

struct ViewerTests {
  private func opened(_ text: String, isLast: Bool = true) -> Screen {
    opened(Array(text.utf8), isLast: isLast)
  }

  private func opened(_ bytes: [UInt8], isLast: Bool = true) -> Screen {
    var screen = Screen.filled()
    screen.press("G F3")
    #expect(
      screen.takeEffects()
        == [.read(Screen.left.appending(try! FileName("style.css")), offset: 0, count: Viewer.step, ticket: 1)])
    screen.receive(.chunk(ticket: 1, FileChunk(offset: 0, bytes: bytes, isLast: isLast)))
    return screen
  }

  @Test("a text is shown line by line, with its tabs, and nothing in it steers the screen")
  func text() {
    let screen = opened("one\n\ttwo\r\n\u{1B}[31mred\n")
    #expect(screen.lines[1] == " one")
    #expect(screen.lines[2] == "         two")
    #expect(screen.lines[3] == " ␛[31mred")
    #expect(screen.shows("text") && screen.shows("1/3"))
  }

  @Test("bytes that are no text are shown in hexadecimal")
  func hex() {
    let screen = opened([0, 1, 0x41, 0xff])
    #expect(screen.lines[1].hasPrefix(" 00000000  00 01 41 ff"))
    #expect(screen.lines[1].hasSuffix("··A·"))
  }

  @Test("scrolling stays within the text, x changes the form at the same place, q closes")
  func scrolling() {
    var screen = opened((1...100).map { "line \($0)\n" }.joined())
    screen.press("G")
    #expect(screen.shows("line 100") && !screen.shows("line 78 "))
    screen.press("g PgDn")
    #expect(screen.lines[1] == " line 23")
    screen.press("x")
    #expect(screen.shows("hex"))
    screen.press("q")
    #expect(screen.state.layers.isEmpty)
  }

  @Test("searching goes to the next place and round again")
  func searching() {
    var screen = opened((1...100).map { "line \($0)\n" }.joined())
    screen.press("/")
    screen.type("LINE 6")
    screen.press("Enter")
    #expect(screen.shows("line 6"))
    screen.press("n")
    #expect(screen.shows("line 60"))
    for _ in 0..<10 { screen.press("n") }
    #expect(screen.shows("Went on from the top."))
    screen.press("/ C-u")
    screen.type("nowhere")
    screen.press("Enter")
    #expect(screen.shows("is not in what was read."))
  }

  @Test("more is read when the end of what is there comes near, and a late answer is dropped after closing")
  func reading() {
    var screen = opened((1...100).map { "line \($0)\n" }.joined(), isLast: false)
    screen.press("G")
    let size = (1...100).map { "line \($0)\n" }.joined().utf8.count
    #expect(
      screen.takeEffects() == [
        .read(Screen.left.appending(try! FileName("style.css")), offset: Int64(size), count: Viewer.step, ticket: 1)
      ])
    screen.press("Esc")
    screen.receive(.chunk(ticket: 1, FileChunk(offset: Int64(size), bytes: [0x41], isLast: true)))
    #expect(screen.state.layers.isEmpty)
  }

  @Test("why a file cannot be read is said in its place")
  func failure() {
    var screen = Screen.filled()
    screen.press("G F3")
    screen.receive(.readFailed(ticket: 1, "The server refused RETR: 550 No such file."))
    #expect(screen.shows("550 No such file."))
    screen.press("Esc")
    #expect(screen.state.layers.isEmpty)
  }
}
