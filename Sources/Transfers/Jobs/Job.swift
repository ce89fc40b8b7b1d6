import FTP

/// One attempt at one item.
struct Job: Sendable {
  let item: TransferItem
  let batch: TransferBatch
  /// Told of every byte that moves.
  let progress: ByteProgress
  /// Told of what is found out on the way; returns when it is kept.
  let note: @Sendable (ItemNote) async -> Void
  /// Told of every file and folder of a tree that is done.
  var entries = EntryProgress()
  /// Of what goes to a server: the permission bits that it is to get; nil: those that the server gives it.
  var permissions: UInt16?

  /// The same with permissions.
  func setting(_ permissions: UInt16?) -> Job {
    var job = self
    job.permissions = permissions
    return job
  }

  var policy: ConflictPolicy { item.answer ?? batch.policy }

  /// Whether only what is expected may be replaced: nobody has decided otherwise since.
  var awaits: Bool { item.expected != nil && item.answer == nil }

  /// The rest of the item's way, from the folder that a person chose down to the item's own folder.
  func folders(of path: ItemPath) -> ArraySlice<FileName> { path.names(last: item.depth).dropLast() }
}

/// How a job ended, before its consequences are in the journal.
enum JobResult: Sendable {
  case outcome(JobOutcome)
  /// The folder is there, and this is in it.
  case contents([NewItem])
  /// Of a tree all was done but this; with a sentence about it for people.
  case partly(String, [NewItem])
}
