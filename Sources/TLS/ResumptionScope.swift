internal import COpenSSL

/// Whose sessions a server's connection resumes: a control connection makes one, and its data connections share it.
/// A session of another scope is not resumed; the handshake is then a full one.
package struct ResumptionScope: Hashable, Sendable {
  /// 32 bytes: what OpenSSL calls the session identifier context, which it keeps in tickets and sessions.
  let bytes: [UInt8]

  /// One that no other connection has.
  package init() {
    bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      guard RAND_bytes(buffer.baseAddress, 32) == 1 else { preconditionFailure("OpenSSL has no random numbers") }
      count = 32
    }
  }
}
