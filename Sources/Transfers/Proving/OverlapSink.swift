import FTPSClient
import NIOCore
import Synchronization

/// Lets bytes pass only once the first of them are those that end what is here already: so that nothing is appended to
/// the beginning of another file, and a server that does not start where it was asked to is found out.
final class OverlapSink: ByteSink {
  /// The server's bytes are others.
  struct Mismatch: Error {}

  private let expected: [UInt8]
  private let part: PartFile
  private let came = Mutex<[UInt8]>([])

  /// - Parameters:
  ///   - expected: the last bytes of what is here.
  ///   - part: takes all that comes after them.
  init(_ expected: [UInt8], before part: PartFile) {
    self.expected = expected
    self.part = part
  }

  /// What came in the place of the expected bytes.
  var received: [UInt8] { came.withLock { $0 } }
  var isProved: Bool { received == expected }

  func write(_ bytes: ByteBuffer) async throws {
    var bytes = bytes
    let isOther = came.withLock { came in
      guard came.count < expected.count else { return false }
      came += bytes.readBytes(length: min(expected.count - came.count, bytes.readableBytes)) ?? []
      return came.count == expected.count && came != expected
    }
    if isOther { throw Mismatch() }
    if bytes.readableBytes > 0 { try await part.write(bytes) }
  }
}
