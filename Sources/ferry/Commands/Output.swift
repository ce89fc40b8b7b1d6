import Glibc
import Synchronization

/// Standard output and standard error of a headless command.
///
/// Texts with foreign parts must be escaped before they come here.
final class Output: Sendable {
  /// Whether results and errors are JSON objects.
  let isJSON: Bool
  private let status = Mutex<[String]>([])
  /// Whether standard error is a terminal that a line can be rewritten on.
  let canRedraw: Bool

  init(isJSON: Bool = false) {
    self.isJSON = isJSON
    let terminal = getenv("TERM").map { String(cString: $0) }
    canRedraw = !isJSON && isatty(STDERR_FILENO) == 1 && terminal != nil && terminal != "dumb"
  }

  /// A result.
  func line(_ text: String) { lines(Array((text + "\n").utf8)) }

  /// Results, each with its line end.
  func lines(_ text: [UInt8]) {
    status.withLock { status in
      erase(status)
      Self.write(text, to: STDOUT_FILENO)
      draw(status)
    }
  }

  func object(_ object: JSONObject) { line(object.text) }

  /// What went wrong, in one sentence.
  func problem(_ sentence: String) {
    status.withLock { status in
      erase(status)
      Self.write("ferry: \(sentence)\n", to: STDERR_FILENO)
      draw(status)
    }
  }

  /// Lines that stay below everything else and replace those before them; on a terminal only.
  func showStatus(_ lines: [String]) {
    guard canRedraw, !ControllingTerminal.isAsking else { return }
    status.withLock { status in
      guard status != lines else { return }
      erase(status)
      status = lines
      draw(status)
    }
  }

  private func erase(_ status: [String]) {
    guard !status.isEmpty, !ControllingTerminal.isAsking else { return }
    // To the first column, up as many lines, and everything from there on is cleared.
    Self.write("\r\u{1B}[\(status.count)A\u{1B}[J", to: STDERR_FILENO)
  }

  private func draw(_ status: [String]) {
    guard !status.isEmpty, !ControllingTerminal.isAsking else { return }
    Self.write(status.joined(separator: "\n") + "\n", to: STDERR_FILENO)
  }

  static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
        continue
      }
      // Nobody reads any more, or the disk is full: for results that is a failure, and there is no one to tell.
      if count <= 0 {
        if descriptor == STDOUT_FILENO { exit(ExitStatus.itemsFailed.rawValue) }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
