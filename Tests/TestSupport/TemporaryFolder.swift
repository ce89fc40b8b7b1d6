import Glibc
package import SystemPackage

/// A folder of one test's own, empty at first, removed with everything in it when the value goes, or when the test
/// process ends in any way.
package final class TemporaryFolder: Sendable {
  /// Where a folder is made.
  package enum Place: Sendable {
    /// `TMPDIR`, else `/tmp`.
    case disk
    /// `/dev/shm`, where that has `bytes` to spare, else on disk.
    case memory(bytes: Int)
  }

  /// The absolute path, without symbolic links that belong to the test.
  package let path: FilePath
  private let removal: LastRites.Ticket

  /// Makes the folder, mode 0700.
  ///
  /// - Throws: `TestFailure` where it cannot be made.
  package init(_ purpose: String = "test", in place: Place = .disk) throws {
    let base = Self.base(for: place)
    var template = Array(base.appending("ferry-\(purpose)-XXXXXX").string.utf8CString)
    guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
      throw TestFailure("cannot make a folder in \(base): \(String(cString: strerror(errno)))")
    }
    path = template.withUnsafeBufferPointer { FilePath(platformString: $0.baseAddress!) }
    let quoted = shellQuoted(path.string)
    removal = LastRites.shared.register("chmod -R u+rwX \(quoted); rm -rf \(quoted)")
  }

  deinit { remove() }

  /// Removes the folder now. Folders without permission bits are opened first.
  package func remove() {
    FileTree.remove(path)
    removal.cancel()
  }

  /// The path of something inside, `relative` without a leading slash.
  package func appending(_ relative: String) -> FilePath { path.appending(relative) }

  /// Writes a file inside (mode 0600 unless told), and the folders above it; returns its path.
  @discardableResult
  package func write(_ text: String, to relative: String, permissions: FilePermissions = .ownerReadWrite) throws
    -> FilePath
  {
    try write(Array(text.utf8), to: relative, permissions: permissions)
  }

  /// Writes a file inside (mode 0600 unless told), and the folders above it; returns its path.
  @discardableResult
  package func write(_ bytes: [UInt8], to relative: String, permissions: FilePermissions = .ownerReadWrite) throws
    -> FilePath
  {
    let file = appending(relative)
    try FileTree.makeFolders(file.removingLastComponent())
    try FileTree.write(bytes, to: file, permissions: permissions)
    return file
  }

  /// Makes a folder inside, with the folders above it; returns its path.
  @discardableResult
  package func makeFolder(_ relative: String) throws -> FilePath {
    let folder = appending(relative)
    try FileTree.makeFolders(folder)
    return folder
  }

  private static func base(for place: Place) -> FilePath {
    if case .memory(let bytes) = place, FileTree.freeBytes(in: "/dev/shm") > bytes { return "/dev/shm" }
    guard let named = getenv("TMPDIR"), named[0] != 0 else { return "/tmp" }
    return FilePath(platformString: named)
  }
}
