import Glibc
package import SystemPackage

/// The sample files of the demo: nested folders, texts, a picture, a sound, and names that are hard to handle.
package enum DemoFolder {
  /// Makes the sample files at `path`, a few MiB, unless there is a folder with something in it already: what a user
  /// has changed, added or removed stays as it is. Folders above are made too (0700).
  ///
  /// Throws the system's `Errno`.
  package static func create(at path: FilePath) throws {
    let parent = path.removingLastComponent()
    try makeFolders(parent)
    if try !isEmptyOrMissing(path) { return }
    // Beside its place, and moved there when it is complete: an interrupted start leaves no half of a sample.
    let draft = parent.appending(".\(path.lastComponent?.string ?? "demo").\(UInt64.random(in: 0 ... .max))")
    try makeFolder(draft)
    for item in DemoContent.items() { try write(item, below: draft) }
    for item in DemoContent.items().reversed() { try setTime(item, below: draft) }
    let result = draft.withPlatformString { from in path.withPlatformString { to in rename(from, to) } }
    guard result == 0 else { throw Errno(rawValue: errno) }
  }

  private static func write(_ item: DemoContent.Item, below root: FilePath) throws {
    try withFullPath(item, root) { path in
      guard let content = item.content else {
        guard mkdir(path, 0o755) == 0 else { throw Errno(rawValue: errno) }
        return
      }
      let file = FileDescriptor(rawValue: open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644))
      guard file.rawValue >= 0 else { throw Errno(rawValue: errno) }
      try file.closeAfter { _ = try file.writeAll(content()) }
    }
  }

  private static func setTime(_ item: DemoContent.Item, below root: FilePath) throws {
    try withFullPath(item, root) { path in
      let times = [timespec](repeating: timespec(tv_sec: Int(item.modified), tv_nsec: 0), count: 2)
      guard utimensat(AT_FDCWD, path, times, 0) == 0 else { throw Errno(rawValue: errno) }
    }
  }

  /// Names are bytes, and not all of them UTF-8; so paths are put together as bytes.
  private static func withFullPath<R>(
    _ item: DemoContent.Item, _ root: FilePath, _ body: (UnsafePointer<CChar>) throws -> R
  ) throws -> R {
    let path = root.withPlatformString { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
    let full = path + [CChar(bitPattern: UInt8(ascii: "/"))] + item.path.map { CChar(bitPattern: $0) } + [0]
    return try full.withUnsafeBufferPointer { try body($0.baseAddress!) }
  }

  private static func isEmptyOrMissing(_ path: FilePath) throws -> Bool {
    guard let stream = path.withPlatformString({ opendir($0) }) else {
      if errno == ENOENT { return true }
      throw Errno(rawValue: errno)
    }
    defer { closedir(stream) }
    var count = 0
    while readdir(stream) != nil { count += 1 }
    // "." and "..".
    return count <= 2
  }

  private static func makeFolders(_ path: FilePath) throws {
    if path.isEmpty || path.withPlatformString({ access($0, F_OK) }) == 0 { return }
    try makeFolders(path.removingLastComponent())
    try makeFolder(path)
  }

  private static func makeFolder(_ path: FilePath) throws {
    if path.withPlatformString({ mkdir($0, 0o700) }) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
  }
}
