import FTPSClient
import NIOCore
import Synchronization

/// Takes the first bytes of a download and ends it then.
final class StretchSink: ByteSink {
  /// There is more than was wanted.
  struct Enough: Error {}

  private let limit: Int
  private let taken = Mutex<(bytes: [UInt8], isMore: Bool)>(([], false))

  /// - Parameter limit: bytes that are wanted.
  init(_ limit: Int) { self.limit = limit }

  var bytes: [UInt8] { taken.withLock { $0.bytes } }
  /// Whether the server had more.
  var isMore: Bool { taken.withLock { $0.isMore } }

  func write(_ bytes: ByteBuffer) async throws {
    var bytes = bytes
    let isMore = taken.withLock { taken in
      taken.bytes += bytes.readBytes(length: min(limit - taken.bytes.count, bytes.readableBytes)) ?? []
      taken.isMore = bytes.readableBytes > 0
      return taken.isMore
    }
    if isMore { throw Enough() }
  }
}
