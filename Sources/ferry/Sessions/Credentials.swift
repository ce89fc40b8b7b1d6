import FTP
import Glibc
import Storage
import SystemPackage

/// Where user names and passwords come from, apart from asking.
struct CredentialSources: Sendable {
  var passwordFile: FilePath?
  var passwordCommand: String?
  var netrcFile: FilePath?

  /// The user and password for an address, completed from the files and commands that were named.
  ///
  /// - Throws: ``UsageProblem`` for a file that cannot be read or a command that fails.
  func complete(_ address: FTPAddress) throws -> (server: ServerAddress, password: Secret?) {
    var user = address.user
    var password = address.password
    if let netrcFile {
      let netrc = Netrc(try PrivateFile.read(netrcFile, purpose: "--netrc-file"))
      if let entry = netrc.entry(host: address.host, user: user) {
        user = user ?? entry.login
        password = password ?? entry.password
      }
    }
    if password == nil, let passwordFile {
      password = Secret(utf8: firstLine(of: try PrivateFile.read(passwordFile, purpose: "--password-file")))
    }
    if password == nil, let passwordCommand { password = try run(passwordCommand) }
    return (ServerAddress(host: address.host, port: address.port, mode: address.mode, user: user ?? ""), password)
  }

  private func firstLine(of bytes: [UInt8]) -> [UInt8] {
    var line = Array(bytes.prefix { $0 != 0x0A })
    if line.last == 0x0D { line.removeLast() }
    return line
  }

  /// Runs the command that a person wrote, in a shell as they would, and takes the first line it prints.
  private func run(_ command: String) throws -> Secret {
    guard let pipe = popen(command, "re") else { throw UsageProblem(description: "--password-command cannot be run.") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
    guard pclose(pipe) == 0 else { throw UsageProblem(description: "--password-command failed.") }
    return Secret(utf8: firstLine(of: output))
  }
}

/// Files that hold secrets: they have to be their owner's alone.
enum PrivateFile {
  /// Reads a file of at most 1 MiB; "-" is standard input.
  static func read(_ path: FilePath, purpose: String) throws -> [UInt8] {
    let descriptor: FileDescriptor
    do {
      descriptor = path == "-" ? .standardInput : try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    } catch {
      throw UsageProblem(description: "\(purpose): \(SafeText.escape(path.string)) cannot be read: \(error).")
    }
    defer { if path != "-" { try? descriptor.close() } }
    var status = stat()
    if fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
      throw UsageProblem(
        description: "\(purpose): others may read \(SafeText.escape(path.string)); make it yours alone (chmod 600).")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < 1 << 20 {
      let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }
}
