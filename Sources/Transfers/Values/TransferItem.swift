package import FTP

/// One file or folder of the queue.
package struct TransferItem: Hashable, Sendable, Identifiable {
  /// The journal's number for it.
  package struct ID: Hashable, Comparable, Sendable {
    package var rawValue: Int64
    package init(_ rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: ID, right: ID) -> Bool { left.rawValue < right.rawValue }
  }

  package enum Kind: String, Hashable, Sendable {
    case file, folder
    /// To be looked at before anything else.
    case unknown
  }

  /// What is done with the item next.
  package enum Stage: String, Hashable, Sendable {
    /// The file is transferred; the folder is made and its contents become items.
    case transfer
    /// Of a folder that is moved: everything in it is over there, and the empty source is removed. So it is with one that
    /// is removed as it was listed.
    case emptying
  }

  package let id: ID
  package let batch: TransferBatch.ID
  /// The folder in whose list it was found; nil for what a person chose.
  package let parent: ID?
  package var kind: Kind
  package let source: ItemPath
  package var target: ItemPath
  /// How many components of the paths lie below the folders that a person chose; at least 1.
  package let depth: Int
  /// Bytes of the source when it was last looked at.
  package var size: Int64?
  /// When the source was last changed, when it was last looked at.
  package var modified: Timestamp?
  /// ``FileFacts/identity`` of the source, when it was last looked at.
  package var identity: String?
  /// Random; makes the part file's name.
  package let token: UInt64
  package var state: ItemState
  /// The lower twelve bits of the source's Unix mode, where its list told them.
  package var permissions: UInt16?
  /// What a person should know of it, however it ends, as a sentence. The journal does not keep it.
  package var remark: String?
  /// Another name of its folder differs from its own only in what some targets do not look at: case.
  package var collides = false
  /// What is to be replaced, as it was when a person decided that it should be: where something else stands there by then,
  /// the person is asked again, whatever the batch says.
  package var expected: FileFacts?
  package var stage: Stage = .transfer
  package var priority = Priority.normal
  /// Where it stands among what waits with the same priority; the lower goes first.
  package var position = TransferItem.behindAll
  /// What a person answered for this item.
  package var answer: ConflictPolicy?
  /// Attempts that failed in a row without moving a byte.
  package var attempts = 0
  /// Bytes that are over there, as of the last attempt.
  package var bytes: Int64 = 0
  /// Of an item that waits for another attempt: why the last one failed, as a sentence for people.
  package var problem: String?
  /// Of a file between two servers that may exchange it directly: how it goes. The journal does not keep it.
  package var way: RelayWay?
  /// Of an item that is moved: how it is known that its target is complete, since just before its source was to go. So
  /// whoever finds the source gone, and the target there, after a process ended between the two knows that it is done.
  package var handover: Proof?
  /// What stood at the target may have been put aside, under ``asideName``, by an attempt that was ended in the middle.
  var hasAside = false
  /// The name that it gets at the target, where another one was taken than was asked for.
  var newName: FileName?
  /// Whether an earlier job has worked on it: then there may be a part file, or it may be complete already.
  package var hasStarted = false

  package init(
    id: ID, batch: TransferBatch.ID, parent: ID? = nil, kind: Kind, source: ItemPath, target: ItemPath,
    depth: Int = 1, size: Int64? = nil, modified: Timestamp? = nil, identity: String? = nil, token: UInt64,
    state: ItemState = .waiting, priority: Priority = .normal,
    position: Double = TransferItem.behindAll
  ) {
    self.id = id
    self.batch = batch
    self.parent = parent
    self.kind = kind
    self.source = source
    self.target = target
    self.depth = depth
    self.size = size
    self.modified = modified
    self.identity = identity
    self.token = token
    self.state = state
    self.priority = priority
    self.position = position
  }

  /// The source, when it was last looked at.
  var facts: FileFacts { FileFacts(size: size, modified: modified, identity: identity) }

  /// The name of the part file beside the target: the same from the first attempt to the last, also where the target
  /// gets another name than was planned.
  package var partName: FileName { PartName.make(for: source.name, token: token) }
  /// Where what stands at the target is while it is put aside.
  var asideName: FileName { PartName.aside(for: source.name, token: token) }

  /// Whether it is over, and a part file of it may still have to be removed.
  var leavesPart: Bool { state == .cancelled && (hasStarted || hasAside) && kind != .folder }

  /// The position of what has none yet.
  package static let behindAll = -Double.greatestFiniteMagnitude
}

/// An item before the journal has numbered it.
package struct NewItem: Hashable, Sendable {
  package var kind: TransferItem.Kind
  package var source: ItemPath
  package var target: ItemPath
  package var depth: Int
  package var size: Int64?
  package var modified: Timestamp?
  package var identity: String?
  package var token: UInt64
  /// ``TransferItem/collides``
  package var collides = false
  /// ``TransferItem/permissions``
  package var permissions: UInt16?
  /// ``TransferItem/expected``
  package var expected: FileFacts?
  package var stage: TransferItem.Stage = .transfer
  /// Of what is put into the queue together with its folder: which one of them that is.
  package var parent: Int?
  /// Waiting, or what became of it at once: a symbolic link that is not followed, a name that cannot be carried.
  package var state: ItemState
  package var priority = Priority.normal
  /// Where it stands.
  package var position = TransferItem.behindAll

  package init(
    kind: TransferItem.Kind, source: ItemPath, target: ItemPath, depth: Int, size: Int64? = nil,
    modified: Timestamp? = nil, identity: String? = nil,
    token: UInt64 = .random(in: 0 ... .max), state: ItemState = .waiting
  ) {
    self.kind = kind
    self.source = source
    self.target = target
    self.depth = depth
    self.size = size
    self.modified = modified
    self.identity = identity
    self.token = token
    self.state = state
  }

  package func item(_ id: TransferItem.ID, batch: TransferBatch.ID, parent: TransferItem.ID?) -> TransferItem {
    var item = TransferItem(
      id: id, batch: batch, parent: parent, kind: kind, source: source, target: target, depth: depth, size: size,
      modified: modified, identity: identity, token: token, state: state, priority: priority, position: position)
    item.collides = collides
    item.permissions = permissions
    item.expected = expected
    item.stage = stage
    return item
  }
}
