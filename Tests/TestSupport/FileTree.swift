package import Glibc
package import SystemPackage

/// The few operations on files and folders that tests need, on names that are any bytes.
package enum FileTree {
  /// Bytes that an ordinary user may still write to the file system that holds `path`; 0 where it does not exist.
  package static func freeBytes(in path: FilePath) -> Int {
    var facts = statvfs()
    guard path.withPlatformString({ statvfs($0, &facts) }) == 0 else { return 0 }
    return Int(facts.f_bavail) * Int(facts.f_frsize)
  }

  /// The facts of `path` itself, of a symbolic link not its target; nil where there is nothing.
  package static func facts(_ path: FilePath) -> stat? {
    var facts = stat()
    return path.withPlatformString { lstat($0, &facts) } == 0 ? facts : nil
  }

  /// Whether anything has that name, a dangling symbolic link included.
  package static func exists(_ path: FilePath) -> Bool { facts(path) != nil }

  /// What a symbolic link points to.
  package static func target(of link: FilePath) throws -> FilePath {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard link.withPlatformString({ readlink($0, &buffer, Int(PATH_MAX)) }) >= 0 else { throw failure("read", link) }
    return FilePath(platformString: buffer)
  }

  /// Makes a folder and those above it, mode 0755 before the umask; fine where they exist.
  package static func makeFolders(_ path: FilePath) throws {
    if path.isEmpty || exists(path) { return }
    try makeFolders(path.removingLastComponent())
    guard path.withPlatformString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST else { throw failure("make", path) }
  }

  /// Writes a whole file, in place of one that exists.
  package static func write(
    _ bytes: some Collection<UInt8>, to path: FilePath, permissions: FilePermissions = .ownerReadWrite
  ) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: permissions)
    try file.closeAfter { _ = try file.writeAll(bytes) }
  }

  /// A whole file's bytes.
  package static func read(_ path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    return try file.closeAfter { try file.readToEnd() }
  }

  /// A whole file as text; bytes that are not UTF-8 become U+FFFD.
  package static func text(_ path: FilePath) throws -> String { String(decoding: try read(path), as: UTF8.self) }

  /// The names in a folder, without `.` and `..`, ordered by bytes.
  package static func names(in folder: FilePath) throws -> [FilePath.Component] {
    guard let stream = folder.withPlatformString({ opendir($0) }) else { throw failure("open", folder) }
    defer { closedir(stream) }
    var names: [FilePath.Component] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 256) { FilePath.Component(platformString: $0) }
      }
      if let name, name.kind == .regular { names.append(name) }
    }
    return names.sorted { one, other in
      one.withPlatformString { one in other.withPlatformString { strcmp(one, $0) } } < 0
    }
  }

  /// Changes the permission bits of a file or folder.
  package static func setPermissions(_ permissions: FilePermissions, of path: FilePath) throws {
    guard path.withPlatformString({ chmod($0, permissions.rawValue) }) == 0 else { throw failure("chmod", path) }
  }

  /// Removes a file, or a folder with everything in it. Nothing happens where there is nothing.
  package static func remove(_ path: FilePath) {
    guard let facts = facts(path) else { return }
    guard facts.st_mode & S_IFMT == S_IFDIR else {
      _ = path.withPlatformString { unlink($0) }
      return
    }
    if facts.st_mode & 0o700 != 0o700 { _ = path.withPlatformString { chmod($0, 0o700) } }
    for name in (try? names(in: path)) ?? [] { remove(path.appending(name)) }
    _ = path.withPlatformString { rmdir($0) }
  }

  private static func failure(_ verb: String, _ path: FilePath) -> TestFailure {
    TestFailure("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }
}

extension FileDescriptor {
  /// Everything from the current position to the end.
  fileprivate func readToEnd() throws -> [UInt8] {
    var bytes: [UInt8] = []
    let size = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try read(into: buffer)
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}
