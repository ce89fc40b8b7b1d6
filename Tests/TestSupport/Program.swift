import Glibc
package import SystemPackage

/// A program to run: what, with which arguments, where and in which environment.
///
/// It runs in a session of its own, without a terminal; its output goes to files, so that no amount of it blocks anything.
package struct Program: Sendable {
  /// A name looked up in `PATH`, or a path.
  package var name: String
  package var arguments: [String]
  /// The whole environment of the program.
  package var environment: [String: String]
  /// The folder that it starts in.
  package var folder: FilePath
  /// What it reads on standard input.
  package var input: [UInt8]

  /// A program; `environment` is added to `Program.plainEnvironment`.
  package init(
    _ name: String, _ arguments: [String] = [], environment: [String: String] = [:], folder: FilePath = "/",
    input: [UInt8] = []
  ) {
    self.name = name
    self.arguments = arguments
    self.environment = Self.plainEnvironment.merging(environment) { $1 }
    self.folder = folder
    self.input = input
  }

  /// Of the test's environment only what a program needs to be found and to run; UTF-8, UTC, no proxies, no colours.
  package static var plainEnvironment: [String: String] {
    var plain = ["LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"]
    for name in ["HOME", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "TMPDIR", "USER"] {
      if let value = getenv(name) { plain[name] = String(cString: value) }
    }
    return plain
  }

  /// Starts it and returns at once.
  package func start() throws -> RunningProgram { try RunningProgram(self) }

  /// Runs it to its end.
  ///
  /// - Parameter timeout: after this it is killed, with its process group.
  /// - Throws: `TestFailure` where it cannot start or takes too long; not for its exit status.
  @discardableResult
  package func run(timeout: Duration = .seconds(60)) async throws -> ProgramResult {
    try await start().result(timeout: timeout)
  }

  /// Runs it to its end.
  ///
  /// - Throws: `TestFailure` also where its exit status is not 0, with what it wrote.
  @discardableResult
  package func runSuccessfully(timeout: Duration = .seconds(60)) async throws -> ProgramResult {
    let result = try await run(timeout: timeout)
    guard result.succeeded else { throw TestFailure("\(commandLine)\n\(result)") }
    return result
  }

  /// The command, for people.
  package var commandLine: String { ([name] + arguments).joined(separator: " ") }
}

/// How a program ended, and what it wrote.
package struct ProgramResult: Sendable, CustomStringConvertible {
  /// The two ways to end.
  package enum Status: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  package let status: Status
  /// Standard output, whole.
  package let output: [UInt8]
  /// Standard error, whole.
  package let errors: [UInt8]

  /// Exit status 0.
  package var succeeded: Bool { status == .exited(0) }
  /// The exit status; -1 where a signal ended it.
  package var exitStatus: Int32 { if case .exited(let code) = status { code } else { -1 } }
  package var outputText: String { String(decoding: output, as: UTF8.self) }
  package var errorText: String { String(decoding: errors, as: UTF8.self) }

  package var description: String {
    "\(status)\n--- standard output\n\(outputText.suffix(4000))\n--- standard error\n\(errorText.suffix(4000))"
  }
}
