package import NIOCore

/// Takes the bytes of a download, in order.
package protocol ByteSink: Sendable {
  /// Takes the next bytes. Returns when more may come: a sink that writes to a disk lets a bounded number of writes be
  /// under way, so that disk and network overlap.
  func write(_ bytes: ByteBuffer) async throws
}

/// Gives the bytes of an upload, in order.
package protocol ByteSource: Sendable {
  /// The next bytes, at most `count` of them, or `nil` at the end.
  func read(upTo count: Int) async throws -> ByteBuffer?
  /// Whether its bytes have come over the network, where the limit on speed has counted them.
  var isPaced: Bool { get }
}

extension ByteSource {
  package var isPaced: Bool { false }
}

/// How one transfer of bytes went.
package struct TransferReport: Sendable, Hashable {
  /// Bytes that crossed the data connection, without what a restart offset left out.
  package var bytes: Int64
  /// Whether the data connection resumed the control connection's TLS session.
  package var wasResumed: Bool
  /// The text of the server's last reply, escaped.
  package var reply: String
}

/// An error of the near side (a disk, a file) that ended a transfer; the session is still in step.
package struct LocalFailure: Error {
  package var underlying: any Error
}
