import Glibc

/// What the file system says of a file, a folder or a link.
struct FileStatus: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case file, folder, symbolicLink, other
  }

  var kind: Kind
  /// Bytes.
  var size: Int64
  /// Since 1970, in UTC.
  var modified: Int64
  /// The lower twelve bits of the mode.
  var permissions: UInt32
  var owner: UInt32
  var group: UInt32
  var links: UInt64
  var device: UInt64
  var inode: UInt64

  init(_ raw: stat) {
    kind =
      switch raw.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .symbolicLink
      default: .other
      }
    size = Int64(raw.st_size)
    modified = Int64(raw.st_mtim.tv_sec)
    permissions = UInt32(raw.st_mode) & 0o7777
    owner = raw.st_uid
    group = raw.st_gid
    links = UInt64(raw.st_nlink)
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
  }
}
