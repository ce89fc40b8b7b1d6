import FTPSClient
import NIOCore

/// Takes the bytes of a file that is read once more only to be compared, and keeps nothing but their digest.
struct DigestSink: ByteSink {
  let digest: ContentDigest

  func write(_ bytes: ByteBuffer) async throws {
    bytes.withUnsafeReadableBytes { digest.update($0) }
  }
}
