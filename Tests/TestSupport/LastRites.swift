import Glibc
import Synchronization

/// What must be undone even if the test process crashes, is killed or is interrupted: servers ended, folders removed.
///
/// One shell, in a session of its own, reads commands from a pipe whose other end only this process holds. When that end
/// closes, for whatever reason, the shell runs the commands that were not cancelled, the newest first.
package final class LastRites: Sendable {
  /// The only one of the process.
  package static let shared = LastRites()

  /// One registered command.
  package struct Ticket: Sendable {
    fileprivate let number: Int

    /// The command will not be run.
    package func cancel() { LastRites.shared.send("-\(number)\n") }
  }

  private let pipe: Int32
  private let last = Mutex(0)

  private init() {
    var ends: (Int32, Int32) = (-1, -1)
    let made = withUnsafeMutablePointer(to: &ends) {
      $0.withMemoryRebound(to: Int32.self, capacity: 2) { Glibc.pipe($0) }
    }
    precondition(made == 0, "no pipe")
    _ = fcntl(ends.1, F_SETFD, FD_CLOEXEC)
    pipe = ends.1
    let script = """
      declare -A rites
      while IFS= read -r line; do
        number=${line%%:*}
        case $line in
        -*) unset "rites[${number#-}]" ;;
        *) rites[$number]=${line#*:} ;;
        esac
      done
      for number in $(printf '%s\\n' "${!rites[@]}" | sort -rn); do eval "${rites[$number]}"; done
      """
    do {
      _ = try Spawn.process(
        "/bin/bash", ["-c", script], environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"], folder: "/",
        descriptors: [ends.0, Spawn.null, Spawn.null])
    } catch {
      preconditionFailure("\(error)")
    }
    close(ends.0)
  }

  /// Has `command` (one line of shell) run when the process ends, unless the ticket is cancelled.
  package func register(_ command: String) -> Ticket {
    precondition(!command.contains("\n"))
    let number = last.withLock {
      $0 += 1
      return $0
    }
    send("\(number):\(command)\n")
    return Ticket(number: number)
  }

  private func send(_ line: String) {
    // Lines are shorter than PIPE_BUF, so that writes from several threads do not mix.
    precondition(line.utf8.count <= 4096)
    _ = line.withCString { write(pipe, $0, strlen($0)) }
  }
}
