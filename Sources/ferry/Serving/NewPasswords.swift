import FTP
import Glibc
import SystemPackage
import TLS

/// Where the passwords of a server's users come from, when they are set.
enum NewPasswords {
  /// One for each name, from the lines of a file, or from a person at the terminal who types each twice.
  ///
  /// - Throws: ``UsageProblem`` where there is neither.
  static func get(_ names: [String], from file: FilePath?) async throws -> [Secret] {
    if let file { return try read(file, count: names.count) }
    var passwords: [Secret] = []
    for name in names {
      guard let password = await ask(name) else {
        throw UsageProblem(
          "\(SafeText.escape(name)) needs a password: name a file that holds it with --password-file.")
      }
      passwords.append(password)
    }
    return passwords
  }

  private static func read(_ file: FilePath, count: Int) throws -> [Secret] {
    let lines = try SecretFile.read(file, option: "--password-file").lines
    guard lines.count >= count, lines.prefix(count).allSatisfy({ !$0.isEmpty }) else {
      let wanted =
        count == 1 ? "a password on its first line" : "\(count) passwords, one a line, in the order of --user"
      throw UsageProblem("--password-file: \(SafeText.escape(file.string)) must hold \(wanted).")
    }
    return Array(lines.prefix(count))
  }

  /// Nil where nobody is there, or nothing is typed.
  private static func ask(_ name: String) async -> Secret? {
    await ControllingTerminal.converse { terminal -> Secret? in
      while true {
        let question = "A password for \(SafeText.escape(name)): "
        guard let first = terminal.secret(to: question), !first.isEmpty else { return nil }
        if terminal.secret(to: "Once more: ") == first { return first }
        terminal.say("These are two different ones.\n")
      }
    } ?? nil
  }
}

extension PasswordHash {
  /// The hash of a new password. Takes a fifth of a second.
  init(_ password: Secret) throws(TLSError) {
    self = try password.withBytes { bytes throws(TLSError) in try PasswordHash(bytes) }
  }
}
