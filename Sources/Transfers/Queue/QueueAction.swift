/// What the queue has to do after an event.
package enum QueueAction: Equatable, Sendable {
  /// Begin a job for an item.
  case start(TransferItem.ID)
  /// Begin one job for several small files of a batch, which share its place.
  case startPacket([TransferItem.ID])
  /// End the job of an item; its end is an event of its own.
  case stop(TransferItem.ID)
  /// Come back with an event after a while.
  case wake(Wake, after: Duration)
  /// An item is another one than before: keep and show it.
  case changed(TransferItem.ID)
  /// A batch has another policy than before: keep it.
  case batchChanged(TransferBatch.ID)
  /// Items stand somewhere else than before: keep that.
  case ranked([TransferItem.ID])
  /// Items are not part of the queue any more.
  case removed([TransferItem.ID])
  /// An item that is given up may have left a part file.
  case discardPart(TransferItem, TransferBatch)
  /// Nothing in a batch will happen any more by itself.
  case batchFinished(TransferBatch.ID)

  /// What is woken.
  package enum Wake: Hashable, Sendable {
    case item(TransferItem.ID)
    case server(Place)
  }
}

/// How a job of one item ended.
package enum JobOutcome: Equatable, Sendable {
  /// The item is complete.
  case done(Proof)
  /// The folder is there and its contents, now items with these numbers, are in the journal.
  case expanded([TransferItem])
  /// All of a tree was done but for some, which are items with these numbers now; with a sentence about them.
  case partly(String, [TransferItem])
  /// Left out, with the reason.
  case skipped(String)
  /// Something is at the target.
  case conflict(Conflict)
  case failed(TransferError)
  /// Nothing was tried, and it keeps its turn.
  case notBegun
  /// A folder that is moved cannot be emptied yet: other copies have items in it.
  ///
  /// - Parameter isUnderWay: one of them is being worked on, so it is worth to wait however long that takes.
  case heldUp(isUnderWay: Bool)

  /// What other copies have left to do in a folder that is to be emptied; nil where that is nothing.
  init?(_ rest: FolderRest, _ operation: TransferRequest.Operation) {
    switch rest {
    case .nothing: return nil
    case .underWay: self = .heldUp(isUnderWay: true)
    case .waiting: self = .heldUp(isUnderWay: false)
    case .stays: self = .skipped(QueueState.folderStays(operation))
    }
  }

  var isUnfinished: Bool {
    switch self {
    case .failed, .notBegun, .heldUp: true
    case .done, .expanded, .partly, .skipped, .conflict: false
    }
  }
}
