package import FTP
package import Glibc

/// What the local file system knows of one file.
package struct LocalStatus: Hashable, Sendable {
  /// What stands under a name.
  package enum Kind: Hashable, Sendable {
    case file, folder, symbolicLink
    /// A device, a socket or a FIFO.
    case other
  }

  package var kind: Kind
  /// Bytes.
  package var size: Int64
  /// When the content was last changed, in UTC.
  package var modified: Timestamp
  /// The lower twelve bits of the mode.
  package var permissions: UInt16
  /// Device and inode: the same for the same file under another name.
  package var identity: Identity
  /// When the content or anything about the file was last changed, seconds and nanoseconds.
  package var changed: Moment

  package struct Identity: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
  }

  package struct Moment: Hashable, Sendable {
    package var seconds: Int64
    package var nanoseconds: Int64
  }

  package init(_ facts: stat) {
    kind = Kind(mode: facts.st_mode)
    size = Int64(facts.st_size)
    modified = Timestamp(
      seconds: Int64(facts.st_mtim.tv_sec), nanoseconds: Int32(facts.st_mtim.tv_nsec), precision: .nanosecond)
    permissions = UInt16(truncatingIfNeeded: facts.st_mode & 0o7777)
    identity = Identity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
    changed = Moment(seconds: Int64(facts.st_ctim.tv_sec), nanoseconds: Int64(facts.st_ctim.tv_nsec))
  }

  /// The same as a pane shows it.
  package func entry(named name: FileName, target: [UInt8]? = nil) -> ListingEntry {
    let kind: ListingEntry.Kind =
      switch kind {
      case .file: .file
      case .folder: .directory
      case .symbolicLink: .symbolicLink(target: target)
      case .other: .other
      }
    return ListingEntry(name: name, kind: kind, size: size, modified: modified, permissions: permissions)
  }
}

extension LocalStatus.Kind {
  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .symbolicLink
    default: self = .other
    }
  }

  /// From `d_type` of a directory entry; nil for `DT_UNKNOWN`.
  init?(directoryType type: UInt8) {
    switch Int(type) {
    case Int(DT_UNKNOWN): return nil
    case Int(DT_REG): self = .file
    case Int(DT_DIR): self = .folder
    case Int(DT_LNK): self = .symbolicLink
    default: self = .other
    }
  }
}
