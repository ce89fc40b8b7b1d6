import FTP
import Glibc

/// A command that a person has asked for, run by the shell without a terminal.
enum ShellCommand {
  /// Runs it to its end; on a thread of its own.
  ///
  /// The environment tells what has come of the queue: `FERRY_DONE`, `FERRY_FAILED`, `FERRY_NEEDS_YOU`.
  ///
  /// - Throws: `Complaint` where it cannot be run, or says that it failed.
  static func run(_ command: String, _ facts: WhenDone.Facts) async throws {
    try await LocalPanes.blocking { _ in
      let status = try spawn(command, variables(facts))
      if status != 0 {
        throw Complaint("The command “\(SafeText.escape(command))” ended with status \(status).")
      }
    }
  }

  private static func variables(_ facts: WhenDone.Facts) -> [String] {
    ["FERRY_DONE=\(facts.done)", "FERRY_FAILED=\(facts.failed)", "FERRY_NEEDS_YOU=\(facts.needsYou)"]
  }

  private static func spawn(_ command: String, _ variables: [String]) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The terminal is the screen's.
    for descriptor in 0...2 {
      posix_spawn_file_actions_addopen(
        &actions, Int32(descriptor), "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Ferry ignores signals that commands rely on.
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var inherited: [String] = []
    var next = environ
    while let entry = next.pointee {
      inherited.append(String(cString: entry))
      next += 1
    }
    let words: [String] = ["/bin/sh", "-c", "\(ProcessHygiene.restoringUmask)\n\(command)"]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let environment: [UnsafeMutablePointer<CChar>?] = (inherited + variables).map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var child = pid_t()
    let failure = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environment)
    guard failure == 0 else { throw Complaint("The shell cannot be run: \(String(cString: strerror(failure))).") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }
}
