import FTP
import FTPSClient
import Glibc
import NIOCore
import Synchronization
import SystemPackage

/// Keeps the first bytes of a download and ends it then.
final class LimitedSink: ByteSink {
  private struct Enough: Error {}

  private let limit: Int
  private let kept = Mutex<[UInt8]>([])

  init(limit: Int) { self.limit = limit }

  var bytes: [UInt8] { kept.withLock { $0 } }
  var isFull: Bool { kept.withLock { $0.count >= limit } }

  func write(_ bytes: ByteBuffer) async throws {
    let isFull = kept.withLock { kept in
      kept += bytes.readableBytesView.prefix(limit - kept.count)
      return kept.count >= limit
    }
    if isFull { throw Enough() }
  }
}

/// Writes a download into the private copy for an editor.
final class CopySink: ByteSink {
  private let descriptor: Int32
  private let path: FilePath

  init(_ path: FilePath) throws {
    self.path = path
    descriptor = path.withPlatformString { open($0, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else { throw LocalError.complaint("write the copy", path, errno) }
  }

  deinit { close(descriptor) }

  func write(_ bytes: ByteBuffer) async throws {
    let (descriptor, path) = (descriptor, path)
    try await LocalPanes.blocking { _ in
      try bytes.withUnsafeReadableBytes { bytes in
        var written = 0
        while written < bytes.count {
          let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { throw LocalError.complaint("write the copy", path, errno) }
          written += count
        }
      }
    }
  }
}
