import FTP

/// Where one session tells what happens in it: line by line for the log, and as values for the diagram.
struct SessionRecorder: Sendable {
  let number: Int
  private let server: ServerAddress
  private let transcript: (any Transcript)?
  private let book: SessionBook?

  init(number: Int, _ configuration: SessionConfiguration) {
    self.number = number
    server = configuration.server
    transcript = configuration.transcript
    book = configuration.book
  }

  /// Whether anybody keeps events; what is dear to find out need not be found out otherwise.
  var keepsEvents: Bool { book != nil }

  /// A line of the log.
  func line(_ kind: TranscriptLine.Kind, _ text: String) {
    transcript?.record(TranscriptLine(session: number, kind: kind, text: text))
  }

  func event(_ kind: @autoclosure () -> SessionEvent.Kind) {
    book?.note(kind(), session: number, server: server)
  }

  func sent(_ logged: String) {
    line(.command, logged)
    event(.command(logged))
  }

  func received(_ reply: Reply) {
    if transcript != nil { for text in reply.logged { line(.reply, text) } }
    event(SessionEvent.Kind(reply))
  }
}
