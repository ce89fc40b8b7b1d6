import FTP

/// One line of a folder's listing.
struct Entry: Hashable, Sendable {
  /// What it is, as far as a listing tells.
  enum Kind: UInt8, Hashable, Sendable {
    case file, folder
    /// A symbolic link to a folder, to something else, or to nothing that is there.
    case folderLink, link, brokenLink
    /// A device, a socket, a pipe.
    case special
  }

  var name: FileName
  /// Bytes; nil where it is unknown or means nothing.
  var size: Int64?
  // These two fit behind the size without a gap, which makes a row 40 bytes instead of 56; there can be 100,000 of them.
  var kind: Kind
  /// The lower twelve bits of a Unix mode.
  var permissions: UInt16?
  /// The last change of the content.
  var modified: Timestamp?

  init(
    name: FileName, kind: Kind = .file, size: Int64? = nil, modified: Timestamp? = nil, permissions: UInt16? = nil
  ) {
    self.name = name
    self.kind = kind
    self.size = size
    self.modified = modified
    self.permissions = permissions
  }

  /// Whether it can be opened as a folder.
  var isFolder: Bool { kind == .folder || kind == .folderLink }

  /// Whether its name begins with a dot.
  var isHidden: Bool { name.bytes.first == UInt8(ascii: ".") }

  /// Whether it is a file that can be run.
  var isProgram: Bool { kind == .file && (permissions ?? 0) & 0o111 != 0 }
}
