import FTP
import Glibc
import SystemPackage

/// An open folder's entries. No call here follows a symbolic link.
extension OpenFile {
  /// O_PATH, which Swift does not see: a folder to go through, for which the right to list it is not needed.
  static let pathOnly: CInt = 0o10000000

  func opened(_ name: FileName, _ flags: CInt) throws(FileError) -> OpenFile {
    try name.withCString { pointer throws(FileError) in
      try OpenFile.opening { openat(descriptor, pointer, flags | O_NOFOLLOW | O_CLOEXEC, 0o666) }
    }
  }

  /// Nil where there is nothing of that name.
  func openedIfThere(_ name: FileName, _ flags: CInt) throws(FileError) -> OpenFile? {
    do {
      return try opened(name, flags)
    } catch {
      if error == .system(.noSuchFileOrDirectory) { return nil }
      throw error
    }
  }

  /// For ".", which is no file name.
  func opened(name: StaticString, _ flags: CInt) throws(FileError) -> OpenFile {
    try OpenFile.opening { openat(descriptor, "\(name)", flags | O_NOFOLLOW | O_CLOEXEC) }
  }

  func status(of name: FileName) throws(FileError) -> FileStatus {
    var raw = stat()
    try with(name) { fstatat($0, $1, &raw, AT_SYMLINK_NOFOLLOW) }
    return FileStatus(raw)
  }

  /// Throws `EINVAL` for what is no link.
  func linkTarget(_ name: FileName) throws(FileError) -> [UInt8] {
    var count = 0
    let buffer = try name.withCString { pointer throws(FileError) in
      var problem: Errno?
      let buffer = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, initialized in
        count = readlinkat(descriptor, pointer, buffer.baseAddress!, buffer.count)
        if count < 0 { problem = Errno(rawValue: errno) }
        initialized = max(count, 0)
      }
      if let problem { throw .system(problem) }
      return buffer
    }
    return buffer
  }

  func setModified(_ name: FileName, to time: Timestamp) throws(FileError) {
    // UTIME_OMIT, a macro that Swift does not see: the time of the last access stays.
    let omitted = (1 << 30) - 2
    let times = [
      timespec(tv_sec: 0, tv_nsec: omitted), timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds)),
    ]
    try with(name) { utimensat($0, $1, times, AT_SYMLINK_NOFOLLOW) }
  }

  func unlink(_ name: FileName, _ flags: CInt) throws(FileError) {
    try with(name) { unlinkat($0, $1, flags) }
  }

  /// Calls `call` with the folder's descriptor and the name, and throws the reason of its failure.
  func with(_ name: FileName, _ call: (CInt, UnsafePointer<CChar>) -> CInt) throws(FileError) {
    try name.withCString { pointer throws(FileError) in
      _ = try FileError.check { call(descriptor, pointer) }
    }
  }
}

extension FileName {
  /// Lends the bytes with a NUL behind them.
  func withCString<R, E: Error>(_ body: (UnsafePointer<CChar>) throws(E) -> R) throws(E) -> R {
    var text = bytes.map { CChar(bitPattern: $0) }
    text.append(0)
    let result: Result<R, E> = text.withUnsafeBufferPointer { buffer in
      do throws(E) { return .success(try body(buffer.baseAddress!)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
