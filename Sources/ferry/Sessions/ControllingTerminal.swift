import Dispatch
import FTP
import Glibc
import Synchronization

/// The terminal that a person sits at, for questions, whatever standard input and output are connected to.
enum ControllingTerminal {
  /// Held while a question is open, so that no two mix.
  private static let turn = Mutex<Void>(())
  /// How the terminal was before the open question.
  private static let before = Mutex<(descriptor: Int32, modes: termios)?>(nil)

  /// Whether there is one.
  static var isPresent: Bool {
    let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    if descriptor < 0 { return false }
    close(descriptor)
    return true
  }

  /// Whether there is one, and this program is the one that it listens to: a question from the background would stop it.
  static var isForeground: Bool {
    let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    return tcgetpgrp(descriptor) == getpgrp()
  }

  /// Whether a question is open; nothing else may be written to the terminal then.
  static var isAsking: Bool { before.withLock { $0 != nil } }

  /// Puts the terminal back as it was before the open question, from another thread: the program is about to end.
  ///
  /// - Returns: false if no question is open.
  static func abandonQuestion() -> Bool {
    before.withLock {
      guard var saved = $0 else { return false }
      tcsetattr(saved.descriptor, TCSAFLUSH, &saved.modes)
      return true
    }
  }

  /// Lends the terminal to a dialogue, which runs on a thread of its own as it waits for a person.
  ///
  /// - Returns: nil where there is no terminal.
  static func converse<Answer: Sendable>(_ dialogue: @escaping @Sendable (Conversation) -> Answer) async -> Answer? {
    await onThread {
      turn.withLock { _ in
        let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var modes = termios()
        guard tcgetattr(descriptor, &modes) == 0 else { return nil }
        before.withLock { $0 = (descriptor, modes) }
        defer {
          before.withLock { $0 = nil }
          tcsetattr(descriptor, TCSAFLUSH, &modes)
        }
        return dialogue(Conversation(descriptor: descriptor, modes: modes))
      }
    }
  }

  /// Others' work on the shared threads must not wait for a person.
  private static func onThread<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer?) async -> Answer? {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: body()) }
    }
  }

  /// One dialogue with the person.
  struct Conversation {
    fileprivate let descriptor: Int32
    fileprivate let modes: termios

    /// Writes text; foreign parts of it must be escaped already.
    func say(_ text: String) {
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        bytes = bytes.dropFirst(count)
      }
    }

    /// Asks, and gives the line that is typed, without its end; nil at the end of input.
    ///
    /// What was typed before the question was there to be read is thrown away: nobody answers by accident.
    func answer(to question: String) -> [UInt8]? {
      ask(question, isSecret: false)?.withBytes { Array($0) }
    }

    /// The same for a password or passphrase, which is not shown while it is typed.
    func secret(to question: String) -> Secret? {
      defer { say("\n") }
      return ask(question, isSecret: true)
    }

    private func ask(_ question: String, isSecret: Bool) -> Secret? {
      var quiet = modes
      quiet.c_lflag |= tcflag_t(ICANON)
      if isSecret { quiet.c_lflag &= ~tcflag_t(ECHO) }
      tcsetattr(descriptor, TCSAFLUSH, &quiet)
      say(question)
      var line = SecretCollector(capacity: 4096)
      var byte: UInt8 = 0
      defer { byte = 0 }
      while !line.isFull {
        let count = read(descriptor, &byte, 1)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return line.count == 0 ? nil : line.secret }
        if byte == UInt8(ascii: "\n") { return line.secret }
        line.append(byte)
      }
      return nil
    }
  }
}
