import SystemPackage
import TestSupport

/// Runs the program without a terminal, with a home of its own.
struct CommandFerry {
  let home: TemporaryFolder
  let binary: String

  init() throws {
    home = try TemporaryFolder("home")
    binary = try ProjectFolders.ferry()
  }

  func program(_ arguments: [String]) -> Program {
    Program(binary, arguments, environment: ["FERRY_HOME": home.path.string], folder: home.path)
  }

  func run(_ arguments: [String]) async throws -> ProgramResult {
    try await program(arguments).run(timeout: .seconds(60))
  }

  /// The options to log in to a server, and to trust it at first sight.
  func login(_ password: String, trust: String = "new") throws -> [String] {
    ["--trust", trust, "--password-file", try home.write(password + "\n", to: "password").string]
  }
}

/// The demo's server, without its screen.
struct CommandDemo {
  let address: String
  let passwordFile: String
  private let program: RunningProgram

  init(_ ferry: CommandFerry) async throws {
    let program = try ferry.program(["demo", "--serve-only"]).start()
    self.program = program
    guard try await eventually(within: .seconds(20), { program.outputText.contains("folder ") }) else {
      throw TestFailure("the demo does not start: \(program.errorText)")
    }
    let lines = program.outputText.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
    address = String(lines[0][1])
    passwordFile = String(lines[1][1])
  }

  func stop() async { await program.stop() }
}
