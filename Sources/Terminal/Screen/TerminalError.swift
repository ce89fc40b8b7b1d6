/// Why there can be no screen.
package enum TerminalError: Error, Hashable, Sendable {
  /// `standard input` or `standard output` is not a terminal.
  case notATerminal(stream: String)
  /// `TERM` is empty.
  case noTerm
  /// There is no terminfo entry for what `TERM` says.
  case unknownTerminal(String)
  /// The terminal cannot put the cursor where it should be (`TERM=dumb`).
  case incapable(String)
  /// ncurses or the system refused.
  case refused(what: String, errno: Int32)
}

extension TerminalError: CustomStringConvertible {
  /// One sentence for people.
  package var description: String {
    switch self {
    case .notATerminal(let stream): "The \(stream) is not a terminal."
    case .noTerm: "TERM is not set, so the kind of terminal is not known."
    case .unknownTerminal(let term):
      "The terminal type \"\(DisplayText(term).text)\" is not known here; try TERM=xterm-256color."
    case .incapable(let term):
      "The terminal type \"\(DisplayText(term).text)\" cannot position the cursor, so nothing can be drawn on it."
    case .refused(let what, let errno): "The terminal could not be set up: \(what) failed (error \(errno))."
    }
  }
}
