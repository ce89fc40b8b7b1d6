package import FTP
package import NIOCore

/// A file that is small enough to be held in memory, to be brought here.
package struct SmallDownload: Sendable {
  package var path: RemotePath
  /// Bytes that it may have at most.
  package var limit: Int
  /// Whether the server is to be asked when the file was last changed.
  package var wantsTime: Bool

  package init(_ path: RemotePath, limit: Int, wantsTime: Bool = false) {
    self.path = path
    self.limit = limit
    self.wantsTime = wantsTime
  }
}

/// What came of a ``SmallDownload``.
package struct SmallContent: Sendable {
  package var bytes: ByteBuffer
  /// Where it was asked for, and the server knows it.
  package var modified: Timestamp?
}

/// A small file that is brought to the server: stored under a temporary name, asked for its size, given its time, and
/// renamed.
package struct SmallUpload: Sendable {
  package var temporary: RemotePath
  package var target: RemotePath
  package var bytes: ByteBuffer
  package var modified: Timestamp?
  /// ``ByteSource/isPaced``
  package var isPaced: Bool
  /// Permission bits that it is to get; a server that refuses has stored it all the same.
  package var permissions: UInt16?

  package init(
    _ bytes: ByteBuffer, temporary: RemotePath, target: RemotePath, modified: Timestamp?, isPaced: Bool = false
  ) {
    self.isPaced = isPaced
    self.bytes = bytes
    self.temporary = temporary
    self.target = target
    self.modified = modified
  }
}

/// Why a small file was not transferred.
package enum SmallFailure: Error, Sendable {
  /// The server, or the connection to it. Where the session ended, whether an upload has got its name is not known.
  case session(FTPSError)
  /// A download is longer than its limit.
  case tooLong
  /// An upload has another length over there.
  case lengthDiffers(Int64)
}
