package import FTP

/// Things in one folder that are to be copied or moved into another folder: what one drop, one F5 or one command asks
/// for. It becomes one batch of the queue.
package struct TransferRequest: Hashable, Sendable {
  /// What happens to the source.
  package enum Operation: String, Hashable, Sendable {
    case copy, move
    /// It is removed, and nothing is brought anywhere.
    case delete
    /// It gets other permissions, where it is.
    case setPermissions = "permissions"

    /// Whether something is brought somewhere; else source and target are the same.
    package var isTransfer: Bool { self == .copy || self == .move }
  }

  /// One thing of the source folder.
  package struct Entry: Hashable, Sendable {
    package var name: FileName
    /// ``TransferItem/Kind/unknown`` lets the queue look.
    package var kind: TransferItem.Kind
    /// Bytes, where they are known.
    package var size: Int64?
    package var modified: Timestamp?
    /// ``FileFacts/identity``, where it is known.
    package var identity: String?
    /// The lower twelve bits of its Unix mode, where they are known.
    package var permissions: UInt16?
    /// The name at the target, where it is to be another one.
    package var newName: FileName?
    /// ``TransferItem/collides``
    package var collides = false
    /// ``TransferItem/expected``
    package var expected: FileFacts?
    /// The folders that it is in, from the source on; only of what is removed as listed.
    package var folders: [FileName] = []

    package init(
      _ name: FileName, kind: TransferItem.Kind = .unknown, size: Int64? = nil, modified: Timestamp? = nil,
      identity: String? = nil, newName: FileName? = nil
    ) {
      self.name = name
      self.kind = kind
      self.size = size
      self.modified = modified
      self.identity = identity
      self.newName = newName
    }

    /// A row of a pane. What it shows of a symbolic link is not trusted: the queue looks where it leads.
    package init(_ entry: ListingEntry) {
      switch entry.kind {
      case .file: self.init(entry.name, kind: .file, size: entry.size, modified: entry.modified, identity: entry.unique)
      case .directory: self.init(entry.name, kind: .folder)
      case .symbolicLink, .other:
        self.init(entry.name)
        return
      }
      permissions = entry.permissions
    }
  }

  /// The folder that the entries are in.
  package var source: Location
  package var entries: [Entry]
  /// The folder that they go into; it must exist.
  package var target: Location
  package var operation: Operation
  /// What happens where a target exists, until a person says something else.
  package var onConflict: ConflictPolicy
  /// Whether somebody is there to answer questions. If not, what would be asked fails, or is skipped, with the reason.
  package var isAttended: Bool
  /// Whether questions about existing targets wait for an answer, also where nobody is there for other ones.
  package var asksConflicts: Bool
  /// Whether symbolic links within folders are followed. Those among `entries` are, always.
  package var followsLinks: Bool
  /// Whether more than the length is to be proved: a digest, or the content read once more.
  package var verifies: Bool
  /// Whether what goes to or from a server keeps the permissions of the source.
  package var keepsPermissions: Bool
  package var priority: Priority
  /// For ``Operation/setPermissions``.
  package var change: PermissionChange?
  /// ``TransferBatch/removesListed``
  package private(set) var removesListed = false

  package init(
    from source: Location, _ entries: [Entry], to target: Location, operation: Operation = .copy,
    onConflict: ConflictPolicy = .ask, isAttended: Bool = true, asksConflicts: Bool? = nil,
    followsLinks: Bool = false, verifies: Bool = false, keepsPermissions: Bool = false, priority: Priority = .normal
  ) {
    self.source = source
    self.entries = entries
    self.target = target
    self.operation = operation
    self.onConflict = onConflict
    self.isAttended = isAttended
    self.asksConflicts = asksConflicts ?? isAttended
    self.followsLinks = followsLinks
    self.verifies = verifies
    self.keepsPermissions = keepsPermissions
    self.priority = priority
  }

  /// The removal of things from a folder. Of symbolic links only the links themselves are removed.
  package init(deleting entries: [Entry], in folder: Location, isAttended: Bool = true) {
    self.init(from: folder, entries.map(\.sizeless), to: folder, operation: .delete, isAttended: isAttended)
  }

  /// The removal of exactly what was listed below a folder: of files each by its own item, and only as long as it is as
  /// it was ``Entry/expected``; of folders those that are empty once that is done.
  package init(removing listed: [Entry], below folder: Location, isAttended: Bool = true) {
    self.init(from: folder, listed.map(\.sizeless), to: folder, operation: .delete, isAttended: isAttended)
    removesListed = true
  }

  /// Other permissions for things of a folder.
  package init(
    setting change: PermissionChange, of entries: [Entry], in folder: Location, isAttended: Bool = true
  ) {
    self.init(from: folder, entries.map(\.sizeless), to: folder, operation: .setPermissions, isAttended: isAttended)
    self.change = change
  }
}

extension TransferRequest.Entry {
  /// None of its bytes move.
  fileprivate var sizeless: TransferRequest.Entry {
    var entry = self
    entry.size = nil
    return entry
  }
}
