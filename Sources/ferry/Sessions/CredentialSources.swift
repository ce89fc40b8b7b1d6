import FTP
import Glibc
import SystemPackage

/// Where user names and passwords come from, apart from asking.
struct CredentialSources: Sendable {
  var passwordFile: FilePath?
  var passwordCommand: String?
  var netrcFile: FilePath?

  /// A server with its user, and the password if it is known.
  struct Completed: Sendable {
    var server: ServerAddress
    var password: Secret?
  }

  /// The user and password for an address, from the files and the command that were named.
  ///
  /// - Throws: ``UsageProblem`` for a file that cannot be read or a command that fails.
  func complete(_ address: FTPAddress) throws -> Completed {
    var server = address.server
    var password: Secret?
    if let netrcFile {
      let netrc = Netrc(try SecretFile.read(netrcFile, option: "--netrc-file"))
      if let entry = netrc.entry(host: server.host, user: server.user) {
        server = ServerAddress(
          host: server.host, port: server.port, mode: server.mode, user: server.user ?? entry.login)
        password = entry.password
      }
    }
    if password == nil, let passwordFile {
      password = Secret(utf8: Self.firstLine(of: try SecretFile.read(passwordFile, option: "--password-file")))
    }
    if password == nil, let passwordCommand { password = try Self.run(passwordCommand, option: "--password-command") }
    return Completed(server: server, password: password)
  }

  /// Without its end, in either way of writing that.
  static func firstLine(of bytes: [UInt8]) -> [UInt8] {
    var line = Array(bytes.prefix { $0 != 0x0A })
    if line.last == 0x0D { line.removeLast() }
    return line
  }

  /// Runs the command that a person wrote, in a shell as they would, and takes the first line it prints.
  ///
  /// - Parameter option: the option that names the command, for the sentence that says what is wrong with it.
  static func run(_ command: String, option: String) throws -> Secret {
    guard let pipe = popen(command, "re") else {
      throw UsageProblem("\(option) cannot be run: \(String(cString: strerror(errno))).")
    }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      if count == 0 { break }
      if output.count < 1 << 16 { output += buffer[..<count] }
    }
    guard pclose(pipe) == 0 else {
      throw UsageProblem("\(option) failed; run it by itself to see why.")
    }
    return Secret(utf8: firstLine(of: output))
  }
}

/// Asks for a password at the terminal, without showing it.
enum PasswordPrompt {
  /// - Returns: nil where there is nobody to ask.
  static func ask(_ server: ServerAddress) async -> Secret? {
    await ControllingTerminal.converse { terminal -> Secret? in
      let question = "Password for \(SafeText.escape("\(server)")): "
      return terminal.answer(to: question, isSecret: true).map { Secret(utf8: $0) }
    } ?? nil
  }
}
