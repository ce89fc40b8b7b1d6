import Glibc
import NIOCore
import SystemPackage

/// An open file or folder, closed when the last owner lets go.
final class OpenFile: Sendable {
  let descriptor: CInt

  /// Takes over `descriptor`.
  init(owning descriptor: CInt) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Calls `open`, again when a signal came in between.
  static func opening(_ open: () -> CInt) throws(FileError) -> OpenFile {
    OpenFile(owning: try FileError.check(open))
  }

  func status() throws(FileError) -> FileStatus {
    var raw = stat()
    try FileError.check { fstat(descriptor, &raw) }
    return FileStatus(raw)
  }

  /// Bytes that are free for this user on the file system.
  func room() throws(FileError) -> Int64 {
    var raw = statvfs()
    try FileError.check { fstatvfs(descriptor, &raw) }
    return Int64(clamping: UInt64(raw.f_bavail).multipliedReportingOverflow(by: UInt64(raw.f_frsize)).partialValue)
  }

  /// At most `count` bytes from `offset`; none at the end of the file.
  func read(_ count: Int, at offset: Int64) throws(FileError) -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    var problem: FileError?
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
      var total = 0
      while total < count {
        let got = pread(descriptor, memory.baseAddress! + total, count - total, off_t(offset) + total)
        if got < 0 {
          if errno == EINTR { continue }
          problem = .system(Errno(rawValue: errno))
          return 0
        }
        if got == 0 { break }
        total += got
      }
      return total
    }
    if let problem { throw problem }
    return buffer
  }

  /// Writes all readable bytes at `offset`.
  func write(_ buffer: ByteBuffer, at offset: Int64) throws(FileError) {
    let problem = buffer.withUnsafeReadableBytes { bytes -> FileError? in
      var total = 0
      while total < bytes.count {
        let put = pwrite(descriptor, bytes.baseAddress! + total, bytes.count - total, off_t(offset) + total)
        if put < 0 {
          if errno == EINTR { continue }
          return .system(Errno(rawValue: errno))
        }
        total += put
      }
      return nil
    }
    if let problem { throw problem }
  }

  /// From now on every write goes to the end of the file, wherever others have brought that; offsets do not count any more
  /// (pwrite(2), BUGS).
  func appendOnly() throws(FileError) {
    try FileError.check { fcntl(descriptor, F_SETFL, O_APPEND) }
  }

  /// Cuts the file, or fills it with zeros, to `size`.
  func truncate(to size: Int64) throws(FileError) {
    try FileError.check { ftruncate(descriptor, off_t(size)) }
  }
}

extension FileError {
  /// Gives the result of a system call, which is repeated while signals interrupt it; throws for a negative one.
  @discardableResult
  static func check(_ call: () -> CInt) throws(FileError) -> CInt {
    while true {
      let result = call()
      if result >= 0 { return result }
      if errno != EINTR { throw .system(Errno(rawValue: errno)) }
    }
  }
}
