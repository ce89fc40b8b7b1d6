import Glibc
import SystemPackage

extension PosixFiles {
  /// For `open`: the folder itself, whoever may read it (`O_PATH`).
  private static let pathOnly: Int32 = 0o10_000_000

  package func isWithin(_ folder: OpenFolder, _ other: OpenFolder) throws(LocalFault) -> Bool {
    let wanted = try status(of: other).identity
    var current = folder
    var last: LocalStatus.Identity?
    while true {
      let identity = try status(of: current).identity
      if identity == wanted { return true }
      // The root lies in itself.
      if identity == last { return false }
      last = identity
      let descriptor = openat(current.descriptor.rawValue, "..", Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { throw LocalFault(.open, current.label, code: errno) }
      current = OpenFolder(FileDescriptor(rawValue: descriptor), label: current.label)
    }
  }
}
