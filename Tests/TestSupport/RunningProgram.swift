import Foundation
package import Glibc
import Synchronization
import SystemPackage

/// A program that was started. It is the head of its own process group and session, which `kill` and `stop` reach as a
/// whole. The group ends when the program ends, and when the test process does.
package final class RunningProgram: Sendable {
  /// The process id, which is the process group too.
  package let pid: pid_t
  private let command: String
  private let output: CapturedOutput
  private let errors: CapturedOutput
  private let rites: LastRites.Ticket
  private let end = Mutex(End())

  private struct End {
    var status: ProgramResult.Status?
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var lastNumber = 0
  }

  init(_ program: Program) throws {
    command = program.commandLine
    output = try CapturedOutput()
    errors = try CapturedOutput()
    let input = try CapturedOutput(holding: program.input)
    let path = program.environment["PATH"] ?? "/usr/bin:/bin"
    pid = try Spawn.process(
      Spawn.locate(program.name, path: path), program.arguments, environment: program.environment,
      folder: program.folder.string, descriptors: [input.descriptor, output.descriptor, errors.descriptor])
    rites = LastRites.shared.register("kill -KILL -- -\(pid)")
    let thread = Thread { [self] in reap() }
    thread.stackSize = 256 << 10
    thread.start()
  }

  /// How it ended; nil while it runs.
  package var status: ProgramResult.Status? { end.withLock { $0.status } }

  /// What it wrote up to now, on standard output and standard error.
  package var outputText: String { output.text }
  /// What it wrote up to now on standard error.
  package var errorText: String { errors.text }

  /// Sends a signal to the whole process group; nothing happens after its end.
  package func kill(_ signal: Int32 = SIGKILL) {
    end.withLock { if $0.status == nil { Glibc.kill(-pid, signal) } }
  }

  /// Sends a signal to the program alone, not to its children; nothing happens after its end.
  package func signal(_ signal: Int32) {
    end.withLock { if $0.status == nil { Glibc.kill(pid, signal) } }
  }

  /// Asks the process group to end, and kills it after `grace`; returns when the program has ended.
  package func stop(grace: Duration = .seconds(5)) async {
    kill(SIGTERM)
    if await !ends(within: grace) {
      kill(SIGKILL)
      _ = await ends(within: .seconds(30))
    }
  }

  /// Waits for its end.
  ///
  /// - Throws: `TestFailure` where it takes longer than `timeout`; it is killed then.
  package func result(timeout: Duration = .seconds(60)) async throws -> ProgramResult {
    guard await ends(within: timeout) else {
      kill(SIGKILL)
      throw TestFailure(
        "\(command) did not end within \(timeout)\n\(outputText.suffix(4000))\n\(errorText.suffix(4000))")
    }
    return ProgramResult(status: status!, output: output.bytes, errors: errors.bytes)
  }

  /// Whether it ends, or has ended, within a time.
  package func ends(within timeout: Duration) async -> Bool {
    let number = end.withLock {
      $0.lastNumber += 1
      return $0.lastNumber
    }
    let alarm = Task {
      try await Task.sleep(for: timeout)
      end.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
    await withCheckedContinuation { continuation in
      let ended = end.withLock {
        if $0.status == nil { $0.waiting[number] = continuation }
        return $0.status != nil
      }
      if ended { continuation.resume() }
    }
    alarm.cancel()
    return status != nil
  }

  /// Blocks its own thread until the program has ended.
  private func reap() {
    var info = siginfo_t()
    // Left a zombie at first: the pid cannot be given to another process before `status` says that it is gone.
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    // Children that outlive it in its group end with it.
    Glibc.kill(-pid, SIGKILL)
    rites.cancel()
    let waiting = end.withLock { end in
      var raw: Int32 = 0
      while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
      let signal = raw & 0x7f
      end.status = signal == 0 ? .exited((raw >> 8) & 0xff) : .killed(signal: signal)
      defer { end.waiting = [:] }
      return end.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }
}
