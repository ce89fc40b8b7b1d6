import Glibc
import SystemPackage

/// Runs the person's editor on a file. No shell reads its name or the file's.
struct EditorCommand {
  /// Program and arguments before the file.
  let words: [String]

  /// What `VISUAL` or `EDITOR` say, cut at blanks; else nano, else vi.
  init(environment: (String) -> String?, isInstalled: (String) -> Bool = Self.isInstalled) {
    let chosen = ["VISUAL", "EDITOR"].compactMap { name in
      environment(name).map { $0.split(separator: " ").map(String.init) }.flatMap { $0.isEmpty ? nil : $0 }
    }.first
    words = chosen ?? (isInstalled("nano") ? ["nano"] : ["vi"])
  }

  /// Waits until the editor ends. Throws where it cannot be started.
  func run(_ path: FilePath) throws {
    // A name that begins with a dash would be an option: the path is absolute, so it never does.
    // The shell is there for the umask, which posix_spawn(3) cannot set, and gives way to the editor at once.
    let shell = ["/bin/sh", "-c", "\(ProcessHygiene.restoringUmask); exec \"$@\"", "sh"]
    var pointers: [UnsafeMutablePointer<CChar>?] = (shell + words).map { strdup($0) }
    pointers.append(path.withPlatformString { strdup($0) })
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    var process: pid_t = 0
    let status = posix_spawn(&process, shell[0], nil, nil, pointers, environ)
    guard status == 0 else {
      throw Complaint(
        "The editor “\(words[0])” cannot be started: \(String(cString: strerror(status))). Set EDITOR to another one.")
    }
    var result: Int32 = 0
    while waitpid(process, &result, 0) < 0, errno == EINTR {}
    // 126: it is there, and nobody may execute it; 127: it is not there.
    if result & 0x7f == 0, [126, 127].contains((result >> 8) & 0xff) {
      throw Complaint("The editor “\(words[0])” cannot be started. Set EDITOR to another one.")
    }
  }

  static func isInstalled(_ program: String) -> Bool {
    guard let path = getenv("PATH").map({ String(cString: $0) }) else { return false }
    return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }
}
