package import FTP
import Synchronization
import TLS

/// The digest of a file's content, made while its bytes go by.
package final class ContentDigest: Sendable {
  package let algorithm: HashAlgorithm
  private let openSSL: StreamDigest?
  private let crc32 = Mutex(CRC32())
  /// Bytes that are in it.
  private let counted = Atomic<Int64>(0)

  package init(_ algorithm: HashAlgorithm) {
    self.algorithm = algorithm
    openSSL =
      switch algorithm {
      case .sha512: StreamDigest(.sha512)
      case .sha256: StreamDigest(.sha256)
      case .sha1: StreamDigest(.sha1)
      case .md5: StreamDigest(.md5)
      case .crc32: nil
      }
  }

  /// Bytes that have gone by.
  package var count: Int64 { counted.load(ordering: .relaxed) }

  /// Takes the next bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    if let openSSL { openSSL.update(bytes) } else { crc32.withLock { $0.update(bytes) } }
    counted.add(Int64(bytes.count), ordering: .relaxed)
  }

  /// The digest of all that came.
  package var value: [UInt8] { openSSL?.value ?? crc32.withLock { $0.value } }
}
