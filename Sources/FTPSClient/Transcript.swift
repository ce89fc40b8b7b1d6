/// Receives what a session says and hears, line by line, for the log pane and the log file.
package protocol Transcript: Sendable {
  /// Takes one line; called on the session's event loop, so it must not wait.
  func record(_ line: TranscriptLine)
}

/// One line of a session's log. Its text is already escaped, and secrets are masked.
package struct TranscriptLine: Sendable, Hashable {
  /// Which side said it.
  package enum Kind: Sendable, Hashable {
    case command, reply, status, error
  }

  /// The session's number within this process, from 1.
  package var session: Int
  package var kind: Kind
  package var text: String

  package init(session: Int, kind: Kind, text: String) {
    self.session = session
    self.kind = kind
    self.text = text
  }
}
