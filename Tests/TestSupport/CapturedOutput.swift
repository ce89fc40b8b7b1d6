import Glibc
import SystemPackage

/// An unnamed file that a program writes to, or reads from, and that can be read at any time.
final class CapturedOutput: Sendable {
  let descriptor: Int32

  init(holding bytes: [UInt8] = []) throws {
    var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/ferry-output-XXXXXX".utf8CString)
    descriptor = template.withUnsafeMutableBufferPointer { buffer in
      let made = mkstemp(buffer.baseAddress!)
      if made >= 0 { unlink(buffer.baseAddress!) }
      return made
    }
    guard descriptor >= 0 else { throw TestFailure("no temporary file: \(String(cString: strerror(errno)))") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // O_APPEND is not set: a program may share the position with its children, as with a pipe.
    _ = try FileDescriptor(rawValue: descriptor).writeAll(toAbsoluteOffset: 0, bytes)
  }

  deinit { close(descriptor) }

  /// Everything that was written up to now.
  var bytes: [UInt8] {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: Int(facts.st_size)) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
    }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
