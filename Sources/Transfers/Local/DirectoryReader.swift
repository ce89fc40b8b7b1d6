import FTP
import Glibc
import SystemPackage

/// Reads the names of an open folder.
enum DirectoryReader {
  /// Hands over every name but "." and "..". Entries that are no file names at all (a broken file system's) are left out.
  static func read(_ folder: OpenFolder, _ body: (LocalName) -> Void) throws(LocalFault) {
    // A descriptor of its own: the position in a folder belongs to the open file description.
    let descriptor = openat(folder.descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, let stream = fdopendir(descriptor) else {
      let code = errno
      if descriptor >= 0 { _ = close(descriptor) }
      throw LocalFault(.list, folder.label, code: code)
    }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        let code = errno
        if code != 0 { throw LocalFault(.list, folder.label, code: code) }
        return
      }
      if let name = name(of: entry) {
        body(LocalName(name: name, kind: LocalStatus.Kind(directoryType: entry.pointee.d_type)))
      }
    }
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> FileName? {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
    let start = UnsafeRawPointer(entry) + offset
    let count = strlen(start.assumingMemoryBound(to: CChar.self))
    return try? FileName(UnsafeRawBufferPointer(start: start, count: count))
  }
}
