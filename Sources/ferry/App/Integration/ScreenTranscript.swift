import FTPSClient
import Glibc

/// Puts what sessions say and hear into the log of the drawer.
struct ScreenTranscript: Transcript {
  let inbox: Inbox

  func record(_ line: TranscriptLine) {
    let kind: LogLine.Kind =
      switch line.kind {
      case .command: .command
      case .reply: .reply
      case .status: .status
      case .error: .error
      }
    inbox.post(.logged(LogLine(time: Int64(time(nil)), session: line.session, kind: kind, text: line.text)))
  }
}
