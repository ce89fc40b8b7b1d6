import SystemPackage
import TestSupport

/// `ferry serve` as a person starts it, with a home and a shared folder of its own, and one user.
struct CommandServe {
  static let user = "ada"
  static let password = "lovelace"

  let ferry: CommandFerry
  let root: FilePath
  let port: Int
  /// "ftpes://ada@127.0.0.1:2121/"
  let address: String
  let fingerprint: String
  let program: RunningProgram

  /// Starts it, and waits until it says where it is.
  ///
  /// - Parameters:
  ///   - ferry: an earlier start's, to go on with what that has kept.
  ///   - users: whether those that are kept may log in, rather than the one.
  init(_ options: [String] = [], ferry: CommandFerry? = nil, users: Bool = false) async throws {
    let ferry = try ferry ?? CommandFerry()
    self.ferry = ferry
    root = ferry.home.appending("shared")
    if !FileTree.exists(root) { try FileTree.makeFolders(root) }
    let passwords = try ferry.home.write(Self.password + "\n", to: "server-password")
    let user = users ? [] : ["--user", Self.user, "--password-file", passwords.string]
    let program = try ferry.program(["serve", root.string, "--port", "0"] + user + options).start()
    self.program = program
    guard try await eventually(within: .seconds(30), { program.outputText.contains("short ") }) else {
      await program.stop()
      throw TestFailure("the server does not start: \(program.outputText)\(program.errorText)")
    }
    func value(_ name: String) -> String {
      let line = program.outputText.split(separator: "\n").first { $0.hasPrefix(name + " ") } ?? ""
      return String(line.dropFirst(name.count + 1))
    }
    address = value("address")
    fingerprint = value("certificate")
    port = address.split(separator: ":").last.flatMap { Int($0.dropLast()) } ?? 0
  }

  /// The server's certificate, for clients to trust.
  var certificate: FilePath { ferry.home.appending("serve/server.pem") }

  func stop() async { await program.stop() }

  /// Runs `ferry serve …` beside the server, on the same state.
  func decide(_ arguments: [String]) async throws -> ProgramResult {
    try await ferry.program(["serve"] + arguments).runSuccessfully()
  }

  /// curl as a client.
  func curl(_ arguments: [String], path: String = "", certificate: FilePath? = nil) async throws -> ProgramResult {
    let scheme = address.hasPrefix("ftps:") ? "ftps" : "ftp"
    let identity = certificate.map { ["--cert", $0.string] } ?? []
    return try await Program(
      "curl",
      ["-sS", "-v", "--ssl-reqd", "--cacert", self.certificate.string, "-u", "\(Self.user):\(Self.password)"] + identity
        + arguments + ["\(scheme)://127.0.0.1:\(port)/\(path)"]
    ).run(timeout: .seconds(60))
  }

  /// lftp as a client; GnuTLS, rather than OpenSSL as everybody else here.
  func lftp(_ commands: String, certificate: FilePath? = nil, priority: String? = nil) async throws -> ProgramResult {
    let scheme = address.hasPrefix("ftps:") ? "ftps" : "ftp"
    let identity = certificate.map { "set ssl:cert-file \"\($0)\"\nset ssl:key-file \"\($0)\"\n" } ?? ""
    let script =
      identity + (priority.map { "set ssl:priority \"\($0)\"\n" } ?? "") + """
        set ssl:ca-file "\(self.certificate)"
        set ftp:ssl-force true
        set ftp:ssl-protect-data true
        set net:max-retries 1
        set net:timeout 20
        set cmd:fail-exit true
        open -u \(Self.user),\(Self.password) \(scheme)://127.0.0.1:\(port)
        \(commands)
        """
    return try await Program(
      "lftp", ["--norc", "-c", script], environment: ["HOME": ferry.home.path.string]
    ).run(timeout: .seconds(60))
  }
}

extension CommandFerry {
  /// A client's key and self-signed certificate in one file, made by the `openssl` command.
  func makeClient(_ name: String) async throws -> FilePath {
    let (key, certificate) = (home.appending("\(name).key"), home.appending("\(name).pem"))
    try await Program(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key.string, "-out",
        certificate.string, "-days", "1", "-subj", "/CN=\(name)", "-addext", "extendedKeyUsage=clientAuth",
      ]
    ).runSuccessfully()
    return try home.write(FileTree.text(key) + FileTree.text(certificate), to: "\(name).both.pem")
  }
}
