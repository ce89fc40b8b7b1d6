internal import Glibc
package import SystemPackage

/// Small files that only their owner reads: keys, certificates, settings.
package enum PrivateFile {
  /// Replaces a file, mode 0600, in one step: after a crash there is the old content or the new one, whole.
  ///
  /// - Throws: `StorageError.system`. The old content is there then.
  package static func write(_ bytes: [UInt8], to path: FilePath) throws(StorageError) {
    let folder = path.removingLastComponent()
    var template = Array(folder.appending(".\(path.lastComponent?.string ?? "").XXXXXX").string.utf8CString)
    let descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
    if descriptor < 0 { throw .system(path, doing: "write", errno: errno) }
    let temporary = template.withUnsafeBufferPointer { FilePath(platformString: $0.baseAddress!) }
    var isMoved = false
    defer { if !isMoved { unlink(temporary.string) } }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    try writeAll(bytes, to: descriptor, of: path)
    if fsync(descriptor) != 0 { throw .system(path, doing: "write", errno: errno) }
    if rename(temporary.string, path.string) != 0 { throw .system(path, doing: "replace", errno: errno) }
    isMoved = true
    PrivateFolder.flush(folder)
  }

  /// What a file holds.
  ///
  /// - Parameter isSecret: whether it is refused where others may read it too.
  /// - Parameter limit: the most bytes that are read; a longer file is refused as too large.
  /// - Returns: nil where there is no such file.
  /// - Throws: `StorageError`: `foreignOwner`, `openToOthers`, `wrongKind` or `system`.
  package static func read(
    _ path: FilePath, isSecret: Bool = true, limit: Int = 1 << 20
  ) throws(StorageError) -> [UInt8]? {
    // Without O_NONBLOCK, a FIFO in its place would hold the program for ever.
    let descriptor = open(path.string, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return nil }
    if descriptor < 0 { throw .system(path, doing: "read", errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system(path, doing: "look at", errno: errno) }
    if status.st_mode & S_IFMT != S_IFREG { throw .wrongKind(path, isFolder: false) }
    if status.st_uid != geteuid() { throw .foreignOwner(path, user: status.st_uid) }
    if isSecret, status.st_mode & 0o077 != 0 { throw .openToOthers(path, isFolder: false) }
    if status.st_size > limit { throw .system(path, doing: "read", errno: EFBIG) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let more = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count) }
      if more < 0, errno == EINTR { continue }
      if more < 0 { throw .system(path, doing: "read", errno: errno) }
      if more == 0 { break }
      count += more
    }
    return Array(bytes.prefix(count))
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, of path: FilePath) throws(StorageError) {
    var count = 0
    while count < bytes.count {
      let more = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + count, $0.count - count) }
      if more < 0, errno == EINTR { continue }
      if more < 0 { throw .system(path, doing: "write", errno: errno) }
      count += more
    }
  }
}
