import FTP

/// What tells, as far as can be told from outside, whether a file has been changed.
struct FileStamp: Hashable, Sendable {
  /// The last change of its content.
  var modified: Timestamp?
  /// Bytes.
  var size: Int64?
  /// What else a server tells that two files are one (RFC 3659 section 7.5.2).
  var identity: String?
}
