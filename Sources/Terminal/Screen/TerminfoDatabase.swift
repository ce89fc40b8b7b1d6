internal import Glibc

/// Finds compiled terminfo entries where ncurses would.
enum TerminfoDatabase {
  private static let systemFolders = [
    "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo", "/usr/local/share/terminfo",
  ]

  /// The compiled entry for a terminal type, nil if there is none in a file of its own.
  static func entry(for term: String, environment: Environment) -> TerminfoEntry? {
    guard let first = term.utf8.first, !term.utf8.contains(UInt8(ascii: "/")), term.utf8.first != UInt8(ascii: ".")
    else { return nil }
    for folder in folders(environment) {
      // By the first letter, or (where file names have no case) by its hexadecimal value.
      for part in [String(Character(Unicode.Scalar(first))), String(first, radix: 16)] {
        if let bytes = read("\(folder)/\(part)/\(term)"), let entry = TerminfoEntry(compiled: bytes) { return entry }
      }
    }
    return nil
  }

  private static func folders(_ environment: Environment) -> [String] {
    var folders: [String] = []
    if let own = environment["TERMINFO"], own.hasPrefix("/") { folders.append(own) }
    if let home = environment["HOME"], !home.isEmpty { folders.append(home + "/.terminfo") }
    for folder in (environment["TERMINFO_DIRS"] ?? "").split(separator: ":") { folders.append(String(folder)) }
    return folders + systemFolders
  }

  private static func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    // ncurses takes no entry above 32 KiB.
    var bytes = [UInt8](repeating: 0, count: 32769)
    let count = Glibc.read(file, &bytes, bytes.count)
    guard count > 0, count < bytes.count else { return nil }
    return Array(bytes.prefix(count))
  }
}
