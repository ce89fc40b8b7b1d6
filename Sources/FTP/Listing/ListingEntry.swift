/// One file or folder as a listing tells of it.
package struct ListingEntry: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case file
    case directory
    /// Where it points to, if the listing says so, in the server's words.
    case symbolicLink(target: [UInt8]?)
    /// A device, socket, pipe or something unknown.
    case other
  }

  package var name: FileName
  package var kind: Kind
  /// Bytes, at most ``FileSize/largest``; nil where it is unknown or does not fit. For some old systems a number of blocks
  /// times their size.
  package var size: Int64?
  package var modified: Timestamp?
  /// Unix mode bits, 0...0o7777.
  package var permissions: UInt16?
  package var owner: String?
  package var group: String?
  /// MLSx "unique": equal for two names of the same thing (RFC 3659 section 7.5.2).
  package var unique: String?
  /// MLSx "perm": what the user may do, in the letters of RFC 3659 section 7.5.5.
  package var perm: String?

  package init(
    name: FileName, kind: Kind, size: Int64? = nil, modified: Timestamp? = nil, permissions: UInt16? = nil,
    owner: String? = nil, group: String? = nil, unique: String? = nil, perm: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.size = size.flatMap(FileSize.checked)
    self.modified = modified
    self.permissions = permissions
    self.owner = owner
    self.group = group
    self.unique = unique
    self.perm = perm
  }

  package var isDirectory: Bool { kind == .directory }
}
