package import SystemPackage

/// curl as a second, independent FTPS client: it proves the servers, and what Ferry left on them.
package struct Curl: Sendable {
  private let server: RealServer

  package init(_ server: RealServer) { self.server = server }

  /// The long listing of a folder; `relative` is inside the server's root, without a slash at either end.
  package func list(_ relative: String = "") async throws -> String {
    try await run([url(relative.isEmpty ? "" : relative + "/")]).outputText
  }

  /// Downloads one file.
  package func download(_ relative: String, to file: FilePath) async throws {
    try await run(["-o", file.string, url(relative)])
  }

  /// Uploads one file, making the folders above it. Over TLS 1.2: with 1.3 curl 7.88 leaves the server's tickets unread
  /// and so resets the data connection at its end, and vsftpd then loses what it had not read yet.
  package func upload(_ file: FilePath, to relative: String) async throws {
    try await run(["--tls-max", "1.2", "--ftp-create-dirs", "-T", file.string, url(relative)])
  }

  /// Runs it with arguments of the caller's; those for TLS and log-in are added.
  @discardableResult
  package func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> ProgramResult {
    let login = [
      "-sS", "--ssl-reqd", "--cacert", TestCertificates.authority.string, "-u", "\(RealServer.user):\(server.password)",
    ]
    let program = Program("curl", login + arguments, environment: environment)
    let result = try await program.run(timeout: .seconds(120))
    guard result.succeeded else {
      throw TestFailure("\(program.commandLine)\n\(result)\n--- server\n\(server.log.suffix(4000))")
    }
    return result
  }

  /// The address of something inside the server's root.
  package func url(_ relative: String) -> String {
    let scheme = server.options.mode == .implicit ? "ftps" : "ftp"
    // A path in a URL begins at the log-in folder, which is the root folder everywhere.
    return "\(scheme)://127.0.0.1:\(server.port)/\(relative)"
  }
}
