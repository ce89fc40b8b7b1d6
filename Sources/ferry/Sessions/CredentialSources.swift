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
      password = try SecretFile.read(passwordFile, option: "--password-file").firstLine
    }
    if password == nil, let passwordCommand { password = try Self.run(passwordCommand, option: "--password-command") }
    return Completed(server: server, password: password)
  }

  /// Runs the command that a person wrote, in a shell as they would, and takes the first line it prints.
  ///
  /// - Parameter option: the option that names the command, for the sentence that says what is wrong with it.
  static func run(_ command: String, option: String) throws -> Secret {
    guard let pipe = popen(command, "re") else {
      throw UsageProblem("\(option) cannot be run: \(String(cString: strerror(errno))).")
    }
    var output = SecretCollector(capacity: 1 << 16)
    // Not with stdio, whose buffer nobody wipes. A command that prints more is ended by SIGPIPE, and so fails.
    while !output.isFull {
      let count = output.fill { buffer in
        while true {
          let count = read(fileno(pipe), buffer.baseAddress!, buffer.count)
          if count >= 0 { return count }
          if errno != EINTR { return 0 }
        }
      }
      if count == 0 { break }
    }
    guard pclose(pipe) == 0 else {
      throw UsageProblem("\(option) failed; run it by itself to see why.")
    }
    return output.secret.firstLine
  }
}

/// Asks for a password at the terminal, without showing it.
enum PasswordPrompt {
  /// - Returns: nil where there is nobody to ask.
  static func ask(_ server: ServerAddress) async -> Secret? {
    await ControllingTerminal.converse { terminal -> Secret? in
      let question = "Password for \(SafeText.escape("\(server)")): "
      return terminal.secret(to: question)
    } ?? nil
  }
}
