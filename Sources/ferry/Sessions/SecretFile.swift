import FTP
import Glibc
import SystemPackage

/// Files that a person names as the source of a secret: nobody else may read them.
enum SecretFile {
  /// Longer files are none that holds a password.
  private static let limit = 1 << 20

  /// Reads the file; "-" is standard input.
  ///
  /// - Parameter option: the option that names the file, for the sentence that says what is wrong with it.
  /// - Throws: ``UsageProblem``.
  static func read(_ path: FilePath, option: String) throws -> Secret {
    let name = SafeText.escape(path.string)
    do {
      let descriptor: FileDescriptor =
        path == "-" ? .standardInput : try .open(path, .readOnly, options: .closeOnExec)
      defer { if path != "-" { try? descriptor.close() } }
      var status = stat()
      if fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
        throw UsageProblem("\(option): others can read \(name). Make it yours alone with chmod 600.")
      }
      var content = SecretCollector(capacity: limit)
      while !content.isFull {
        if try content.fill({ try descriptor.read(into: $0) }) == 0 { return content.secret }
      }
      throw UsageProblem("\(option): \(name) is too large.")
    } catch let error as Errno {
      throw UsageProblem("\(option): \(name) cannot be read: \(error).")
    }
  }
}
