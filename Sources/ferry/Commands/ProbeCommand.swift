import ArgumentParser
import FTP
import FTPSClient
import Glibc

/// `ferry probe ADDRESS`
struct ProbeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Look at each step of a connection, and say what to do about what fails.",
    discussion: """
      Nothing is changed on the server. With --write, a hidden file is uploaded, compared and deleted again.
      """)

  @Flag(help: "Draw the session as a sequence diagram too.")
  var diagram = false

  @Flag(help: "Try what has to be written to be tried, in the address's folder; the file is deleted again.")
  var write = false

  @OptionGroup var place: PlaceArguments

  func run() async throws {
    let command = self
    try await Headless.run(isJSON: place.json) { output in
      let address = try command.place.parsed()
      let engine = try Engine.headless(command.place.connection, output)
      let login = try await engine.prepareLogin(address, command.place.connection)
      let book = SessionBook()
      let prober = Prober(
        address: address, server: login.server, engine: engine, book: book, mayWrite: command.write
      ) { step in
        output.whole(step.json, step.lines)
      }
      let status = try await prober.run()
      if command.diagram { command.draw(book, output) }
      await engine.sessions.close()
      return status
    }
  }

  private func draw(_ book: SessionBook, _ output: Output) {
    for record in book.read() {
      let lines = SequenceDiagram.lines(of: record, width: Self.width).map(\.text)
      if place.json {
        var object = JSONObject()
        object.add("session", Int64(record.number))
        object.add("diagram", lines)
        output.object(object)
      } else {
        output.line("")
        lines.forEach(output.line)
      }
    }
  }

  /// The terminal's columns, or those of a page.
  private static var width: Int {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
