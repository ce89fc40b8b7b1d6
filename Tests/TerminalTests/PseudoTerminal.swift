import Glibc

/// Both ends of a terminal, of which the test has the user's.
final class PseudoTerminal {
  private(set) var user: Int32 = -1
  private(set) var program: Int32 = -1

  init(columns: UInt16, rows: UInt16) {
    precondition(openpty(&user, &program, nil, nil, nil) == 0, "no pseudo-terminal")
    for end in [user, program] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(user, F_SETFL, fcntl(user, F_GETFL) | O_NONBLOCK)
    resize(columns: columns, rows: rows)
  }

  deinit {
    hangUp()
    close(program)
  }

  /// The user closes the window.
  func hangUp() {
    if user >= 0 { close(user) }
    user = -1
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(user, UInt(TIOCSWINSZ), &size)
  }

  /// What the program has written since the last time.
  func output() -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(user, &buffer, buffer.count)
      if count <= 0 { return String(decoding: all, as: UTF8.self) }
      all += buffer.prefix(count)
    }
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    precondition(write(user, bytes, bytes.count) == bytes.count)
  }

  var modes: termios {
    var modes = termios()
    tcgetattr(program, &modes)
    return modes
  }
}
