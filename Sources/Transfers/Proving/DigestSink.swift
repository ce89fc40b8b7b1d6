import FTPSClient
import NIOCore

/// Takes the bytes of a file that is read once more only to be compared, and keeps nothing but their digest.
struct DigestSink: ByteSink {
  /// All that was wanted has come.
  struct Enough: Error {}

  let digest: ContentDigest
  /// Bytes in the digest, after which no more are wanted.
  var limit = Int64.max

  func write(_ bytes: ByteBuffer) async throws {
    let wanted = Int(min(limit - digest.count, Int64(bytes.readableBytes)))
    bytes.withUnsafeReadableBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0.prefix(wanted))) }
    if wanted < bytes.readableBytes { throw Enough() }
  }
}
