import FTP
import Glibc
import SystemPackage

/// Folders with everything in them. Goes down by descriptors and never through a link, so that nobody who exchanges a
/// folder for a link meanwhile can lead it elsewhere.
enum LocalTree {
  static func count(_ path: FilePath, into count: inout TreeCount, isCancelled: () -> Bool) throws {
    try walk(path, isCancelled: isCancelled) { _, _, facts, isFolder in
      if isFolder {
        count.folders += 1
      } else {
        count.files += 1
        count.add(bytes: Int64(facts.st_size))
      }
    }
    // The folder itself is not what lies in it.
    count.folders -= 1
  }

  /// Visits everything in a folder, and the folder itself last, contents before their folder.
  private static func walk(
    _ path: FilePath, isCancelled: () -> Bool,
    _ visit: (_ folder: Int32, _ name: UnsafePointer<CChar>, stat, _ isFolder: Bool) throws -> Void
  ) throws {
    guard let parent = path.removingLastComponent().isEmpty ? nil : path.removingLastComponent(),
      let name = path.fileName
    else { throw Complaint("The root folder cannot be deleted.") }
    let descriptor = parent.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw LocalError.complaint("open the folder", parent, errno) }
    defer { close(descriptor) }
    try walk(descriptor, name.bytes, path, isCancelled, visit)
  }

  private static func walk(
    _ parent: Int32, _ name: [UInt8], _ path: FilePath, _ isCancelled: () -> Bool,
    _ visit: (Int32, UnsafePointer<CChar>, stat, Bool) throws -> Void
  ) throws {
    if isCancelled() { throw CancellationError() }
    try withCString(name) { name in
      var facts = stat()
      guard fstatat(parent, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 else {
        if errno == ENOENT { return }
        throw LocalError.complaint("look into", path, errno)
      }
      guard LocalFiles.kind(facts.st_mode) == .folder else { return try visit(parent, name, facts, false) }
      let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0, let stream = fdopendir(descriptor) else {
        throw LocalError.complaint("open a folder in", path, errno)
      }
      defer { closedir(stream) }
      for child in children(stream) { try walk(descriptor, child, path, isCancelled, visit) }
      try visit(parent, name, facts, true)
    }
  }

  private static func children(_ stream: OpaquePointer) -> [[UInt8]] {
    var names: [[UInt8]] = []
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    while let next = readdir(stream) {
      let start = (UnsafeRawPointer(next) + nameOffset).assumingMemoryBound(to: CChar.self)
      let bytes = Array(UnsafeRawBufferPointer(start: start, count: strlen(start)))
      if bytes != [0x2e], bytes != [0x2e, 0x2e] { names.append(bytes) }
    }
    return names
  }

  private static func withCString<Result>(
    _ bytes: [UInt8], _ body: (UnsafePointer<CChar>) throws -> Result
  ) rethrows -> Result {
    try (bytes + [0]).withUnsafeBytes { try body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }
}
