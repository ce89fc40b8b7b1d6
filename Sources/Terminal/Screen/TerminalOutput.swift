internal import Glibc

/// The one writer of what does not go through ncurses. Used between ncurses's updates only, which flush what they
/// wrote.
struct TerminalOutput {
  let descriptor: Int32

  /// Buttons, drags and the wheel, in the SGR form; focus; bracketed paste.
  static let modesOn = "\u{1B}[?1002h\u{1B}[?1006h\u{1B}[?1004h\u{1B}[?2004h"
  static let modesOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1004l\u{1B}[?2004l"
  static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
  static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
  static let synchronizedOn = "\u{1B}[?2026h"
  static let synchronizedOff = "\u{1B}[?2026l"

  func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes all of it, waiting where the terminal is slow; gives up where it is gone.
  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&wait, 1, 1000) <= 0 { return }
      } else if errno != EINTR {
        return
      }
    }
  }
}
