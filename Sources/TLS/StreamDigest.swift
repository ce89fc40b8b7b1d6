import COpenSSL
import Synchronization

/// A digest of bytes that come in pieces.
package final class StreamDigest: Sendable {
  package enum Algorithm: Hashable, Sendable { case sha512, sha256, sha1, md5 }

  /// Only touched under the lock.
  private struct Context: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private let context: Mutex<Context>

  package init(_ algorithm: Algorithm) {
    let kind =
      switch algorithm {
      case .sha512: EVP_sha512()
      case .sha256: EVP_sha256()
      case .sha1: EVP_sha1()
      case .md5: EVP_md5()
      }
    guard let pointer = EVP_MD_CTX_new(), EVP_DigestInit_ex(pointer, kind, nil) == 1 else {
      preconditionFailure("OpenSSL has no digest")
    }
    context = Mutex(Context(pointer: pointer))
  }

  deinit { context.withLock { EVP_MD_CTX_free($0.pointer) } }

  /// Takes the next bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    context.withLock { context in
      guard EVP_DigestUpdate(context.pointer, bytes.baseAddress, bytes.count) == 1 else {
        preconditionFailure("OpenSSL has lost a digest")
      }
    }
  }

  /// The digest of all that came; more may come afterwards.
  package var value: [UInt8] {
    context.withLock { context in
      var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
      var length: UInt32 = 0
      guard let copy = EVP_MD_CTX_new() else { preconditionFailure("OpenSSL has no memory") }
      defer { EVP_MD_CTX_free(copy) }
      guard EVP_MD_CTX_copy_ex(copy, context.pointer) == 1, EVP_DigestFinal_ex(copy, &result, &length) == 1 else {
        preconditionFailure("OpenSSL has lost a digest")
      }
      return Array(result.prefix(Int(length)))
    }
  }
}
