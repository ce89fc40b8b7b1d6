import SystemPackage

/// The real binary on its command line, with a home of its own, trusting a server's certificate at first sight.
package struct FerryProgram: Sendable {
  /// Its `FERRY_HOME`.
  package let home: TemporaryFolder
  private let binary: String
  private let passwordFile: FilePath

  /// - Throws: `TestFailure` where the binary is not built.
  package init(password: String) throws {
    binary = try ProjectFolders.ferry()
    home = try TemporaryFolder("home")
    passwordFile = try home.write(password + "\n", to: "password")
  }

  /// For the only user of a server.
  package init(_ server: RealServer) throws { try self.init(password: server.password) }

  /// The command with its arguments; the password and, where `isTrusting`, `--trust new` are added behind them.
  package func program(
    _ arguments: [String], isTrusting: Bool = true, environment: [String: String] = [:]
  ) -> Program {
    Program(
      binary, arguments + (isTrusting ? ["--trust", "new"] : []) + ["--password-file", passwordFile.string],
      environment: environment.merging(["FERRY_HOME": home.path.string]) { old, _ in old }, folder: home.path)
  }

  /// Runs it to its end.
  package func run(
    _ arguments: [String], isTrusting: Bool = true, timeout: Duration = .seconds(120)
  ) async throws -> ProgramResult {
    try await program(arguments, isTrusting: isTrusting).run(timeout: timeout)
  }

  /// Runs it to its end.
  ///
  /// - Throws: `TestFailure` with what it wrote, where its exit status is not 0.
  @discardableResult
  package func runSuccessfully(
    _ arguments: [String], timeout: Duration = .seconds(300)
  ) async throws -> ProgramResult {
    try await program(arguments).runSuccessfully(timeout: timeout)
  }
}
