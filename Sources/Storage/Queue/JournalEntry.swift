package import FTP

/// What is to be done, as it is put into the queue.
package struct JournalEntry: Hashable, Sendable {
  /// What happens to the source.
  package enum Operation: UInt8, Hashable, Sendable, CaseIterable {
    case copy, move, delete, setPermissions
  }

  /// What the source is.
  package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    case file, folder
  }

  /// One end: an absolute path, as bytes, on a server or, without one, on this machine.
  package struct Place: Hashable, Sendable {
    package var server: ServerAddress?
    package var path: [UInt8]

    package init(server: ServerAddress? = nil, path: [UInt8]) {
      self.server = server
      self.path = path
    }
  }

  /// Where to, seen from this machine.
  package enum Direction: Hashable, Sendable {
    case download, upload, local, remote
  }

  package var operation: Operation
  package var kind: Kind
  package var source: Place
  /// The same as `source` for operations that have one place only.
  package var destination: Place
  /// The item that this one came from, a folder; nil for what the user queued.
  package var parent: JournalItem.ID?
  /// In bytes; nil where it is not known.
  package var size: Int64?
  /// The source's time of change when it was queued.
  package var modified: Timestamp?
  /// What else tells whether the source is still the same: MLSD's "unique", or device and inode.
  package var sourceIdentity: String?
  /// What happens where the destination exists, in the words of whoever runs the queue; nil: as the batch says.
  package var conflict: String?
  /// Whatever else who runs the queue wants back. Not interpreted.
  package var options: String?
  /// 0...4, 2 is normal; higher goes first.
  package var priority: Int
  /// Where it is put among those of its priority; nil: behind all others. Not read back: see `JournalItem.position`.
  package var position: Double?
  /// Paused from the start.
  package var isPaused: Bool

  package init(
    _ operation: Operation = .copy, _ kind: Kind, from source: Place, to destination: Place,
    parent: JournalItem.ID? = nil, size: Int64? = nil, modified: Timestamp? = nil, sourceIdentity: String? = nil,
    conflict: String? = nil, options: String? = nil, priority: Int = 2, position: Double? = nil,
    isPaused: Bool = false
  ) {
    precondition((0...4).contains(priority), "no such priority")
    self.operation = operation
    self.kind = kind
    self.source = source
    self.destination = destination
    self.parent = parent
    self.size = size
    self.modified = modified
    self.sourceIdentity = sourceIdentity
    self.conflict = conflict
    self.options = options
    self.priority = priority
    self.position = position
    self.isPaused = isPaused
  }

  package var direction: Direction {
    switch (source.server, destination.server) {
    case (nil, nil): .local
    case (nil, _): .upload
    case (_, nil): .download
    case (_, _): .remote
    }
  }

  /// The server that limits how many such items run at once: the source's, else the destination's, else none.
  package var server: ServerAddress? { source.server ?? destination.server }
}
